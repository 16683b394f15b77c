"""Margins, escompte and credit notes of C-05, C-06 and C-07."""

from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.models import Workspace
from acquis.desk.sales import helpers, policy
from acquis.kernel.testing import StrictClient

D = Decimal
amounts = st.decimals(min_value=0, max_value=100_000, places=2)
rates = st.sampled_from([D("20.00"), D("10.00"), D("5.50"), D("2.10"), D("0.00")])
percents = st.decimals(min_value=0, max_value=100, places=2)


def test_the_margin_of_a_sale_c05() -> None:
    found = helpers.margin_of(D("60.00"), D("100.00"), D(20))

    assert found == helpers.Margin(D("40.00"), D("66.67"), D("40.00"), D("2.0000"), D("120.00"))


def test_what_has_no_divisor_has_no_rate_c05() -> None:
    free = helpers.margin_of(D(0), D(0), D(20))

    assert (free.margin_rate, free.mark_rate, free.multiplier) == (None, None, None)
    assert helpers.largest_discount(D(1), D(0), D(0)) == 0
    assert helpers.break_even(D(1000), D(0)) is None


def test_the_largest_discount_and_the_break_even_c05() -> None:
    assert helpers.largest_discount(D("60.00"), D("100.00"), D(25)) == D("25.00")
    assert helpers.largest_discount(D("90.00"), D("100.00"), D(25)) == 0
    assert helpers.break_even(D("12000.00"), D("40.00")) == D("30000.00")


@given(amounts, amounts, percents)
def test_the_largest_discount_keeps_the_margin_asked(buying: D, selling: D, least: D) -> None:
    taken = helpers.largest_discount(buying, selling, least)

    assert 0 <= taken <= 100
    if taken:
        paid = selling * (1 - taken / 100)
        assert paid >= buying * (1 + least / 100)


def test_an_escompte_taken_later_gives_its_vat_back_c06() -> None:
    found = helpers.early_payment(D("1200.00"), D(2), D(20))

    assert found == helpers.EarlyPayment(D("24.00"), D("20.00"), D("4.00"), D("1176.00"))


@given(amounts, percents, rates)
def test_what_is_taken_and_what_is_due_make_the_invoice(ttc: D, percent: D, rate: D) -> None:
    found = helpers.early_payment(ttc, percent, rate)

    assert found.taken_ttc + found.due_ttc == ttc
    assert found.taken_ht + found.taken_vat == found.taken_ttc


def test_a_credit_note_is_cut_to_what_is_left_c07() -> None:
    found = helpers.credit_of(D("120.00"), [D("100.00")], D("50.00"), D(20))

    assert (found.ttc, found.ht, found.vat, found.left_after) == (D(20), D("16.67"), D("3.33"), 0)
    assert found.is_cut
    assert not helpers.credit_of(D(120), [], D(50), D(20)).is_cut


@given(amounts, st.lists(amounts, max_size=4), amounts, rates)
def test_credit_notes_and_what_is_left_never_exceed_the_invoice(
    invoiced: D, credited: list[D], asked: D, rate: D
) -> None:
    found = helpers.credit_of(invoiced, credited, asked, rate)

    assert found.ht + found.vat == found.ttc <= asked
    assert found.ttc + found.left_after == policy.left_to_credit(invoiced, credited)


@given(amounts, rates)
def test_an_invoice_and_its_whole_credit_note_are_worth_nothing(ttc: D, rate: D) -> None:
    ht, vat = policy.without_vat(ttc, rate)
    credit = helpers.credit_of(ttc, [], ttc, rate)

    assert (ht - credit.ht, vat - credit.vat, ttc - credit.ttc, credit.left_after) == (0, 0, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"marge": "1", "m-buying": "60", "m-selling": "100", "m-rate": "20.00", "m-least": "25"},
         ["66,67", "25,00", "remise possible"]),
        ({"marge": "1", "m-buying": "0", "m-selling": "0", "m-rate": "20.00"}, ["Marge"]),
        ({"anticipe": "1", "e-ttc": "1200", "e-percent": "2", "e-rate": "20.00"},
         ["24,00", "1\u202f176,00"]),
        ({"avoir": "1", "a-invoiced": "120", "a-credited": "100", "a-asked": "50",
          "a-rate": "20.00"}, ["20,00", "16,67", "ramené"]),
        ({"avoir": "1", "a-invoiced": "x", "a-asked": "50", "a-rate": "20.00"}, ["Avoir"]),
        ({"calcul": "1", "l1-quantity": "12", "l1-unit_price": "85", "l1-vat_rate": "20.00",
          "remise_1": "3"}, ["Total TTC"]),
    ],
)  # fmt: skip
def test_each_helper_shows_its_steps_on_screen(
    signed_in: StrictClient,
    workspace: Workspace,
    htmx: dict[str, str],
    asked: dict[str, str],
    expected: list[str],
) -> None:
    address = reverse("sales:calculator", args=[workspace.pk])

    page = signed_in.get(address, asked).content.decode()
    part = signed_in.get(address, asked, headers=htmx).content.decode()

    for words in expected:
        assert words in page
        assert words in part
