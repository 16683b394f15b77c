"""When an appeal is in time, who may examine it and what their voices decide; pure.

Source: X-06 (only regularity is contested), X-09 (examined by the direction, the session manager and
the training manager; accepted: a new session; rejected: a written notice).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DIRECTION, SESSION_MANAGER, TRAINING_MANAGER = (
    "direction",
    "session_manager",
    "training_manager",
)
QUALITIES = (DIRECTION, SESSION_MANAGER, TRAINING_MANAGER)
# The roles from which each quality is named.
ROLES_OF: Mapping[str, str] = {
    DIRECTION: "certifying_body",
    SESSION_MANAGER: "session_manager",
    TRAINING_MANAGER: "trainer",
}
ACCEPT, REJECT = "accept", "reject"
IN_HAND = frozenset({"lodged", "admissible"})


def last_day(known_on: date | None, within_days: int | None) -> date | None:
    """The last day to lodge: the delay runs from the day after the result was known.

    None when no delay is stated, or while no result was issued.
    """
    if known_on is None or within_days is None:
        return None
    return known_on + timedelta(days=within_days)


def is_late(received_on: date, last: date | None) -> bool:
    """Whether an appeal came after its last day, that day included."""
    return last is not None and received_on > last


@dataclass(frozen=True, slots=True)
class Admissibility:
    """What an appeal fulfils of its three conditions."""

    in_time: bool
    standing: bool
    form: bool

    @property
    def faults(self) -> tuple[str, ...]:
        """`late`, `standing`, `form`: those that are not fulfilled."""
        told = (("late", self.in_time), ("standing", self.standing), ("form", self.form))
        return tuple(code for code, held in told if not held)


def reason_needed(conditions: Admissibility, *, admissible: bool) -> bool:
    """A refusal is always explained; so is an admission against a condition."""
    return not admissible or bool(conditions.faults)


def bars(
    user_id: int,
    *,
    jurors: Collection[int],
    candidate: int | None,
) -> str:
    """Why a person may not examine an appeal: `juror`, `candidate`, or nothing."""
    if user_id in jurors:
        return "juror"
    return "candidate" if user_id == candidate else ""


def outcome(voices: Mapping[str, str]) -> str:
    """What the committee decides by the majority of its three voices; empty until all are given.

    `voices`: quality → accept or reject. Nobody decides alone.
    """
    given = [voices.get(quality, "") for quality in QUALITIES]
    if not all(given):
        return ""
    return "accepted" if given.count(ACCEPT) > len(given) / 2 else "rejected"
