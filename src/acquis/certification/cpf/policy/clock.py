"""Until when a certification is to be told to the Caisse des dépôts (X-08, C. trav. L6113-8)."""

import calendar
from datetime import date, timedelta
from enum import StrEnum

MONTHS = 3
ALERT = timedelta(days=30)


class Clock(StrEnum):
    LATE = "late"
    SOON = "soon"
    LATER = "later"


def due(delivered: date) -> date:
    """The last day: three months after delivery; the last of a month that is shorter.

    >>> due(date(2026, 11, 30)).isoformat()
    '2027-02-28'
    """
    year, month = divmod(delivered.year * 12 + delivered.month - 1 + MONTHS, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(delivered.day, last))


def clock_of(day: date, today: date) -> Clock:
    """`late` from the day after the last one, `soon` from thirty days before it."""
    if day < today:
        return Clock.LATE
    return Clock.SOON if day - today <= ALERT else Clock.LATER
