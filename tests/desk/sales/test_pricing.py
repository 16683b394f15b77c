"""Which list serves a customer, and what it makes of a price."""

from datetime import date
from decimal import Decimal

import pytest

from acquis.desk.sales import pricing
from acquis.desk.sales.pricing import Period, Price, Step

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)


def test_a_price_without_vat_is_kept_and_its_vat_counted_on_the_cents() -> None:
    base = pricing.catalogue(Decimal("100.0000"), Decimal("20.00"))

    assert base == Price(Decimal("100.0000"), Decimal("120.00"))
    assert pricing.price_of(
        Step(Decimal(1), Decimal("9.9950")), base, Decimal("5.50"), with_vat=False
    ) == Price(Decimal("9.9950"), Decimal("10.55"))


def test_a_price_with_vat_is_kept_to_the_cent_and_the_other_follows() -> None:
    base = pricing.catalogue(Decimal("100.0000"), Decimal("20.00"))

    # C-04: 49,99 at 20 % is 41,66 without VAT.
    assert pricing.price_of(
        Step(Decimal(1), Decimal("49.99")), base, Decimal("20.00"), with_vat=True
    ) == Price(Decimal("41.66"), Decimal("49.99"))


@pytest.mark.parametrize(
    ("with_vat", "expected"),
    [
        (False, Price(Decimal("87.5000"), Decimal("105.00"))),
        (True, Price(Decimal("87.50"), Decimal("105.00"))),
    ],
)
def test_a_percentage_is_taken_off_the_catalogue(*, with_vat: bool, expected: Price) -> None:
    base = pricing.catalogue(Decimal("100.0000"), Decimal("20.00"))

    step = Step(Decimal(1), percent=Decimal("12.50"))

    assert pricing.price_of(step, base, Decimal("20.00"), with_vat=with_vat) == expected


def test_the_half_counts_for_one_off_the_catalogue() -> None:
    base = pricing.catalogue(Decimal("0.0003"), Decimal("20.00"))

    found = pricing.price_of(
        Step(Decimal(1), percent=Decimal(50)), base, Decimal("20.00"), with_vat=False
    )

    assert found.ht == Decimal("0.0002")


def test_a_quantity_takes_the_highest_step_it_reaches() -> None:
    steps = [
        Step(Decimal(1), Decimal(10)),
        Step(Decimal(50), Decimal(8)),
        Step(Decimal(10), Decimal(9)),
    ]

    assert pricing.step_for(steps, Decimal("9.999")) == steps[0]
    assert pricing.step_for(steps, Decimal(10)) == steps[2]
    assert pricing.step_for(steps, Decimal(5000)) == steps[1]
    assert pricing.step_for(steps, Decimal("0.5")) is None


@pytest.mark.parametrize(
    ("audience", "segment", "kind", "of_segment", "expected"),
    [
        ("all", "", "", "", 1),
        ("all", "", "person", "Or", 1),
        ("persons", "", "person", "", 2),
        ("persons", "", "company", "", 0),
        ("companies", "", "company", "", 2),
        ("companies", "", "", "", 0),
        ("segment", "Or", "person", "or", 3),
        ("segment", "Or", "person", "Argent", 0),
        ("segment", "Or", "person", "", 0),
    ],
)
def test_the_narrowest_list_is_the_closest(
    audience: str, segment: str, kind: str, of_segment: str, expected: int
) -> None:
    assert pricing.closeness(audience, segment, kind=kind, of_segment=of_segment) == expected


def test_a_version_ends_where_its_end_or_the_next_one_says() -> None:
    assert pricing.last_day(Period(JUNE), [JUNE]) is None
    assert pricing.last_day(Period(JUNE), [JUNE, JULY, AUGUST]) == date(2026, 6, 30)
    assert pricing.last_day(Period(JUNE, date(2026, 6, 10)), [JULY]) == date(2026, 6, 10)
    assert pricing.last_day(Period(JULY), [JUNE]) is None


