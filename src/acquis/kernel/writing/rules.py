"""Our own rules for the homophones of customer service that checkers miss; pure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    pattern: re.Pattern[str]
    message: str
    suggestion: str


def _rule(pattern: str, message: str, suggestion: str) -> Rule:
    return Rule(re.compile(pattern, re.IGNORECASE), message, suggestion)


RULES = (
    _rule(r"\ben conte\b", "« en compte » s'écrit avec « compte ».", "en compte"),
    _rule(
        r"\bà (?=(?:bien |déjà |toujours |aussi )?été\b)",
        "Le verbe avoir s'écrit « a », sans accent.",
        "a ",
    ),
    _rule(
        r"\bsi (?:vous auriez|j'aurais|il aurait|nous aurions)\b",
        "Après « si », l'imparfait : « si vous aviez ».",
        "si vous aviez",
    ),
    _rule(
        r"\bmerci pour votre patiente\b", "« patience » est le nom.", "merci pour votre patience"
    ),
    _rule(r"\bsuite à votre appelle\b", "« appel » est le nom.", "suite à votre appel"),
    _rule(r"\bje vous met\b", "« je vous mets » prend un s.", "je vous mets"),
    _rule(r"\bje vous envoi\b", "Le verbe s'écrit « envoie ».", "je vous envoie"),
    _rule(r"\b(?:un|votre|cet|l')envoie\b", "Le nom s'écrit « envoi ».", "envoi"),
    _rule(
        r"\bau plaisir de vous lires\b", "« lire » est à l'infinitif.", "au plaisir de vous lire"
    ),
    _rule(
        r"\bvous pouvez (?:le |la |les |nous |me )?(\w+)ez\b(?<!chez)",
        "Après « pouvez », l'infinitif.",
        "",
    ),
    _rule(
        r"\bces (?=le |la |un |une |à |bien |que )",
        "« c'est » s'écrit avec une apostrophe.",
        "c'est ",
    ),
    _rule(
        r"\bc'est (?:dernières?|derniers|documents|informations)\b",
        "Devant un nom pluriel : « ces ».",
        "ces",
    ),
    _rule(r"\bsa (?=va|sera|ne|fait|marche)\b", "« ça » désigne la chose : cédille.", "ça "),
    _rule(r"\bmalgrès\b", "« malgré » n'a pas de s.", "malgré"),
    _rule(r"\bparmis\b", "« parmi » n'a pas de s.", "parmi"),
    _rule(r"\bvoire même\b", "« voire » suffit.", "voire"),
    _rule(r"\bau jour d'aujourd'hui\b", "« aujourd'hui » suffit.", "aujourd'hui"),
    _rule(r"\bautant pour moi\b", "« au temps pour moi ».", "au temps pour moi"),
    _rule(r"\bquelque soit\b", "« quel que soit » s'écrit en trois mots.", "quel que soit"),
    _rule(r"\bce qui concerne les frais (?:est|a)\b", "Accord avec « les frais ».", "sont"),
)
