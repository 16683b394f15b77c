"""What a candidate lacks, in words; what a list of candidates has wrong, line by line."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.certification.registrations import csv_import
from acquis.certification.registrations.models import Enrolment
from acquis.certification.registrations.policy import Readiness

FIELDS = {
    "birth_name": gettext_lazy("nom de naissance"),
    "usual_name": gettext_lazy("nom d’usage"),
    "first_name": gettext_lazy("prénom"),
    "other_first_names": gettext_lazy("autres prénoms"),
    "sex": gettext_lazy("sexe"),
    "birth_date": gettext_lazy("date de naissance"),
    "birth_city": gettext_lazy("commune de naissance"),
    "birth_insee_code": gettext_lazy("code INSEE"),
    "birth_country": gettext_lazy("pays de naissance"),
    "email": gettext_lazy("adresse électronique"),
    "phone": gettext_lazy("téléphone"),
}
ERRORS = {
    "missing": gettext_lazy("est vide"),
    "too_long": gettext_lazy("est trop long : « %(value)s »"),
    "email": gettext_lazy("n’est pas une adresse : « %(value)s »"),
    "sex": gettext_lazy("se dit F ou M, pas « %(value)s »"),
    "date": gettext_lazy("n’est pas une date : « %(value)s » (attendu : 31/12/1998)"),
    "unlikely_date": gettext_lazy("est improbable : « %(value)s »"),
    "insee_malformed": gettext_lazy("n’a pas cinq caractères : « %(value)s »"),
    "insee_home": gettext_lazy(
        "désigne l’étranger alors que le pays est la France : « %(value)s »"
    ),
    "insee_abroad": gettext_lazy("devrait commencer par 99 pour l’étranger : « %(value)s »"),
    "twice": gettext_lazy("désigne la même personne que la ligne %(value)s"),
}
UNREADABLE = {
    "empty": gettext_lazy("il est vide"),
    "binary": gettext_lazy("ce n’est pas un texte ; enregistrez votre tableur au format CSV"),
    "no_line": gettext_lazy("il n’a aucune ligne après les titres"),
    "too_long": gettext_lazy("il dépasse %(detail)s lignes ; coupez-le"),
    "columns_missing": gettext_lazy("il manque les colonnes %(detail)s"),
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


def error_sentence(error: csv_import.LineError) -> str:
    """« Ligne 3 : date de naissance n’est pas une date : « 31/02/1998 » »."""
    what = str(ERRORS[error.code]) % {"value": error.value}
    return _("%(field)s %(what)s") % {"field": capital(names([error.column])), "what": what}


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def problem(error: csv_import.UnreadableListError) -> str:
    return str(UNREADABLE[error.code]) % {"detail": error.detail}


def errors_by_line(errors: Sequence[csv_import.LineError]) -> list[tuple[int, list[str]]]:
    lines: dict[int, list[str]] = {}
    for error in errors:
        lines.setdefault(error.line, []).append(error_sentence(error))
    return list(lines.items())


def exam_title(enrolment: Enrolment) -> str:
    """« Conseiller relation client à distance · CCP1 »."""
    title = enrolment.version.framework.title
    return f"{title} · {enrolment.block}" if enrolment.block else title
