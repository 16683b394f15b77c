"""The states and dates of a complaint, and how critical it is. Pure. Source: V-13, K-07."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from acquis.regulation.calendars import add_months, add_ouvre_days

RECORDED, ACKNOWLEDGED, QUALIFIED = "recorded", "acknowledged", "qualified"
IN_PROGRESS, PROPOSED = "in_progress", "proposed"
ACCEPTED, REFUSED, MEDIATION, CLOSED = "accepted", "refused", "mediation", "closed"

NEXT: Mapping[str, tuple[str, ...]] = {
    RECORDED: (ACKNOWLEDGED,),
    ACKNOWLEDGED: (QUALIFIED,),
    QUALIFIED: (IN_PROGRESS,),
    IN_PROGRESS: (PROPOSED,),
    PROPOSED: (ACCEPTED, REFUSED, IN_PROGRESS),
    ACCEPTED: (CLOSED, IN_PROGRESS),
    REFUSED: (MEDIATION, IN_PROGRESS),
    MEDIATION: (CLOSED, IN_PROGRESS),
    CLOSED: (IN_PROGRESS,),
}
ACKNOWLEDGED_ALREADY = frozenset(NEXT) - {RECORDED}
ANSWERED_ALREADY = frozenset({PROPOSED, ACCEPTED, REFUSED, MEDIATION, CLOSED})
ACKNOWLEDGE_DAYS = 2  # jours ouvrés, V-13
ANSWER_DAYS = 10  # jours ouvrés
MEDIATION_MONTHS = 2  # after that the consumer may go to the mediator
SUPERVISED_FROM = 3  # the level from which a written answer is read over before it leaves

FACTORS = ("gravity", "urgency", "stake")
HIGHEST_CHOICE = 3
# The highest product of the three factors at levels 1, 2 and 3; beyond is 4.
CEILINGS = (3, 8, 17)


@dataclass(frozen=True, slots=True)
class Dates:
    """The last day for each step."""

    acknowledge_by: date
    answer_by: date
    mediator_from: date


@dataclass(frozen=True, slots=True)
class Criticality:
    """A level from 1 to 4, and how it was reached."""

    level: int
    product: int
    ceilings: tuple[int, ...]


def may_follow(stage: str, after: str) -> bool:
    """Whether a complaint may pass from one state to the other."""
    return after in NEXT.get(stage, ())


def dates_of(opened_on: date, *, acknowledge_days: int, answer_days: int) -> Dates:
    """Both delays in jours ouvrés, the day of arrival not counted; two months for the mediator."""
    return Dates(
        acknowledge_by=add_ouvre_days(opened_on, acknowledge_days),
        answer_by=add_ouvre_days(opened_on, answer_days),
        mediator_from=add_months(opened_on, MEDIATION_MONTHS),
    )


def criticality_of(factors: Iterable[int], ceilings: Sequence[int] = CEILINGS) -> Criticality:
    """Gravity × urgency × stake, each from 1 to 3, placed between the ceilings of the levels."""
    product = 1
    for factor in factors:
        product *= factor
    level = 1 + sum(product > ceiling for ceiling in ceilings)
    return Criticality(level, product, tuple(ceilings))
