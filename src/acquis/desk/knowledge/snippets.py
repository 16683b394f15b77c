"""Canned answers: their variables filled, what is missing shown. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from acquis.desk.directory.policy import fold

LONGEST_BODY = 4000
MISSING_OPENS = "[à compléter : "
MISSING = re.compile(r"\[à compléter : [^\]]*\]")

# What may stand between braces, and what it means to the person who writes.
VARIABLES: dict[str, str | Promise] = {
    "client": _("nom du client, avec sa civilité"),
    "prénom": _("prénom du client"),
    "référence": _("référence du client"),
    "conseiller": _("votre nom"),
    "entreprise": _("nom de l’entreprise"),
    "téléphone": _("téléphone de l’entreprise"),
    "date": _("date du jour"),
    "objet": _("objet de l’échange"),
}

_BRACES = re.compile(r"\{([^{}\n]*)\}")
_BY_FOLDED = {fold(name): name for name in VARIABLES}


@dataclass(frozen=True, slots=True)
class Filled:
    """A canned answer ready to be inserted; `missing` names what the person must write."""

    text: str
    missing: tuple[str, ...]


def variable(written: str) -> str:
    """The variable that was meant, accents and capitals aside; "" when there is none."""
    return _BY_FOLDED.get(fold(written), "")


def unknown_variables(body: str) -> list[str]:
    """What stands between braces and is no variable, once each, in the order of the text."""
    written = [match.group(1).strip() for match in _BRACES.finditer(body)]
    return list(dict.fromkeys(name for name in written if not variable(name)))


def filled(body: str, values: Mapping[str, str]) -> Filled:
    """Put each value in its place; what has none becomes « [à compléter : référence] ».

    No pair of braces is left: what is between unknown ones is to be completed too.
    """
    missing: list[str] = []

    def put(match: re.Match[str]) -> str:
        written = match.group(1).strip()
        name = variable(written)
        value = values.get(name, "").strip() if name else ""
        if value:
            return value
        missing.append(name or written)
        return f"{MISSING_OPENS}{name or written}]"

    text = _BRACES.sub(put, body)
    return Filled(text, tuple(dict.fromkeys(missing)))


def left_to_complete(text: str) -> list[str]:
    """The places of a text that were to be completed and are not."""
    return MISSING.findall(text)
