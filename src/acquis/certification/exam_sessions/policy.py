"""The life of a session and its timetable; pure (X-04, X-05)."""

import calendar
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from acquis.certification.exam_sessions.phases import PhaseKind, PhasePlan

# From a state to those that may follow it; nothing leaves `issued` or `cancelled`.
FOLLOWING: dict[str, frozenset[str]] = {
    "draft": frozenset({"summoned", "open", "cancelled"}),
    "summoned": frozenset({"open", "cancelled"}),
    "open": frozenset({"closed", "cancelled"}),
    "closed": frozenset({"deliberated"}),
    "deliberated": frozenset({"issued"}),
    "issued": frozenset(),
    "cancelled": frozenset(),
}
# What may still be composed: candidates, jurors, place and hour.
COMPOSABLE = frozenset({"draft", "summoned"})

ROUNDING = timedelta(minutes=5)  # summons name hours that people remember


@dataclass(frozen=True, slots=True)
class Slot:
    """One phase of one candidate in the day."""

    code: str
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    jury_present: bool


def may_become(state: str, following: str) -> bool:
    return following in FOLLOWING[state]


def timetable(
    start: datetime, candidates: Sequence[tuple[int, Sequence[PhasePlan]]]
) -> dict[int, list[Slot]]:
    """One day with one jury: written work together, then one candidate after the other.

    What comes before the first phase drawn by lot or held before the jury is taken together from
    `start`. The rest of a candidate follows without a gap, as early as the jury is free and never
    before their own written work ends. Each candidate's times carry their own accommodation.
    """
    busy: list[tuple[datetime, datetime]] = []
    day: dict[int, list[Slot]] = {}
    for key, plans in candidates:
        shared = _shared(plans)
        slots = _chain(start, plans[:shared])
        ready = slots[-1].ends_at if slots else start
        begins = _rounded(ready) if slots and day else ready
        alone = _chain(begins, plans[shared:])
        while clash := _clash(alone, busy):
            begins = _rounded(begins + clash)
            alone = _chain(begins, plans[shared:])
        busy += [(slot.starts_at, slot.ends_at) for slot in alone if slot.jury_present]
        day[key] = slots + alone
    return day


def _shared(plans: Sequence[PhasePlan]) -> int:
    """How many first phases all candidates take together."""
    for rank, plan in enumerate(plans):
        if plan.jury_present or plan.drawn_by_lot or plan.kind != PhaseKind.WRITTEN:
            return rank
    return len(plans)


def _chain(start: datetime, plans: Iterable[PhasePlan]) -> list[Slot]:
    slots, at = [], start
    for plan in plans:
        end = at + timedelta(seconds=plan.planned_seconds)
        slots.append(Slot(plan.code, plan.kind.value, plan.title, at, end, plan.jury_present))
        at = end
    return slots


def _clash(slots: Sequence[Slot], busy: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """How much later these slots must begin to leave the first clash with the jury; 0 if none."""
    for slot in slots:
        if not slot.jury_present:
            continue
        for begins, ends in busy:
            if slot.starts_at < ends and begins < slot.ends_at:
                return ends - slot.starts_at
    return timedelta()


def _rounded(at: datetime) -> datetime:
    """Up to the next multiple of five minutes."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    turns = math.ceil((at - midnight) / ROUNDING)
    return midnight + turns * ROUNDING


def summons_deadline(day: date, months: int = 1) -> date:
    """The last day to send summons: for 15 March, 15 February (X-09)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def months_of(duration: str | None) -> int | None:
    """« P1M » → 1; other durations are not months."""
    if (
        duration
        and duration.startswith("P")
        and duration.endswith("M")
        and duration[1:-1].isdigit()
    ):
        return int(duration[1:-1])
    return None
