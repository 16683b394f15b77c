"""Our own rules for the homophones of customer service that checkers miss; pure.

Each is read against text whose apostrophes are straight. A rule that could blame a right sentence is
narrowed until it cannot, even if it then misses some mistakes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

BEGINS = r"(?:^|(?<=[.!?…:;,] ))"  # where a sentence or a clause begins


@dataclass(frozen=True)
class Rule:
    """`suggestion` may name the groups of the pattern; empty when nothing short can be proposed."""

    pattern: re.Pattern[str]
    message: str
    suggestion: str


def _rule(pattern: str, message: str, suggestion: str) -> Rule:
    return Rule(re.compile(pattern, re.IGNORECASE), message, suggestion)


def _conditionals() -> Iterator[Rule]:
    """Only where a clause begins: « je me demande si vous auriez » is right."""
    for wrong, right in (
        ("vous auriez", "vous aviez"),
        ("j'aurais", "j'avais"),
        ("il aurait", "il avait"),
        ("elle aurait", "elle avait"),
        ("nous aurions", "nous avions"),
    ):
        message = f"Après « si », l'imparfait : « si {right} »."
        yield _rule(rf"{BEGINS}(si) {wrong}\b", message, rf"\1 {right}")


RULES = (
    _rule(
        r"\b((?:pri(?:s|se|ses)|pren(?:dre|ds|d|ons|ez|ant)|t(?:enir|enons|enez|enant|enu|ient|iens))"
        r" (?:bien )?en) conte\b",
        "« en compte » s'écrit avec « compte ».",
        r"\1 compte",
    ),
    _rule(
        r"(?<!')\bà(?= (?:bien |déjà |toujours |aussi )?été\b)",
        "Le verbe avoir s'écrit « a », sans accent.",
        "a",
    ),
    *_conditionals(),
    _rule(
        r"\b((?:merci|remercie|remercions) (?:pour|de) votre) patiente\b",
        "« patience » est le nom.",
        r"\1 patience",
    ),
    _rule(r"\b(suite à votre) appelle\b", "« appel » est le nom.", r"\1 appel"),
    _rule(r"\b(je vous) met\b", "« je vous mets » prend un s.", r"\1 mets"),
    _rule(r"\b(je vous) envoi\b", "Le verbe s'écrit « envoie ».", r"\1 envoie"),
    _rule(
        r"(?<!')\b((?:votre|notre|cet|mon|son) |(?:de|à) l')envoie\b",
        "Le nom s'écrit « envoi ».",
        r"\1envoi",
    ),
    _rule(r"\b(au plaisir de vous) lires\b", "« lire » est à l'infinitif.", r"\1 lire"),
    _rule(
        r"\bvous pouvez (?:le |la |les |nous |me )?(?!(?:assez|chez|nez|rez)\b)\w{2,}ez\b",
        "Après « pouvez », l'infinitif.",
        "",
    ),
    _rule(r"\bces(?= (?:le|la|que) )", "« c'est » s'écrit avec une apostrophe.", "c'est"),
    _rule(
        r"\bc'est(?= (?:dernières|derniers|documents|informations)\b)",
        "Devant un nom pluriel : « ces ».",
        "ces",
    ),
    _rule(r"\bsa(?= (?:va|sera|ne|fait)\b)", "« ça » désigne la chose : cédille.", "ça"),
    _rule(rf"{BEGINS}(nous) somme\b(?! de\b)", "« nous sommes » prend un s.", r"\1 sommes"),
    _rule(r"\bsi-joint(e?s?)\b", "« ci-joint » s'écrit avec un c.", r"ci-joint\1"),
    _rule(r"\bmalgrès\b", "« malgré » n'a pas de s.", "malgré"),
    _rule(r"\bparmis\b", "« parmi » n'a pas de s.", "parmi"),
    _rule(r"\bvoire même\b", "« voire » suffit.", "voire"),
    _rule(r"\bau jour d'aujourd'hui\b", "« aujourd'hui » suffit.", "aujourd'hui"),
    _rule(r"\bquelque soit\b", "« quel que soit » s'écrit en trois mots.", "quel que soit"),
)
