"""The sentences of jury faults, and where an accreditation stands."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.certification.juries.juror_list import Row
from acquis.certification.juries.models import DeclaredLink, Juror
from acquis.certification.juries.policy import Fault, JuryRules, Member, member_faults
from acquis.certification.juries.queries import EXPIRES_SOON
from acquis.kernel.lists import words
from acquis.kernel.lists.reading import LineError

SENTENCES = {
    "too_few": gettext_lazy("Le jury compte %(size)s membre(s) ; il en faut au moins %(minimum)s."),
    "too_many": gettext_lazy("Le jury compte %(size)s membres ; il en faut au plus %(maximum)s."),
    "too_few_external": gettext_lazy(
        "%(external)s membre(s) sur %(size)s sont extérieurs au centre ; il en faut au moins la moitié."
    ),
    "too_few_independent": gettext_lazy(
        "%(external)s membre(s) indépendant(s) ; le référentiel en demande au moins %(minimum)s."
    ),
    "inexperienced": gettext_lazy(
        "%(name)s a %(years)s an(s) d’expérience dans le métier ; il en faut au moins %(minimum)s."
    ),
    "left_too_long_ago": gettext_lazy(
        "%(name)s a quitté le métier le %(left)s, depuis plus de %(maximum)s ans au jour de la session."
    ),
    "not_briefed": gettext_lazy("%(name)s n’a pas suivi la session d’information des jurés."),
    "not_accredited": gettext_lazy("%(name)s n’est pas habilité(e) le %(on)s."),
    "speciality_missing": gettext_lazy(
        "Aucun membre n’a l’expérience demandée par le référentiel : %(speciality)s."
    ),
    "seat_empty": gettext_lazy(
        "%(found)s membre(s) au titre de « %(represents)s » ; le référentiel en demande au moins"
        " %(minimum)s."
    ),
    "seat_crowded": gettext_lazy(
        "%(found)s membres au titre de « %(represents)s » ; le référentiel en admet au plus"
        " %(maximum)s."
    ),
    "briefed_too_briefly": gettext_lazy(
        "%(name)s n’a pas suivi les %(minimum)s heures d’information demandées par le référentiel."
    ),
    "linked": gettext_lazy(
        "%(name)s a un lien avec %(candidate)s (%(nature)s) et ne peut pas juger cette session."
    ),
}


def sentence(fault: Fault) -> str:
    """What is wrong, in French, with dates and natures written out."""
    params = {
        name: date_format(value, "j F Y") if isinstance(value, date) else value
        for name, value in fault.params.items()
    }
    if "nature" in params:
        params["nature"] = str(DeclaredLink.Nature(params["nature"]).label).lower()
    return str(SENTENCES[fault.code]) % params


def accreditation(juror: Juror, today: date) -> tuple[str, str]:
    """Words and tone of an accreditation: valid, soon over, over, to come, none."""
    first, last = juror.accredited_from, juror.accredited_to
    if first is None:
        return _("Non habilité"), "danger"
    if first > today:
        return _("À partir du %(day)s") % {"day": date_format(first, "j F Y")}, "warning"
    if last is None:
        return _("Habilité"), "success"
    day = {"day": date_format(last, "j F Y")}
    if last < today:
        return _("Échue depuis le %(day)s") % day, "danger"
    if last - today <= EXPIRES_SOON:
        return _("Jusqu’au %(day)s, à renouveler") % day, "warning"
    return _("Jusqu’au %(day)s") % day, "success"


def own_faults(member: Member, today: date) -> list[str]:
    """What would bar this juror today, whatever the framework adds."""
    return [sentence(fault) for fault in member_faults(member, JuryRules(), today)]


FIELDS = {
    "last_name": gettext_lazy("nom"),
    "first_name": gettext_lazy("prénom"),
    "email": gettext_lazy("adresse électronique"),
    "phone": gettext_lazy("téléphone"),
    "employer": gettext_lazy("employeur"),
    "job_title": gettext_lazy("fonction"),
    "is_external": gettext_lazy("extérieur au centre"),
    "experience_years": gettext_lazy("années d’expérience"),
    "left_job_on": gettext_lazy("a quitté le métier le"),
    "briefed_on": gettext_lazy("session d’information suivie le"),
    "briefing_hours": gettext_lazy("heures d’information"),
    "accredited_from": gettext_lazy("habilité du"),
    "accredited_to": gettext_lazy("habilité jusqu’au"),
    "specialities": gettext_lazy("spécialités"),
    "represents": gettext_lazy("siège au titre de"),
    "employers": gettext_lazy("employeurs liés"),
    "training_bodies": gettext_lazy("organismes de formation liés"),
}
ERRORS = {
    "years": gettext_lazy("va de 0 à 70, sans décimale : « %(value)s »"),
    "hours": gettext_lazy("va de 0 à 99,9 : « %(value)s »"),
    "yes_or_no": gettext_lazy("se dit oui ou non, pas « %(value)s »"),
    "reversed": gettext_lazy("vient avant le début de l’habilitation : « %(value)s »"),
    "twice": gettext_lazy("est déjà celle de la ligne %(value)s"),
}


def errors_by_line(errors: Sequence[LineError]) -> list[tuple[int, list[str]]]:
    return words.errors_by_line(errors, FIELDS, ERRORS)


def row_faults(row: Row, today: date) -> list[str]:
    """What would bar the juror of a line today (X-03); no error, since the register holds them."""
    hours = row.briefing_hours
    member = Member(
        key=0,
        name=f"{row.first_name} {row.last_name}",
        is_external=row.is_external,
        experience_years=row.experience_years,
        left_job_on=row.left_job_on,
        briefed_on=row.briefed_on,
        accredited_from=row.accredited_from,
        accredited_to=row.accredited_to,
        briefing_hours=None if hours is None else Fraction(hours),
    )
    return own_faults(member, today)


def export_rows(
    jurors: Iterable[Juror], organisations: Mapping[tuple[int, str], list[str]]
) -> list[list[Any]]:
    """The lines of an export, in the columns of the template, so that it can be brought back."""
    natures = (DeclaredLink.Nature.EMPLOYER, DeclaredLink.Nature.TRAINER)
    return [
        [
            juror.last_name,
            juror.first_name,
            juror.email,
            juror.phone,
            juror.employer,
            juror.job_title,
            _("oui") if juror.is_external else _("non"),
            juror.experience_years,
            _day(juror.left_job_on),
            _day(juror.briefed_on),
            juror.briefing_hours,
            _day(juror.accredited_from),
            _day(juror.accredited_to),
            ", ".join(juror.specialities),
            juror.represents,
            *("; ".join(organisations.get((juror.pk, nature), [])) for nature in natures),
        ]
        for juror in jurors
    ]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
