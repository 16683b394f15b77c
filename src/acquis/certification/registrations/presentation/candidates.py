"""What a candidate lacks, in words; what a list of candidates has wrong, line by line."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.certification.registrations.models import Enrolment
from acquis.certification.registrations.policy import Readiness
from acquis.kernel.lists import words
from acquis.kernel.lists.reading import LineError

FIELDS = {
    "birth_name": gettext_lazy("nom de naissance"),
    "usual_name": gettext_lazy("nom d’usage"),
    "first_name": gettext_lazy("prénom"),
    "other_first_names": gettext_lazy("autres prénoms"),
    "sex": gettext_lazy("sexe"),
    "birth_date": gettext_lazy("date de naissance"),
    "birth_city": gettext_lazy("commune de naissance"),
    "birth_insee_code": gettext_lazy("code INSEE"),
    "birth_postcode": gettext_lazy("code postal de naissance"),
    "birth_country": gettext_lazy("pays de naissance"),
    "email": gettext_lazy("adresse électronique"),
    "phone": gettext_lazy("téléphone"),
    "exam": gettext_lazy("certification"),
    "block": gettext_lazy("bloc"),
    "route": gettext_lazy("voie d’accès"),
    "accommodation": gettext_lazy("aménagement"),
    "extra": gettext_lazy("temps en plus"),
    "break_minutes": gettext_lazy("minutes de pause par heure"),
    "decision_by": gettext_lazy("décision de"),
    "decision_date": gettext_lazy("décision du"),
}
ERRORS = {
    "sex": gettext_lazy("se dit F ou M, pas « %(value)s »"),
    "unlikely_date": gettext_lazy("est improbable : « %(value)s »"),
    "insee_malformed": gettext_lazy("n’a pas cinq caractères : « %(value)s »"),
    "insee_home": gettext_lazy(
        "désigne l’étranger alors que le pays est la France : « %(value)s »"
    ),
    "insee_abroad": gettext_lazy("devrait commencer par 99 pour l’étranger : « %(value)s »"),
    "postcode_malformed": gettext_lazy("n’a pas cinq chiffres : « %(value)s »"),
    "postcode_abroad": gettext_lazy("reste vide pour l’étranger : « %(value)s »"),
    "postcode_twice": gettext_lazy("est inutile avec le code INSEE : « %(value)s »"),
    "exam": gettext_lazy("n’est pas une certification publiée : « %(value)s »"),
    "block": gettext_lazy("n’existe pas dans cette certification : « %(value)s »"),
    "block_needed": gettext_lazy("est à préciser : cette certification se passe par blocs"),
    "route": gettext_lazy(
        "se dit formation, VAE, capitalisation, CCS ou candidat libre, pas « %(value)s »"
    ),
    "without_exam": gettext_lazy("demande une certification sur la même ligne : « %(value)s »"),
    "accommodation": gettext_lazy(
        "se dit temps majoré, pauses, aide humaine, aide technique, salle ou geste professionnel"
        " adapté, pas « %(value)s »"
    ),
    "extra": gettext_lazy("se dit « 1/3 », « un tiers » ou « 33 %% », pas « %(value)s »"),
    "break_minutes": gettext_lazy("va de 1 à 60 : « %(value)s »"),
}


def names(fields: Iterable[str]) -> str:
    return ", ".join(str(FIELDS[field]) for field in fields)


def readiness_sentence(found: Readiness) -> str:
    """As « 12 prêts, 1 à compléter : commune de naissance »."""
    ready = ngettext("%d prêt", "%d prêts", found.ready) % found.ready
    if not found.incomplete:
        return f"{ready}."
    left = _("%(count)d à compléter : %(fields)s.") % {
        "count": found.incomplete,
        "fields": names(found.missing),
    }
    return f"{ready}, {left}"


def errors_by_line(errors: Sequence[LineError]) -> list[tuple[int, list[str]]]:
    return words.errors_by_line(errors, FIELDS, ERRORS)


def exam_title(enrolment: Enrolment) -> str:
    """« Conseiller relation client à distance · CCP1 »."""
    title = enrolment.version.framework.title
    return f"{title} · {enrolment.block}" if enrolment.block else title
