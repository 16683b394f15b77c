"""How long a question of satisfaction stays open, and what the answers say. Pure. Source: M-rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

WORST, BEST = 1, 5
SATISFIED_FROM = 4  # CSAT counts the two best boxes
VALID_DAYS = 30  # the link opens the question, unless the desk says otherwise
CHANGE_DAYS = 7  # after the first answer, it may still be changed
MOST_ANSWERS = 20  # by one link: nobody needs more, a machine would
HUNDRED = Decimal(100)


class Door(StrEnum):
    """What the link of a question opens."""

    OPEN = "open"
    CHANGEABLE = "changeable"  # answered, and still to be changed
    FIXED = "fixed"
    EXPIRED = "expired"


def door(
    *, expires_at: datetime, answered_at: datetime | None, answers: int, now: datetime
) -> Door:
    """Where a question stands; the last instant of a delay is within it."""
    if answered_at is not None:
        late = now > answered_at + timedelta(days=CHANGE_DAYS)
        return Door.FIXED if late or answers >= MOST_ANSWERS else Door.CHANGEABLE
    return Door.EXPIRED if now > expires_at else Door.OPEN


@dataclass(frozen=True, slots=True)
class Figures:
    """What the answers come to; rates in per cent, None without any question or answer."""

    sent: int
    answered: int
    csat: Decimal | None
    mean: Decimal | None
    response_rate: Decimal | None


def figures(sent: int, scores: Sequence[int]) -> Figures:
    """CSAT = (4 + 5) ÷ answers, the mean, response rate = answers ÷ questions sent; to one decimal."""
    answered = len(scores)
    satisfied = sum(score >= SATISFIED_FROM for score in scores)
    return Figures(
        sent,
        answered,
        _ratio(HUNDRED * satisfied, answered),
        _ratio(Decimal(sum(scores)), answered),
        _ratio(HUNDRED * answered, sent),
    )


def _ratio(part: Decimal, whole: int) -> Decimal | None:
    if not whole:
        return None
    return (part / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
