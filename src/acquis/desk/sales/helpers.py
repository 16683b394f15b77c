"""Margins, conditional escompte and credit notes, step by step. Pure.

Source: C-05, C-06 and C-07 of the rule book. Amounts are decimals in euros, rounded to the cent, the
half counted for one; rates are percentages, rounded to two decimals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from acquis.desk.sales.policy import HUNDRED, ZERO, left_to_credit, vat_of, without_vat
from acquis.kernel.money import CENT, round_cents

FOUR = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Margin:
    """What a sale leaves. A rate is None where its divisor is zero."""

    margin: Decimal  # selling price less buying price, both without VAT
    margin_rate: Decimal | None  # of the buying price
    mark_rate: Decimal | None  # of the selling price
    multiplier: Decimal | None  # selling price with VAT over buying price, four decimals
    selling_ttc: Decimal


def margin_of(buying: Decimal, selling: Decimal, vat_rate: Decimal) -> Margin:
    """The margin of one unit bought and sold at these prices without VAT (C-05)."""
    ttc = selling + vat_of(selling, vat_rate)
    margin = selling - buying
    return Margin(
        margin=margin,
        margin_rate=_percent(margin, buying),
        mark_rate=_percent(margin, selling),
        multiplier=(ttc / buying).quantize(FOUR, rounding=ROUND_HALF_UP) if buying else None,
        selling_ttc=ttc,
    )


def largest_discount(buying: Decimal, selling: Decimal, least_rate: Decimal) -> Decimal:
    """The most that may be taken off, in %, for the margin to keep `least_rate` % of the price paid.

    Cut to two decimals below: one more hundredth would go under. Zero when there is no room, and when
    nothing is sold (C-05).
    """
    if not selling:
        return ZERO
    left = (1 - buying * (1 + least_rate / HUNDRED) / selling) * HUNDRED
    return max(ZERO, left).quantize(CENT, rounding=ROUND_DOWN)


def break_even(fixed_costs: Decimal, contribution_rate: Decimal) -> Decimal | None:
    """The turnover that pays the fixed costs; None when nothing contributes to them (C-05)."""
    if not contribution_rate:
        return None
    return round_cents(fixed_costs * HUNDRED / contribution_rate)


@dataclass(frozen=True, slots=True)
class EarlyPayment:
    """What an early payment takes off an invoice already issued with its whole VAT (C-06)."""

    taken_ttc: Decimal
    taken_ht: Decimal
    taken_vat: Decimal  # given back by a credit note, or not deducted by the buyer
    due_ttc: Decimal


def early_payment(ttc: Decimal, percent: Decimal, vat_rate: Decimal) -> EarlyPayment:
    """The credit note of a conditional escompte: the same rate of VAT, the parts add up to it."""
    taken = round_cents(ttc * percent / HUNDRED)
    ht, vat = without_vat(taken, vat_rate)
    return EarlyPayment(taken, ht, vat, ttc - taken)


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note, cut to what its invoice still allows."""

    asked: Decimal
    ttc: Decimal
    ht: Decimal
    vat: Decimal
    left_after: Decimal

    @property
    def is_cut(self) -> bool:
        return self.ttc != self.asked


def credit_of(
    invoiced_ttc: Decimal, credited: Sequence[Decimal], asked_ttc: Decimal, vat_rate: Decimal
) -> Credit:
    """A credit note at the rate of its invoice; all of them together never exceed it (C-07)."""
    room = left_to_credit(invoiced_ttc, credited)
    ttc = min(asked_ttc, room)
    ht, vat = without_vat(ttc, vat_rate)
    return Credit(asked_ttc, ttc, ht, vat, room - ttc)


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    if not whole:
        return None
    return (part / whole * HUNDRED).quantize(CENT, rounding=ROUND_HALF_UP)
