"""Days as French law counts them: calendaires, ouvrables, ouvrés; months as the Union counts them.

Three ways that people confuse. A *jour calendaire* is any day. A *jour ouvrable* is any day but
Sunday and the public holidays. A *jour ouvré* is Monday to Friday, holidays apart. Regulation
1182/71, which rules withdrawal and the rights of persons, means the last when it says « ouvrable ».

Public holidays are the eleven of article L3133-1 of the labour code; those of Alsace-Moselle are
added on request, as nothing of the law for the whole country depends on them.
"""

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

SATURDAY, SUNDAY = 5, 6
DAY = timedelta(days=1)
FIXED = {
    (1, 1): "1er janvier",
    (5, 1): "1er mai",
    (5, 8): "8 mai",
    (7, 14): "14 juillet",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "11 novembre",
    (12, 25): "Noël",
}
AFTER_EASTER = {1: "lundi de Pâques", 39: "Ascension", 50: "lundi de Pentecôte"}
ALSACE_MOSELLE_FIXED = {(12, 26): "Saint-Étienne"}
ALSACE_MOSELLE_AFTER_EASTER = {-2: "Vendredi saint"}


@lru_cache(maxsize=512)
def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher)."""
    cycle = year % 19
    century, in_century = divmod(year, 100)
    leaps, left = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * cycle + century - leaps - moon + 15) % 30
    quarter, rest = divmod(in_century, 4)
    weekday = (32 + 2 * left + 2 * quarter - epact - rest) % 7
    correction = (cycle + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def _named(year: int, alsace_moselle: bool) -> dict[date, str]:
    fixed, moving = FIXED, AFTER_EASTER
    if alsace_moselle:
        fixed, moving = fixed | ALSACE_MOSELLE_FIXED, moving | ALSACE_MOSELLE_AFTER_EASTER
    named = {easter(year) + timedelta(days=after): name for after, name in moving.items()}
    # Ascension may fall on 1 or 8 May: the fixed name is the one people expect there.
    named |= {date(year, month, day): name for (month, day), name in fixed.items()}
    return dict(sorted(named.items()))


def holidays(year: int, *, alsace_moselle: bool = False) -> dict[date, str]:
    """The public holidays of a year with their French names, in order."""
    return dict(_named(year, alsace_moselle))


def holiday_name(day: date, *, alsace_moselle: bool = False) -> str | None:
    return _named(day.year, alsace_moselle).get(day)


def is_holiday(day: date, *, alsace_moselle: bool = False) -> bool:
    return day in _named(day.year, alsace_moselle)


def is_ouvrable(day: date, *, alsace_moselle: bool = False) -> bool:
    """Monday to Saturday, public holidays apart."""
    return day.weekday() != SUNDAY and not is_holiday(day, alsace_moselle=alsace_moselle)


def is_ouvre(day: date, *, alsace_moselle: bool = False) -> bool:
    """Monday to Friday, public holidays apart."""
    return day.weekday() < SATURDAY and not is_holiday(day, alsace_moselle=alsace_moselle)


def add_calendar_days(day: date, number: int) -> date:
    """The day itself is not counted: one day after Friday is Saturday."""
    return day + timedelta(days=number)


def add_ouvrable_days(day: date, number: int, *, alsace_moselle: bool = False) -> date:
    """The `number`th jour ouvrable after the day, or before it when negative; 0 is the day."""
    return _add(day, number, lambda one: is_ouvrable(one, alsace_moselle=alsace_moselle))


def add_ouvre_days(day: date, number: int, *, alsace_moselle: bool = False) -> date:
    """The `number`th jour ouvré after the day, or before it when negative; 0 is the day."""
    return _add(day, number, lambda one: is_ouvre(one, alsace_moselle=alsace_moselle))


def count_ouvrable_days(start: date, end: date, *, alsace_moselle: bool = False) -> int:
    """Jours ouvrables after `start`, up to `end` included; negative when `end` comes first."""
    return _count(start, end, lambda one: is_ouvrable(one, alsace_moselle=alsace_moselle))


def count_ouvre_days(start: date, end: date, *, alsace_moselle: bool = False) -> int:
    """Jours ouvrés after `start`, up to `end` included; negative when `end` comes first."""
    return _count(start, end, lambda one: is_ouvre(one, alsace_moselle=alsace_moselle))


def next_ouvrable(day: date, *, alsace_moselle: bool = False) -> date:
    """The day itself when it is ouvrable, else the first that follows."""
    return _first(day, lambda one: is_ouvrable(one, alsace_moselle=alsace_moselle))


def next_ouvre(day: date, *, alsace_moselle: bool = False) -> date:
    """The day itself when it is ouvré, else the first that follows."""
    return _first(day, lambda one: is_ouvre(one, alsace_moselle=alsace_moselle))


def add_months(day: date, number: int) -> date:
    """The same day of another month, or its last day when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def term_in_days(start: date, number: int) -> date:
    """The last day of a period of days, by Regulation 1182/71.

    The day of the event is not counted; a period that would end on a Saturday, a Sunday or a
    holiday ends with the next working day. The period ends at 24:00 of the day given back.
    """
    return next_ouvre(add_calendar_days(start, number))


def term_in_months(start: date, number: int) -> date:
    """The last day of a period of months, by Regulation 1182/71; same rules as in days."""
    return next_ouvre(add_months(start, number))


def _add(day: date, number: int, counts: Callable[[date], bool]) -> date:
    step = DAY if number >= 0 else -DAY
    left = abs(number)
    while left:
        day += step
        left -= counts(day)
    return day


def _count(start: date, end: date, counts: Callable[[date], bool]) -> int:
    if end < start:
        return -_count(end - DAY, start - DAY, counts)
    return sum(counts(start + timedelta(days=after)) for after in range(1, (end - start).days + 1))


def _first(day: date, counts: Callable[[date], bool]) -> date:
    while not counts(day):
        day += DAY
    return day
