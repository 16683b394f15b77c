"""Which incidents hold results, and where a corrective action stands; pure.

Source: X-09 (dysfonctionnements) and the practice of d-5: what needs action before results holds
them until somebody said in words what was decided.
"""

from datetime import date
from enum import StrEnum

NONE, TIME_GIVEN, NEUTRALISED, NEW_SITTING = "none", "time_given", "neutralised", "new_sitting"
# These change what the jury may decide upon.
WEIGHING_EFFECTS = frozenset({NEUTRALISED, NEW_SITTING})
# These do whatever was thought of them in the room: a suspicion, a right that was not applied.
WEIGHING_CATEGORIES = frozenset({"fraud", "accommodation", "confidentiality"})


def weighs(category: str, effect: str) -> bool:
    """Whether an incident, as it was reported, must be settled by hand before results leave.

    Any other is settled by itself: nothing was lost, or the time was given back in the room.
    """
    return effect in WEIGHING_EFFECTS or category in WEIGHING_CATEGORIES


class ActionState(StrEnum):
    """In the order in which somebody should look."""

    LATE = "late"
    OPEN = "open"
    TO_CHECK = "to_check"  # said done, not checked yet
    EFFECTIVE = "effective"
    DROPPED = "dropped"


def action_state(
    *, due_on: date, done: bool, closed: bool, effective: bool | None, today: date
) -> ActionState:
    """Where a corrective action stands on a day; its last day is not late."""
    if closed:
        return ActionState.EFFECTIVE if effective else ActionState.DROPPED
    if done:
        return ActionState.TO_CHECK
    return ActionState.LATE if due_on < today else ActionState.OPEN


def may_check(*, owner_id: int, checker_id: int) -> bool:
    """Nobody says of their own action that it worked."""
    return owner_id != checker_id
