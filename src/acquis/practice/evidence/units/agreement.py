"""Compares what was written with the facts that were agreed or expected: amounts, dates, names, delays."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from acquis.practice.evidence.sources import Moment, Said, Seen, Sources, Talk, moment_of
from acquis.practice.evidence.units.text import fold

AMOUNT = re.compile(
    r"(\d{1,3}(?:[\s\u00a0\u202f.]\d{3})+|\d+)(?:[,.](\d{1,2}))?[\s\u00a0\u202f]*(?:€|euros?\b)",
    re.IGNORECASE,
)
MONTHS = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
]
LONG_DATE = re.compile(rf"\b(1er|\d{{1,2}})\s+({'|'.join(MONTHS)})(?:\s+(\d{{4}}))?")
SHORT_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2,4}))?\b")
NUMBERS = {
    "un": "1",
    "une": "1",
    "deux": "2",
    "trois": "3",
    "quatre": "4",
    "cinq": "5",
    "six": "6",
    "sept": "7",
    "huit": "8",
    "neuf": "9",
    "dix": "10",
    "quinze": "15",
    "vingt": "20",
    "trente": "30",
}

Fact = Mapping[str, Any]


def amounts(text: str) -> list[Decimal]:
    """Every amount in euros, in order: « 1 234,5 € » → 1234.50."""
    found = []
    for match in AMOUNT.finditer(text):
        whole = re.sub(r"\D", "", match[1])
        found.append(Decimal(f"{whole}.{(match[2] or '0').ljust(2, '0')}"))
    return found


def dates(text: str) -> list[tuple[int, int, int | None]]:
    """Every date as (day, month, year or None), « 1er mars 2026 » and « 01/03/26 » alike."""
    folded = fold(text)
    found = []
    for match in LONG_DATE.finditer(folded):
        day = 1 if match[1] == "1er" else int(match[1])
        found.append((day, MONTHS.index(match[2]) + 1, int(match[3]) if match[3] else None))
    for match in SHORT_DATE.finditer(folded):
        day, month = int(match[1]), int(match[2])
        if 1 <= day <= 31 and 1 <= month <= 12:
            year = int(match[3]) if match[3] else None
            found.append((day, month, year + 2000 if year is not None and year < 100 else year))
    return found


def holds(text: str, fact: Fact) -> bool:
    """Whether the text writes the fact: an amount to the cent, a date to the day, words as they are."""
    if fact["kind"] == "amount":
        return Decimal(str(fact["value"])) in amounts(text)
    if fact["kind"] == "date":
        wanted = date.fromisoformat(fact["on"]) if "on" in fact else None
        return wanted is not None and any(
            (day, month) == (wanted.day, wanted.month) and year in {None, wanted.year}
            for day, month, year in dates(text)
        )
    return _figures(fold(str(fact["value"]))) in _figures(fold(text))


def _figures(text: str) -> str:
    """« cinq jours » and « 5 jours » are one delay; spaces and hyphens do not count twice."""
    words = re.split(r"[\s\u00a0\u202f]+", text)
    return " ".join(NUMBERS.get(word, word) for word in words)


def _written(fact: Fact) -> str:
    return str(fact.get("text") or fact["value"] if fact["kind"] == "amount" else fact["value"])


def letter_and_agreed(sources: Sources) -> list[Seen]:
    letter = "\n".join(one.text for one in sources.letter)
    if not letter.strip():
        return [Seen("Lettre", "Aucune lettre n’a été rédigée.")]
    place = Moment("production-letter_body", "la lettre")
    seen = [_compared("La lettre", letter, sources.letter_agreed, [place])]
    seen += _others(letter, sources.letter_agreed, place)
    return seen


def exchanges_and_agreed(sources: Sources) -> list[Seen]:
    return [_exchange(talk) for talk in sources.talks if talk.agreed]


def _exchange(talk: Talk) -> Seen:
    said = [message for message in talk.said if message.author == "adviser"]
    text = "\n".join(message.body for message in said)
    return _compared(talk.label, text, talk.agreed, _moments(said, talk.agreed))


def _moments(said: Sequence[Said], facts: Sequence[Fact]) -> list[Moment]:
    moments = []
    for fact in facts:
        first = next((message for message in said if holds(message.body, fact)), None)
        if first is not None:
            moments.append(moment_of(first, str(fact["label"]), first.body[:160]))
    return moments


def _compared(name: str, text: str, facts: Sequence[Fact], moments: Sequence[Moment]) -> Seen:
    present = [fact for fact in facts if holds(text, fact)]
    absent = [fact for fact in facts if not holds(text, fact)]
    parts = []
    if present:
        parts.append("retrouvés : " + ", ".join(_named(fact) for fact in present))
    if absent:
        parts.append("non retrouvés : " + ", ".join(_named(fact) for fact in absent))
    return Seen(
        "Faits convenus",
        f"{name} – " + " ; ".join(parts) + "."
        if parts
        else f"{name} : aucun fait convenu au dossier.",
        moments,
        {"present": len(present), "absent": len(absent)},
    )


def _named(fact: Fact) -> str:
    optional = "" if fact.get("required", True) else ", facultatif"
    return f"{fact['label']} ({_written(fact)}{optional})"


def _others(text: str, facts: Sequence[Fact], place: Moment) -> list[Seen]:
    agreed = {Decimal(str(fact["value"])) for fact in facts if fact["kind"] == "amount"}
    others = [amount for amount in dict.fromkeys(amounts(text)) if amount not in agreed]
    if not others:
        return []
    listed = ", ".join(f"{amount:.2f}".replace(".", ",") + "\u00a0€" for amount in others)
    return [Seen("Autres montants", f"La lettre cite aussi : {listed}.", [place])]
