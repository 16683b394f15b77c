"""What the clocks and texts of an exam say; pure. Its phases come from `exam_sessions.phases`."""

import hashlib
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from acquis.certification.exam_sessions.phases import (
    PhaseKind,
    PhasePlan,
    phases_from,
    stretched_seconds,
)
from acquis.certification.sittings.enums import ClockState

__all__ = [
    "PhaseClock",
    "PhaseKind",
    "PhasePlan",
    "code_lock",
    "code_tries",
    "is_late",
    "is_return_too_late",
    "keep_until",
    "missing_pieces",
    "pause_left",
    "pause_spent",
    "pause_until",
    "phase_clock",
    "phases_from",
    "same_code",
    "seal",
    "stretched_seconds",
    "tab_of",
    "whole_pieces",
]


class _Timed(Protocol):
    @property
    def state(self) -> str: ...
    @property
    def ends_at(self) -> datetime | None: ...
    @property
    def planned_seconds(self) -> int: ...
    @property
    def pause_seconds(self) -> int: ...
    @property
    def paused_seconds(self) -> int: ...
    @property
    def paused_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class PhaseClock:
    """What to show of a phase's time; `seconds_left` is None when no time is set.

    During a break it stands still until `pause_ends_at`; `pause_left` are the seconds of breaks that
    may still be taken (X-11).
    """

    state: ClockState
    seconds_left: int | None
    ends_at: datetime | None
    pause_left: int = 0
    pause_ends_at: datetime | None = None

    @property
    def paused(self) -> bool:
        return self.pause_ends_at is not None

    @property
    def is_over(self) -> bool:
        return self.state == ClockState.OVER


def phase_clock(phase: _Timed, now: datetime) -> PhaseClock:
    """Read one phase's clock; time out without a closing act is `over`, not `ended`."""
    if phase.state == ClockState.WAITING:
        return PhaseClock(ClockState.WAITING, phase.planned_seconds or None, None)
    if phase.state == ClockState.ENDED:
        return PhaseClock(ClockState.ENDED, 0, phase.ends_at)
    until = pause_until(phase)
    ends_pause = until if until is not None and now < until else None
    pause = (pause_left(phase, now), ends_pause)
    if phase.ends_at is None:
        return PhaseClock(ClockState.RUNNING, None, None, *pause)
    left = math.ceil((phase.ends_at - (ends_pause or now)).total_seconds())
    state = ClockState.RUNNING if left > 0 else ClockState.OVER
    return PhaseClock(state, max(0, left), phase.ends_at, *pause)


def pause_until(phase: _Timed) -> datetime | None:
    """When a break that was begun ends by itself: all that was decided is spent. None without one."""
    if phase.paused_at is None:
        return None
    return phase.paused_at + timedelta(seconds=phase.pause_seconds - phase.paused_seconds)


def pause_spent(phase: _Timed, now: datetime) -> int:
    """The seconds of breaks taken so far, the one under way included; never more than decided."""
    if phase.paused_at is None:
        return phase.paused_seconds
    since = math.ceil(max(0.0, (now - phase.paused_at).total_seconds()))
    return min(phase.pause_seconds, phase.paused_seconds + since)


def pause_left(phase: _Timed, now: datetime) -> int:
    """The seconds of breaks that may still be taken."""
    return phase.pause_seconds - pause_spent(phase, now)


def is_late(phase: _Timed, at: datetime) -> bool:
    """Whether a text that arrives at `at` came after the time of its phase."""
    if phase.state == ClockState.ENDED:
        return True
    return phase.ends_at is not None and at > phase.ends_at


def tab_of(client_id: str) -> str:
    """The tab a save came from: « tab:12 » or « tab-12 » → « tab »; a lone word is its own tab."""
    for mark in (":", "-"):
        tab, found, _number = client_id.rpartition(mark)
        if found:
            return tab
    return client_id


KEPT_YEARS = 5  # G-02: what an exam produced, as its evaluations


LONGEST_ABSENCE = timedelta(hours=24)  # from the beginning; after it nobody comes back to an exam


def is_return_too_late(started_at: datetime | None, at: datetime) -> bool:
    """Whether the exam began more than twenty-four hours before."""
    return started_at is not None and at - started_at > LONGEST_ABSENCE


def keep_until(day: date) -> date:
    """The last day on which a file of an exam is kept: five years later (G-02)."""
    try:
        return day.replace(year=day.year + KEPT_YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year + KEPT_YEARS, day=28)


def whole_pieces(numbers: Iterable[int]) -> int:
    """How many pieces stand one after another from the first: 1, 2, 3 and 5 make 3."""
    known = set(numbers)
    count = 0
    while count + 1 in known:
        count += 1
    return count


def missing_pieces(numbers: Iterable[int], total: int) -> list[int]:
    """Which of `total` pieces have not come, at most a hundred of them."""
    known = set(numbers)
    return [number for number in range(1, total + 1) if number not in known][:100]


def same_code(given: str, expected: str) -> bool:
    """Codes are read aloud and typed by hand: case and spaces do not count."""
    clean = re.sub(r"[\s-]", "", given).upper()
    return bool(clean) and clean == re.sub(r"[\s-]", "", expected).upper()


CODES_BEFORE_PAUSE = 10
FIRST_PAUSE = timedelta(minutes=2)  # then twice as long each time…
LONGEST_PAUSE = timedelta(
    hours=1
)  # … up to this: a candidate who errs is never shut out for the day
TRIES_FORGOTTEN_AFTER = timedelta(days=1)


def code_tries(count: int, last: datetime, at: datetime) -> int:
    """How many wrong codes stand against the one tried at `at`; a quiet day begins the count again."""
    return 0 if at - last > TRIES_FORGOTTEN_AFTER else count


def code_lock(count: int) -> timedelta:
    """How long the wrong code that brings the count to `count` closes the door; zero for most.

    >>> [code_lock(n).total_seconds() / 60 for n in (9, 10, 11, 20, 50, 60, 200)]
    [0.0, 2.0, 0.0, 4.0, 32.0, 60.0, 60.0]
    """
    if count == 0 or count % CODES_BEFORE_PAUSE:
        return timedelta(0)
    doublings = min(count // CODES_BEFORE_PAUSE - 1, 10)  # the limit is reached long before
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def seal(productions: Iterable[tuple[str, int, str]]) -> str:
    """SHA-256 of the productions `(key, seq, content)`, in the order of their keys."""
    rows = [list(row) for row in sorted(productions)]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
