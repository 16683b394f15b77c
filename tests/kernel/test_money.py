from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.kernel import money

amounts = st.decimals(-(10**9), 10**9, places=4)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("0.8662", "0.87"), ("1", "1.00")],
)
def test_half_a_cent_counts_for_one(amount, rounded):
    assert str(money.round_cents(Decimal(amount))) == rounded


@given(amounts)
def test_rounding_moves_by_half_a_cent_at_most_and_once(amount):
    rounded = money.round_cents(amount)
    assert abs(rounded - amount) <= Decimal("0.005")
    assert money.round_cents(rounded) == rounded
    assert money.round_cents(-amount) == -rounded


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1234.56", "1\u202f234,56\u00a0€"),
        ("0", "0,00\u00a0€"),
        ("-1234567.891", "-1\u202f234\u202f567,89\u00a0€"),
    ],
)
def test_amounts_are_written_as_the_french_read_them(amount, text):
    assert money.format_euros(Decimal(amount)) == text
