"""Opening hours, and the slots of call-backs that they leave. Pure; hours are those of Paris."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from acquis.regulation.calendars import is_holiday

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
FARTHEST_DAYS = 60  # in which the next opening is looked for
Span = tuple[time, time]
_SPAN = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?\s*[-–—]\s*(\d{1,2})\s*[:hH]\s*(\d{2})?")


@dataclass(frozen=True, slots=True)
class Hours:
    """When people are there: spans by day of the week (0 is Monday), none on a public holiday.

    `closed` are days closed besides.
    """

    week: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    on_holidays: bool = False
    closed: frozenset[date] = frozenset()

    def of_day(self, day: date) -> tuple[Span, ...]:
        if day in self.closed or (not self.on_holidays and is_holiday(day)):
            return ()
        return self.week.get(day.weekday(), ())

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies in a span; its end is already closed."""
        local = at.astimezone(PARIS)
        return any(
            start <= local.time() < end  # both on the wall in Paris
            for start, end in self.of_day(local.date())
        )

    def next_opening(self, at: datetime) -> datetime | None:
        """The first opening after `at`; None when nothing opens within sixty days."""
        local = at.astimezone(PARIS)
        for ahead in range(FARTHEST_DAYS + 1):
            day = local.date() + ahead * DAY
            for start, _end in self.of_day(day):
                opening = _on_the_wall(day, start)
                if opening is not None and opening > at:
                    return opening
        return None


@dataclass(frozen=True, slots=True)
class Slot:
    """A span in which a customer may be called back, and how many still may."""

    start: datetime
    end: datetime
    left: int


def spans(text: str) -> tuple[Span, ...]:
    """What « 9h-12h30, 13:30-18:00 » says, in order; « » says closed.

    Raises ValueError for anything else, an end before its start, or two spans that overlap.
    """
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    found = sorted(_span(part) for part in parts)
    for (_start, end), (start, _end) in pairwise(found):
        if start < end:
            raise ValueError(text)
    return tuple(found)


def _span(part: str) -> Span:
    read = _SPAN.fullmatch(part)
    if read is None:
        raise ValueError(part)
    start, end = time(int(read[1]), int(read[2] or 0)), time(int(read[3]), int(read[4] or 0))
    if end <= start:
        raise ValueError(part)
    return start, end


def said(day: tuple[Span, ...]) -> str:
    """The text that `spans` reads back."""
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in day)


def hours_of(kept: Mapping[str, str], *, on_holidays: bool = False) -> Hours:
    """Hours as they are kept: the text of each day under « 0 » to « 6 »."""
    return Hours({int(day): spans(text) for day, text in kept.items()}, on_holidays)


def always_but(closed: Iterable[date]) -> Hours:
    """Open day and night, public holidays included, but for some days."""
    return Hours(dict.fromkeys(range(7), ((time.min, time.max),)), True, frozenset(closed))


def slots(
    hours: Hours,
    *,
    now: datetime,
    minutes: int,
    capacity: int,
    lead: timedelta,
    days: int,
    taken: Mapping[datetime, int],
) -> list[Slot]:
    """The slots that may still be chosen, in order.

    Each lies whole within one span of the hours, begins `lead` after `now` or later and on one of
    the `days` days that begin with today's; `taken` counts the promises already made by the
    instant at which their slot begins (UTC). A full slot is left out.
    """
    first = now.astimezone(PARIS).date()
    found = []
    for ahead in range(days):
        for start, end in _of_day(hours, first + ahead * DAY, timedelta(minutes=minutes)):
            left = capacity - taken.get(start, 0)
            if start >= now + lead and left > 0:
                found.append(Slot(start, end, left))
    return found


def _of_day(hours: Hours, day: date, length: timedelta) -> Iterator[tuple[datetime, datetime]]:
    for opens, closes in hours.of_day(day):
        start, end = _on_the_wall(day, opens), _on_the_wall(day, closes)
        if start is None or end is None:  # an hour that does not exist on the night of a change
            continue
        while start + length <= end:
            yield start, start + length
            start += length


def _on_the_wall(day: date, at: time) -> datetime | None:
    """The instant in UTC; None for the hour that the change to summer time leaves out."""
    local = datetime.combine(day, at, tzinfo=PARIS)
    instant = local.astimezone(UTC)
    return instant if instant.astimezone(PARIS).time() == at else None
