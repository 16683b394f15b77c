"""What a list has wrong, in words: as a whole, and line by line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.kernel.lists.reading import LineError, UnreadableListError, capital

Words = Mapping[str, Any]  # a lazy sentence by its code

ERRORS: Words = {
    "missing": gettext_lazy("est vide"),
    "too_long": gettext_lazy("est trop long : « %(value)s »"),
    "beyond": gettext_lazy(
        "dépasse les titres : « %(value)s » ; mettez entre guillemets ce qui contient le séparateur"
    ),
    "email": gettext_lazy("n’est pas une adresse : « %(value)s »"),
    "date": gettext_lazy("n’est pas une date : « %(value)s » (attendu : 31/12/1998)"),
    "future": gettext_lazy("ne peut pas être dans l’avenir : « %(value)s »"),
    "twice": gettext_lazy("désigne la même personne que la ligne %(value)s"),
}
UNREADABLE: Words = {
    "empty": gettext_lazy("il est vide"),
    "binary": gettext_lazy("ce n’est ni un texte ni un classeur"),
    "workbook": gettext_lazy("le classeur est abîmé ; enregistrez-le à nouveau"),
    "texts": gettext_lazy("le classeur est trop grand une fois décompressé"),
    "old_template": gettext_lazy(
        "il suit le modèle %(detail)s, qui n’est plus lu ; téléchargez le modèle actuel"
    ),
    "no_line": gettext_lazy("il n’a aucune ligne après les titres"),
    "too_long": gettext_lazy("il dépasse %(detail)s lignes ; coupez-le"),
    "columns_missing": gettext_lazy("il manque les colonnes %(detail)s"),
}


def problem(fault: UnreadableListError) -> str:
    return str(UNREADABLE[fault.code]) % {"detail": fault.detail}


def error_sentence(error: LineError, fields: Words, errors: Words) -> str:
    """« Date de naissance n’est pas une date : « 31/02/1998 » »; `errors` are the list's own."""
    said = errors.get(error.code) or ERRORS[error.code]
    what = str(said) % {"value": error.value}
    return _("%(field)s %(what)s") % {
        "field": capital(str(fields.get(error.column) or _("la ligne"))),
        "what": what,
    }


def errors_by_line(
    errors: Sequence[LineError], fields: Words, own: Words
) -> list[tuple[int, list[str]]]:
    """The sentences of each line, in the order of the file."""
    lines: dict[int, list[str]] = {}
    for error in errors:
        lines.setdefault(error.line, []).append(error_sentence(error, fields, own))
    return list(lines.items())


def left_out(count: int) -> Iterator[str]:
    """That lines with an error were not imported, if any."""
    if count:
        yield (
            ngettext(
                "%d ligne avec erreur laissée de côté",
                "%d lignes avec erreur laissées de côté",
                count,
            )
            % count
        )
