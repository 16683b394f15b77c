"""French words and figures for durations, dates, counts and codes."""

import re
from datetime import date

from acquis.certification.frameworks.readers import typography

_WORDS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "quinze": 15, "vingt": 20,
    "trente": 30, "quarante": 40, "soixante": 60,
}  # fmt: skip
ORDINALS = {
    "premier": 1, "premiere": 1, "premieres": 1, "1er": 1, "1ere": 1, "deuxieme": 2,
    "deuxiemes": 2, "second": 2, "seconde": 2, "2e": 2, "2eme": 2, "2nde": 2, "troisieme": 3,
    "troisiemes": 3, "3e": 3, "3eme": 3, "quatrieme": 4, "quatriemes": 4, "4e": 4, "4eme": 4,
    "cinquieme": 5, "5e": 5, "5eme": 5, "sixieme": 6, "6e": 6, "6eme": 6,
}  # fmt: skip
NUMBER = r"(?:\d+|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")"
_HOURS = re.compile(
    r"(?<![\d.,])(\d{1,3})\s*(?:h(?:eures?)?|H)\b\.?\s*(?:et\s+)?(?:(\d{1,2})\s*(?:min(?:utes?)?|mn|m|')?(?!\d))?"
    r"|(?<![\d.,])(\d{1,3})[hH](\d{2})(?!\d)",
)
_MINUTES = re.compile(r"(?<![\d.,])(\d{1,3})\s*(?:min(?:utes?)?|mn|m(?=\b)|')(?!\w)")
_SPELLED = re.compile(
    r"\b(un|une|deux|trois|quatre|cinq|six|sept|huit|dix|quinze|vingt|trente|quarante[ -]cinq|quarante)\s+"
    r"(heures?|minutes?)(\s+et\s+demie?|\s+trente|\s+quinze)?\b",
    re.IGNORECASE,
)
_HALF_HOUR = re.compile(r"\bune\s+demi[- ]heure\b", re.IGNORECASE)
_DATE = re.compile(r"\b(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})\b")
_LONG_DATE = re.compile(r"\b(\d{1,2})(?:er)?\s+([a-zà-ÿ]{3,9})\s+(\d{4})\b", re.IGNORECASE)
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip


def number(word: str) -> int | None:
    """Return the count that a word or a figure says."""
    return int(word) if word.isdigit() else _WORDS.get(typography.key(word))


def minutes(text: str) -> int | None:
    """Return the first duration of the text in minutes: « 03 h 00 min », « 1h15 », « 45 mn »."""
    half = _HALF_HOUR.search(text)
    if half:
        return 30
    hours, mins = _HOURS.search(text), _MINUTES.search(text)
    if hours and not (mins and mins.start() < hours.start()):
        whole, rest = hours[1] or hours[3], hours[2] or hours[4]
        return int(whole) * 60 + int(rest or 0)
    if mins:
        return int(mins[1])
    spelled = _SPELLED.search(text)
    return _spelled_minutes(spelled) if spelled else None


def _spelled_minutes(found: re.Match[str]) -> int | None:
    count = (
        45
        if "cinq" in found[1].casefold() and "quarante" in found[1].casefold()
        else number(found[1])
    )
    if count is None:
        return None
    if found[2].casefold().startswith("minute"):
        return count
    tail = typography.key(found[3] or "")
    return count * 60 + (
        30 if tail.startswith("et demi") or tail == "trente" else 15 if tail else 0
    )


def iso_date(text: str) -> str | None:
    """Return the first date of the text as YYYY-MM-DD; an impossible date is no date."""
    iso = _ISO_DATE.search(text)
    if iso:
        return _checked(int(iso[1]), int(iso[2]), int(iso[3]))
    short = _DATE.search(text)
    if short:
        year = int(short[3])
        return _checked(year + 2000 if year < 100 else year, int(short[2]), int(short[1]))
    for long in _LONG_DATE.finditer(text):
        month = typography.key(long[2])
        if month in _MONTHS:
            return _checked(int(long[3]), _MONTHS.index(month) + 1, int(long[1]))
    return None


def _checked(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def period(count: int, unit: str) -> str | None:
    """Return the ISO 8601 duration of a French count and unit."""
    name = typography.key(unit)
    for start, letter, factor in (
        ("jour", "D", 1),
        ("semaine", "W", 1),
        ("mois", "M", 1),
        ("an", "Y", 1),
        ("heure", "H", 1),
    ):
        if name.startswith(start):
            return f"PT{count * factor}H" if letter == "H" else f"P{count * factor}{letter}"
    return None
