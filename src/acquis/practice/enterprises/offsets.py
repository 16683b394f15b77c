"""Days of a pack, counted from its reference day so that a demonstration always looks fresh.

A pack never writes a calendar date: a record says `d` (days from the reference, past is negative)
and a text says ``{date:-34}``. Both become real when the pack is loaded on a given day.

| mark | becomes |
|---|---|
| ``{date:-34}`` | 17 octobre 2026 |
| ``{court:-34}`` | 17/10/2026 |
| ``{jour:-34}`` | samedi 17 octobre 2026 |
| ``{ouvre:-34}`` | the same, moved back to a working day as phone contacts are |
| ``{retrait:-9}`` | last day of withdrawal for goods received on that day (V-05) |
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

WITHDRAWAL_DAYS = 14  # L221-18
MARK = re.compile(r"\{(date|court|jour|ouvre|retrait):([+-]?\d+)\}")
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus."""
    century, golden = year // 100, year % 19
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    shift = epact - weekday
    month = 3 + (shift + 40) // 44
    return date(year, month, shift + 28 - 31 * (month // 4))


def is_holiday(day: date) -> bool:
    """One of the eleven public holidays of L3133-1 of the labour code."""
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    return (day.month, day.day) in fixed or (day - easter(day.year)).days in (1, 39, 50)


def is_working_day(day: date) -> bool:
    """Monday to Friday, public holidays apart (jour ouvré)."""
    return day.weekday() < 5 and not is_holiday(day)


def moved_back(day: date) -> date:
    """The day itself when worked, else the last worked day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def withdrawal_deadline(received: date) -> date:
    """Fourteen days after reception, carried to the next working day (L221-19, Reg. 1182/71)."""
    day = received + timedelta(days=WITHDRAWAL_DAYS)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def long_date(day: date) -> str:
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def _day_and_date(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {long_date(day)}"


_WRITTEN: dict[str, Callable[[date], str]] = {
    "date": long_date,
    "court": lambda day: f"{day:%d/%m/%Y}",
    "jour": _day_and_date,
    "ouvre": lambda day: _day_and_date(moved_back(day)),
    "retrait": lambda day: _day_and_date(withdrawal_deadline(day)),
}


def with_dates(text: str, reference: date) -> str:
    """Replace every date mark of a text by its date, counted from the reference day."""
    return MARK.sub(lambda mark: _WRITTEN[mark[1]](reference + timedelta(days=int(mark[2]))), text)
