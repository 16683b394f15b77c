"""What has no place in a note about a customer. Pure.

Source: G-06; the « commentaires excessifs » of the CNIL; RGPD art. 5 § 1 c and art. 9. The lists
are short on purpose: they warn about words that are nearly always too much, and people decide.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from acquis.desk.directory.policy import fold

Subject = Literal["health", "religion", "opinion", "origin", "intimacy", "justice", "insult", "nir"]

# Beginnings of folded words, or whole words when they end with « $ ».
WORDS: dict[Subject, tuple[str, ...]] = {
    "health": (
        "malade$", "maladie", "cancer", "depress", "handicap", "alcooli", "drogue$", "drogues$", "toxico",
        "est enceinte$", "grossesse", "seropositi", "vih$", "sida$", "schizo", "bipolaire", "suicid",
        "hospitalis", "diabet", "dement$", "demente$", "demence", "alzheimer", "psychiatr", "burn out$",
    ),
    "religion": (
        "musulman", "islam", "catholique", "chretien", "juif$", "juive", "juifs$", "protestant",
        "bouddhis", "temoin de jehovah$", "pratiquant", "ramadan$", "voilee$",
    ),
    "opinion": (
        "syndicalis", "syndique", "cgt$", "cfdt$", "gauchis", "facho", "communist", "extreme droite$",
        "extreme gauche$", "militant",
    ),
    "origin": ("arabe$", "arabes$", "gitan", "maghreb", "race$"),
    "intimacy": (
        "homosexuel", "lesbien", "bisexuel", "transsexuel", "transgenre", "cocu", "infidel",
        "adulter", "divorce difficile$",
    ),
    "justice": ("prison$", "condamne", "casier$", "ex detenu$", "interdit bancaire$", "delinquant"),
    "insult": (
        "idiot", "imbecile", "abruti", "debile", "cretin", "connard", "connasse", "con$", "conne$",
        "salope", "salaud", "pute$", "emmerd", "casse couille", "casse pied", "chiant", "folle$",
        "cingle", "taree$", "tare$", "parano", "menteur", "menteuse", "radin", "hysterique",
        "pauvre type$", "boulet$",
    ),
}  # fmt: skip
_NIR = re.compile(r"\b[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[ab]) ?\d{3} ?\d{3}\b")


@dataclass(frozen=True, slots=True)
class Excess:
    """A word that says more of a person than the desk may keep, and of what it speaks."""

    subject: Subject
    word: str


def excesses(text: str) -> list[Excess]:
    """What to think over before keeping `text`, each word once, in the order of the subjects."""
    folded = fold(text)
    found = [
        Excess(subject, word)
        for subject, beginnings in WORDS.items()
        for beginning in beginnings
        for word in _occurrences(beginning, folded)
    ]
    if _NIR.search(folded):
        found.append(Excess("nir", ""))
    return list(dict.fromkeys(found))


def _occurrences(beginning: str, folded: str) -> Iterator[str]:
    pattern = re.escape(beginning.rstrip("$")) + ("" if beginning.endswith("$") else "[a-z0-9]*")
    for match in re.finditer(rf"(?<![a-z0-9]){pattern}(?![a-z0-9])", folded):
        yield match.group()
