"""Commercial calculations, with the worked examples of the rule book."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.sales import policy
from acquis.desk.sales.policy import Line, Reduction

D = Decimal

money = st.decimals(0, 100_000, places=2)
percents = st.decimals(0, 100, places=2)
rates = st.sampled_from([D("20.00"), D("10.00"), D("5.50"), D("2.10"), D("0.00")])
lines = st.lists(
    st.builds(
        Line,
        label=st.just("x"),
        quantity=st.decimals(0, 1000, places=3),
        unit_price=st.decimals(0, 1000, places=4),
        vat_rate=rates,
        discount_percent=percents,
    ),
    min_size=1,
    max_size=6,
)
reductions = st.lists(st.builds(Reduction, name=st.just("r"), percent=percents), max_size=4)


def test_the_cascade_of_c03() -> None:
    result = policy.compute(
        [Line("Article", D(12), D("85.00"), D(20))],
        [Reduction("rabais", D(5)), Reduction("remise", D(3)), Reduction("escompte", D(2))],
        carriage=D("18.00"),
    )

    assert result.gross == D("1020.00")
    assert [(step.amount, step.net) for step in result.steps] == [
        (D("51.00"), D("969.00")), (D("29.07"), D("939.93")), (D("18.80"), D("921.13")),
    ]  # fmt: skip
    assert result.total_ht == D("939.13")
    assert result.total_vat == D("187.83")
    assert result.total_ttc == D("1126.96")


def test_vat_is_rounded_once_for_each_rate_c04() -> None:
    result = policy.compute(
        [Line("", D(1), D(price), D("5.5")) for price in ("2.97", "10.43", "2.35")]
    )

    assert (result.bases[0].base, result.total_vat) == (D("15.75"), D("0.87"))


@pytest.mark.parametrize(
    ("ttc", "rate", "ht", "vat"),
    [("49.99", "20", "41.66", "8.33"), ("19.90", "10", "18.09", "1.81"),
     ("9.99", "5.5", "9.47", "0.52")],
)  # fmt: skip
def test_a_price_with_vat_is_split_as_c04_says(ttc: str, rate: str, ht: str, vat: str) -> None:
    assert policy.without_vat(D(ttc), D(rate)) == (D(ht), D(vat))


def test_a_deposit_is_taken_off_what_is_due_c08() -> None:
    supply = [Line("", D(1), D(1000), D(20)), Line("", D(1), D(500), D(10))]

    result = policy.compute(supply, deposit=D("525.00"))

    assert (result.total_ttc, result.due) == (D("1750.00"), D("1225.00"))


def test_credits_never_exceed_their_invoice_c07() -> None:
    assert policy.left_to_credit(D("120.00"), [D("20.00"), D("30.00")]) == D("70.00")
    assert policy.left_to_credit(D("120.00"), [D("120.00")]) == D("0.00")


@given(lines, reductions)
def test_an_invoice_and_its_whole_credit_are_worth_nothing_c07(
    supply: list[Line], taken: list[Reduction]
) -> None:
    invoiced = policy.compute(supply, taken)

    credited = policy.credit_bases(invoiced.bases, invoiced.total_ttc)

    assert sum((base.base + base.vat for base in credited), policy.ZERO) == invoiced.total_ttc
    assert credited == invoiced.bases


@given(lines, reductions, st.decimals(0, 1, places=2))
def test_a_part_credit_keeps_the_rates_and_adds_up(
    supply: list[Line], taken: list[Reduction], part: D
) -> None:
    invoiced = policy.compute(supply, taken)
    amount = policy.round_cents(invoiced.total_ttc * part)

    credited = policy.credit_bases(invoiced.bases, amount)

    assert sum((base.base + base.vat for base in credited), policy.ZERO) == amount
    assert {base.rate for base in credited} == {base.rate for base in invoiced.bases}


@given(lines, reductions, money)
def test_shares_of_the_rates_add_up_to_the_net(
    supply: list[Line], taken: list[Reduction], carriage: D
) -> None:
    result = policy.compute(supply, taken, carriage=carriage)

    assert sum((base.base for base in result.bases), policy.ZERO) == result.net + carriage
    assert result.total_ttc == result.total_ht + result.total_vat


@given(money, percents, percents)
def test_percentages_multiply_and_never_take_more_than_they_would_added(
    gross: D, first: D, second: D
) -> None:
    steps = policy.cascade(gross, [Reduction("a", first), Reduction("b", second)])

    added = gross * (1 - (first + second) / 100)
    assert steps[-1].net >= policy.round_cents(added) - D("0.01")
    assert steps[-1].net >= 0


@given(money, rates)
def test_the_two_parts_of_a_price_are_the_price(ttc: D, rate: D) -> None:
    ht, vat = policy.without_vat(ttc, rate)

    assert ht + vat == ttc
    assert vat >= 0


def test_nothing_is_shared_among_no_rates() -> None:
    assert policy.spread(policy.ZERO, {}) == {}
