"""Which price list serves a customer, and what it makes of a product's price. Pure.

Prices are decimals in euros. Without VAT they have four decimals at most, with VAT two; the half
counts for one (C-04). Days are days in Paris: a list holds from midnight there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from acquis.desk.sales.policy import HUNDRED, ZERO, vat_of, without_vat
from acquis.kernel.money import round_cents

FOUR = Decimal("0.0001")
MOST_PRICE = Decimal(10_000_000)
MOST_QUANTITY = Decimal(1_000_000)
MOST_RAISE = Decimal(1000)  # %
Standing = Literal["draft", "withdrawn", "future", "in_force", "replaced", "over"]
Problem = Literal[
    "no_price", "two_prices", "price_bounds", "price_decimals", "cents", "percent_bounds",
    "percent_decimals", "least_bounds", "least_decimals",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A price from a quantity on: `price`, or `percent` off the catalogue; one of them is None."""

    least: Decimal
    price: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """Of one unit."""

    ht: Decimal
    ttc: Decimal


@dataclass(frozen=True, slots=True)
class Period:
    """When a published version begins, and its own last day; None is without end."""

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A step that differs between two versions; None where it is not there."""

    key: tuple[int, Decimal]  # the product, the least quantity
    before: Step | None
    after: Step | None


def catalogue(ht: Decimal, rate: Decimal) -> Price:
    """The price of the catalogue, with VAT counted on the cents shown."""
    cents = round_cents(ht)
    return Price(ht, cents + vat_of(cents, rate))


def price_of(step: Step, base: Price, rate: Decimal, *, with_vat: bool) -> Price:
    """What a step charges for one unit of a product whose catalogue price is `base`.

    `with_vat` says that the list names prices with VAT: those are kept to the cent and the price
    without VAT follows from them; else the other way round. A percentage is taken off the price of
    the catalogue of the same kind.
    """
    left = 1 - (step.percent or ZERO) / HUNDRED
    if with_vat:
        ttc = round_cents(base.ttc * left) if step.price is None else round_cents(step.price)
        return Price(without_vat(ttc, rate)[0], ttc)
    if step.price is None:
        return catalogue((base.ht * left).quantize(FOUR, rounding=ROUND_HALF_UP), rate)
    return catalogue(step.price, rate)


def step_for(steps: Iterable[Step], quantity: Decimal) -> Step | None:
    """The step that a quantity reaches: the highest of those it is not under."""
    reached = [step for step in steps if step.least <= quantity]
    return max(reached, key=lambda step: step.least, default=None)


def closeness(audience: str, segment: str, *, kind: str, of_segment: str) -> int:
    """How narrowly a list is meant for a customer; 0 when it is not theirs.

    Their segment before their kind (`person` or `company`), and that before everybody. Without a
    customer, kind "": only lists for everybody.
    """
    if audience == "segment":
        return 3 if segment.casefold() == of_segment.casefold() and of_segment else 0
    if audience == "all":
        return 1
    return 2 if kind and {"persons": "person", "companies": "company"}[audience] == kind else 0


def last_day(period: Period, following: Iterable[date]) -> date | None:
    """When a version really ends: its own end, or the day before a later one of its list begins."""
    later = [start for start in following if start > period.start]
    ends = [period.end] if period.end else []
    if later:
        ends.append(min(later) - timedelta(days=1))
    return min(ends, default=None)


def standing(state: str, period: Period | None, following: Iterable[date], today: date) -> Standing:
    """What a version is today; `following` are the first days of the published of its list."""
    if period is None or state == "draft":
        return "draft"
    if state == "withdrawn":
        return "withdrawn"
    if today < period.start:
        return "future"
    starts = list(following)
    end = last_day(period, starts)
    if end is None or today <= end:
        return "in_force"
    return "replaced" if any(period.start < start <= today for start in starts) else "over"


def raised(step: Step, percent: Decimal) -> Step:
    """The step with its price raised, lowered below zero; a part off the catalogue stays.

    To the cent, or to four decimals when the price already has more than two.
    """
    if step.price is None:
        return step
    grown = step.price * (1 + percent / HUNDRED)
    if round_cents(step.price) == step.price:
        return Step(step.least, round_cents(grown))
    return Step(step.least, grown.quantize(FOUR, rounding=ROUND_HALF_UP))


def problem_of(step: Step, *, with_vat: bool) -> Problem | None:
    """What forbids a step, the first fault found; `with_vat` as for `price_of`."""
    price, percent = step.price, step.percent
    faults: list[tuple[bool, Problem]] = [
        (price is None and percent is None, "no_price"),
        (price is not None and percent is not None, "two_prices"),
        (not 0 < step.least <= MOST_QUANTITY, "least_bounds"),
        (_decimals(step.least) > 3, "least_decimals"),
        (price is not None and not 0 <= price <= MOST_PRICE, "price_bounds"),
        (price is not None and _decimals(price) > 4, "price_decimals"),
        (price is not None and with_vat and _decimals(price) > 2, "cents"),
        (percent is not None and not 0 <= percent <= HUNDRED, "percent_bounds"),
        (percent is not None and _decimals(percent) > 2, "percent_decimals"),
    ]
    return next((problem for wrong, problem in faults if wrong), None)


def _decimals(number: Decimal) -> int:
    """Of a finite number, zeros at the end left aside."""
    return max(0, -int(number.normalize().as_tuple().exponent))


def differences(
    before: Mapping[tuple[int, Decimal], Step], after: Mapping[tuple[int, Decimal], Step]
) -> list[Change]:
    """Steps added, dropped or charged otherwise, by product and quantity."""
    keys = sorted({*before, *after})
    return [
        Change(key, before.get(key), after.get(key))
        for key in keys
        if before.get(key) != after.get(key)
    ]


def growth(before: Step | None, after: Step | None) -> Decimal | None:
    """By how much a price in euros grew, in % to two decimals; None where nothing compares."""
    if before is None or after is None or not before.price or after.price is None:
        return None
    grown = (after.price - before.price) / before.price * HUNDRED
    return round_cents(grown)
