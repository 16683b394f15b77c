"""The sentences of jury faults, and where an accreditation stands."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.certification.juries.models import DeclaredLink, Juror
from acquis.certification.juries.policy import Fault, JuryRules, Member, member_faults
from acquis.certification.juries.queries import EXPIRES_SOON

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
