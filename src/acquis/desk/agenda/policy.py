"""Opening hours, the time that passes while a place is open, and what is free. Pure.

Hours are wall-clock times of Paris; instants are aware and given back in UTC. Closed on the public
holidays of `acquis.regulation.calendars`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from acquis.regulation.calendars import is_holiday

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)  # the grain of the planning
LONGEST = timedelta(hours=14)  # of one appointment
FURTHEST = timedelta(days=400)  # nothing is looked for beyond
_SPAN = re.compile(r"(\d{1,2})[:h](\d{2})\s*[-–à]\s*(\d{1,2})[:h](\d{2})")
_HOURS, _MINUTES = 24, 60

# Monday to Friday, with the lunch break.
OFFICE = {str(weekday): ["09:00-12:30", "13:30-18:00"] for weekday in range(5)}


class HoursInvalid(ValueError):  # noqa: N818  named as what happened
    """What was typed is no list of opening hours; the text says which part."""


class NeverOpen(ValueError):  # noqa: N818  named as what happened
    """No opening within 400 days: nothing can be due."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant to another, the second excluded."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def meets(self, other: "Span") -> bool:
        """Whether they have an instant in common; touching is not meeting."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Hours:
    """The opening hours of a week: for each weekday (0 is Monday) pairs of wall-clock times."""

    days: tuple[tuple[tuple[time, time], ...], ...]
    on_holidays: bool = False

    def on(self, day: date) -> tuple[tuple[time, time], ...]:
        if not self.on_holidays and is_holiday(day):
            return ()
        return self.days[day.weekday()]

    def as_data(self) -> dict[str, list[str]]:
        """As `hours_of` reads it back."""
        return {
            str(weekday): [f"{start:%H:%M}-{end:%H:%M}" for start, end in spans]
            for weekday, spans in enumerate(self.days)
            if spans
        }


def hours_of(data: Mapping[str, Sequence[str]]) -> Hours:
    """`{"0": ["09:00-12:30", "13:30-18:00"], …}`; a weekday left out is closed.

    Raises HoursInvalid for a time that is none, or hours that overlap or run backwards.
    """
    return Hours(tuple(parsed(", ".join(data.get(str(day), ()))) for day in range(7)))


def parsed(text: str) -> tuple[tuple[time, time], ...]:
    """The hours of one day as people type them: « 9h00-12h30, 13:30-18:00 »; nothing is closed.

    Raises HoursInvalid.
    """
    found: list[tuple[time, time]] = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;]", text))):
        matched = _SPAN.fullmatch(part)
        if matched is None:
            raise HoursInvalid(part)
        first, minutes, last, ending = (int(number) for number in matched.groups())
        if max(first, last) >= _HOURS or max(minutes, ending) >= _MINUTES:
            raise HoursInvalid(part)
        start, end = time(first, minutes), time(last, ending)
        if end <= start or (found and start < found[-1][1]):
            raise HoursInvalid(part)
        found.append((start, end))
    return tuple(found)


def open_spans(hours: Hours, start: datetime, end: datetime) -> Iterator[Span]:
    """When it is open between two instants, in order."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    day = start.astimezone(PARIS).date()
    while _midnight(day) < end:
        for opens, closes in hours.on(day):
            first = max(start, datetime.combine(day, opens, PARIS).astimezone(UTC))
            last = min(end, datetime.combine(day, closes, PARIS).astimezone(UTC))
            if first < last:
                yield Span(first, last)
        day += DAY


def open_time(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """How long it was open between two instants; nothing when the second comes first."""
    return sum((span.length for span in open_spans(hours, start, end)), timedelta())


def after_open_time(hours: Hours, start: datetime, length: timedelta) -> datetime:
    """The first instant at which it has been open for `length` since `start`.

    No length is `start` itself. Raises NeverOpen when 400 days are not enough.
    """
    left = length
    if left <= timedelta():
        return start.astimezone(UTC)
    for span in open_spans(hours, start, start + FURTHEST):
        if span.length >= left:
            return span.start + left
        left -= span.length
    raise NeverOpen


def free_slots(
    hours: Hours,
    busy: Iterable[Span],
    *,
    start: datetime,
    end: datetime,
    length: timedelta,
    step: timedelta = QUARTER,
) -> list[Span]:
    """Slots of `length` that begin every `step` of an opening and meet nothing busy, in order.

    A slot lies in one opening: it never spans the lunch break.
    """
    taken = list(busy)
    found: list[Span] = []
    for span in open_spans(hours, start, end):
        at = on_grid(span.start)
        while at + length <= span.end:
            slot = Span(at, at + length)
            if not any(slot.meets(other) for other in taken):
                found.append(slot)
            at += step
    return found


def on_grid(instant: datetime) -> datetime:
    """The instant, or the next quarter of an hour."""
    past = timedelta(
        minutes=instant.minute % 15, seconds=instant.second, microseconds=instant.microsecond
    )
    return instant if not past else instant + QUARTER - past


def quarters(span: Span) -> list[datetime]:
    """The quarters of an hour that a span on the grid takes."""
    count = -(-span.length // QUARTER)
    return [span.start + QUARTER * rank for rank in range(count)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS).astimezone(UTC)