@pytest.mark.parametrize(
    ("state", "period", "today", "expected"),
    [
        ("draft", None, JUNE, "draft"),
        ("withdrawn", Period(JULY), JULY, "withdrawn"),
        ("published", Period(JULY), date(2026, 6, 30), "future"),
        ("published", Period(JULY), JULY, "in_force"),
        ("published", Period(JULY), date(2026, 7, 31), "in_force"),
        ("published", Period(JULY), AUGUST, "replaced"),
        ("published", Period(JULY, date(2026, 7, 14)), date(2026, 7, 15), "over"),
        ("published", Period(AUGUST), date(2030, 1, 1), "in_force"),
    ],
)
def test_the_standing_of_a_version(
    state: str, period: Period | None, today: date, expected: str
) -> None:
    assert pricing.standing(state, period, [JULY, AUGUST], today) == expected


def test_a_raise_keeps_cents_and_leaves_percentages() -> None:
    assert pricing.raised(Step(Decimal(1), Decimal("19.9000")), Decimal(3)).price == Decimal(
        "20.50"
    )
    assert pricing.raised(Step(Decimal(1), Decimal("0.1234")), Decimal(10)).price == Decimal(
        "0.1357"
    )
    assert pricing.raised(Step(Decimal(1), Decimal(100)), Decimal("-12.5")).price == Decimal(
        "87.50"
    )
    step = Step(Decimal(1), percent=Decimal(10))
    assert pricing.raised(step, Decimal(10)) is step


@pytest.mark.parametrize(
    ("step", "with_vat", "expected"),
    [
        (Step(Decimal(1)), False, "no_price"),
        (Step(Decimal(1), Decimal(1), Decimal(1)), False, "two_prices"),
        (Step(Decimal(0), Decimal(1)), False, "least_bounds"),
        (Step(Decimal("1000000.1"), Decimal(1)), False, "least_bounds"),
        (Step(Decimal("0.0001"), Decimal(1)), False, "least_decimals"),
        (Step(Decimal(1), Decimal(-1)), False, "price_bounds"),
        (Step(Decimal(1), Decimal("10000000.01")), False, "price_bounds"),
        (Step(Decimal(1), Decimal("1.00001")), False, "price_decimals"),
        (Step(Decimal(1), Decimal("1.005")), True, "cents"),
        (Step(Decimal(1), Decimal("1.005")), False, None),
        (Step(Decimal(1), Decimal("1.5000")), True, None),
        (Step(Decimal(1), percent=Decimal("100.01")), False, "percent_bounds"),
        (Step(Decimal(1), percent=Decimal(-1)), False, "percent_bounds"),
        (Step(Decimal(1), percent=Decimal("1.001")), False, "percent_decimals"),
        (Step(Decimal(1), percent=Decimal(0)), True, None),
    ],
)
def test_what_forbids_a_step(step: Step, expected: str | None, *, with_vat: bool) -> None:
    assert pricing.problem_of(step, with_vat=with_vat) == expected


def test_differences_tell_what_is_added_dropped_and_charged_otherwise() -> None:
    before = {
        (1, Decimal(1)): Step(Decimal(1), Decimal(10)),
        (2, Decimal(1)): Step(Decimal(1), Decimal(5)),
    }
    after = {
        (1, Decimal(1)): Step(Decimal(1), Decimal(11)),
        (3, Decimal(1)): Step(Decimal(1), Decimal(7)),
    }

    found = pricing.differences(before, after)

    assert [(one.key[0], one.before, one.after) for one in found] == [
        (1, Step(Decimal(1), Decimal(10)), Step(Decimal(1), Decimal(11))),
        (2, Step(Decimal(1), Decimal(5)), None),
        (3, None, Step(Decimal(1), Decimal(7))),
    ]
    assert pricing.differences(before, dict(before)) == []


def test_growth_is_told_between_prices_alone() -> None:
    ten = Step(Decimal(1), Decimal(10))

    assert pricing.growth(ten, Step(Decimal(1), Decimal("10.25"))) == Decimal("2.50")
    assert pricing.growth(ten, None) is None
    assert pricing.growth(None, ten) is None
    assert pricing.growth(ten, Step(Decimal(1), percent=Decimal(5))) is None
    assert pricing.growth(Step(Decimal(1), Decimal(0)), ten) is None
