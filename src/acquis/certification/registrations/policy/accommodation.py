"""What the accommodations of a person change to the times of an exam; pure (X-11).

The level that is asked never changes: only times, and only of the phases that the decision names.
A third is one third exactly, not 33 hundredths: 75 min become 100 and not 99,75.
"""

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

HOUR = 60  # minutes
MOST = Fraction(2)  # three times as long: beyond, the figure is a slip
NOTICE_MONTHS = 3  # asked by the DDETS of Nouvelle-Aquitaine; told, never refused

_THIRDS = {33: Fraction(1, 3), 66: Fraction(2, 3), 67: Fraction(2, 3)}
_WORDS = {
    "tiers-temps": Fraction(1, 3),
    "tiers temps": Fraction(1, 3),
    "un tiers": Fraction(1, 3),
    "un quart": Fraction(1, 4),
    "la moitié": Fraction(1, 2),
    "deux tiers": Fraction(2, 3),
    "le double": Fraction(1),
}
_RATIO = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})")
_PERCENT = re.compile(r"(\d{1,3})\s*%?")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What one decision in force adds.

    `extra` is a part of the time (1/3), `break_minutes` minutes of rest an hour of work. `scope`
    holds kinds or methods of phases (`written`, `roleplay`); empty, it is the whole exam.
    """

    extra: Fraction = Fraction(0)
    break_minutes: int = 0
    scope: frozenset[str] = frozenset()

    def covers(self, *names: str) -> bool:
        return not self.scope or not self.scope.isdisjoint(names)


@dataclass(frozen=True, slots=True)
class ExtraTime:
    """All that a person's decisions in force add to the times of an exam."""

    arrangements: tuple[Arrangement, ...] = ()

    def part(self, *names: str) -> Fraction:
        """The part of time added to a phase of these names (its kind, its method).

        Two decisions for one phase are not added up: the larger holds.
        """
        found = (each.extra for each in self.arrangements if each.covers(*names))
        return max(found, default=Fraction(0))

    def pause_minutes(self, minutes: int, *names: str) -> int:
        """Minutes of rest for so many minutes of work, rounded up: never less than decided."""
        found = (each.break_minutes for each in self.arrangements if each.covers(*names))
        return math.ceil(Fraction(minutes * max(found, default=0), HOUR))


NO_EXTRA = ExtraTime()


def fraction_from(text: str) -> Fraction | None:
    """« 1/3 », « un tiers », « 33 % » → one third exactly; None when it says no part of time.

    Between 0 excluded and `MOST`.
    """
    words = " ".join(text.casefold().split())
    ratio, percent = _RATIO.fullmatch(words), _PERCENT.fullmatch(words)
    if words in _WORDS:
        part = _WORDS[words]
    elif ratio and int(ratio[2]):
        part = Fraction(int(ratio[1]), int(ratio[2]))
    elif percent:
        part = _THIRDS.get(int(percent[1]), Fraction(int(percent[1]), 100))
    else:
        return None
    return part if 0 < part <= MOST else None


def decided_late(decided: date | None, today: date, session: date) -> bool:
    """Whether a decision came, or will come, less than three months before the session.

    `decided` None: it is awaited, and today is the earliest day it may come.
    """
    year, month = divmod(session.year * 12 + session.month - 1 - NOTICE_MONTHS, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return (decided or today) > date(year, month + 1, min(session.day, last))
