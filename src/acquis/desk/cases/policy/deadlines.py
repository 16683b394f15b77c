"""Priority, deadlines and the clock of a case. Pure.

Source: domain V-13 (design default); what users of other desks ask of such a clock: it counts open
hours alone, stops while the customer has the word, and says whom it waits for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from acquis.desk.agenda.policy import Hours, after_open_time, open_time

WARNING_SHARE = 0.8  # of the open time allowed
PRIORITIES = (1, 2, 3, 4)  # 1 urgent … 4 low
LEVELS = (1, 2, 3)  # of urgency and of impact; 1 is the highest
# Rows are urgency, columns impact.
MATRIX = {
    "1-1": 1, "1-2": 2, "1-3": 3,
    "2-1": 2, "2-2": 3, "2-3": 4,
    "3-1": 3, "3-2": 4, "3-3": 4,
}  # fmt: skip
# Open minutes until the first answer, until the resolution.
TARGETS: Mapping[str, Sequence[int]] = {
    "1": (60, 480),
    "2": (120, 960),
    "3": (480, 2400),
    "4": (960, 4800),
}
US, CUSTOMER, SECOND_LEVEL, NOBODY = "us", "customer", "second_level", "nobody"


@dataclass(frozen=True, slots=True)
class Targets:
    """The open time allowed until the first answer, and until the resolution."""

    first: timedelta
    resolution: timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock of a case shows.

    `waits_for` is us, customer, second_level or nobody; `state` is ok, warning, late, paused or
    stopped. `share` is the part of the open time allowed that has passed, 1 and more when late.
    """

    waits_for: str
    state: str
    share: float
    first_due_at: datetime
    first_late: bool
    due_at: datetime


def priority_of(urgency: int, impact: int, matrix: Mapping[str, int]) -> int:
    """The priority that the matrix gives; the cell of the standard matrix when it lacks one."""
    key = f"{urgency}-{impact}"
    return int(matrix.get(key) or MATRIX[key])


def targets_of(priority: int, data: Mapping[str, Sequence[int]]) -> Targets:
    """The open time that a priority allows; the standard's when the data lack it."""
    first, resolution = data.get(str(priority)) or TARGETS[str(priority)]
    return Targets(timedelta(minutes=first), timedelta(minutes=resolution))


def due(hours: Hours, opened_at: datetime, allowed: timedelta, paused: timedelta) -> datetime:
    """When the open time allowed runs out, the pauses given back."""
    return after_open_time(hours, opened_at, allowed + paused)


def pause_so_far(
    hours: Hours, paused: timedelta, paused_at: datetime | None, now: datetime
) -> timedelta:
    """The open time of all pauses, the one that runs included."""
    return paused if paused_at is None else paused + open_time(hours, paused_at, now)


def clock(  # noqa: PLR0913  what a clock is read from
    hours: Hours,
    targets: Targets,
    *,
    opened_at: datetime,
    answered_at: datetime | None,
    closed_at: datetime | None,
    paused: timedelta,
    paused_at: datetime | None,
    second_level: bool,
    now: datetime,
) -> Clock:
    """Read the clock; closing stops it, the customer's turn pauses it, the second level does not.

    The first answer is never paused: what makes the customer's turn is an answer.
    """
    until = closed_at or now
    given_back = pause_so_far(hours, paused, paused_at, until)
    spent = open_time(hours, opened_at, until) - given_back
    share = max(0.0, spent / targets.resolution)
    first_due = after_open_time(hours, opened_at, targets.first)
    return Clock(
        waits_for=_waits_for(closed_at, paused_at, second_level),
        state=_state(share, closed_at, paused_at),
        share=share,
        first_due_at=first_due,
        first_late=(answered_at or until) > first_due,
        due_at=due(hours, opened_at, targets.resolution, given_back),
    )


def _waits_for(closed_at: datetime | None, paused_at: datetime | None, second_level: bool) -> str:
    if closed_at is not None:
        return NOBODY
    if paused_at is not None:
        return CUSTOMER
    return SECOND_LEVEL if second_level else US


def _state(share: float, closed_at: datetime | None, paused_at: datetime | None) -> str:
    if closed_at is not None:
        return "stopped"
    if share >= 1:
        return "late"
    if paused_at is not None:
        return "paused"
    return "warning" if share >= WARNING_SHARE else "ok"


def may_reopen(closed_at: datetime, now: datetime, days: int) -> bool:
    """Whether a closed case is still taken up itself; later, another follows it."""
    return now - closed_at <= timedelta(days=days)
