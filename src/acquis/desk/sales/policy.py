"""Commercial calculations: the cascade of reductions, VAT by rate, rounding. Pure.

Source: C-03, C-04, C-07 and C-08 of the rule book. Amounts are decimals in euros, rounded to the
cent, the half counted for one; percentages are decimals between 0 and 100.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from acquis.kernel.money import round_cents

ZERO = Decimal("0.00")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    quantity: Decimal
    unit_price: Decimal  # without VAT, four decimals at most
    vat_rate: Decimal
    discount_percent: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Quantity × price, less the line's own discount, to the cent."""
        left = 1 - self.discount_percent / HUNDRED
        return round_cents(self.quantity * self.unit_price * left)


@dataclass(frozen=True, slots=True)
class Reduction:
    """A percentage taken off the net that precedes it: rabais, remise or escompte (C-02)."""

    name: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the cascade: what is taken off, and the net that remains."""

    name: str
    percent: Decimal
    amount: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class Base:
    """What is taxed at one rate."""

    rate: Decimal
    base: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Computation:
    gross: Decimal
    steps: tuple[Step, ...]
    net: Decimal  # after all reductions, before carriage
    carriage: Decimal
    bases: tuple[Base, ...]
    total_ht: Decimal
    total_vat: Decimal
    total_ttc: Decimal
    deposit: Decimal
    due: Decimal


def compute(
    lines: Sequence[Line],
    reductions: Sequence[Reduction] = (),
    *,
    carriage: Decimal = ZERO,
    deposit: Decimal = ZERO,
) -> Computation:
    """Follow the cascade: gross, each reduction on the net before it, carriage, VAT by rate, due.

    Percentages multiply, they never add. Carriage is taxed as the main supply, the rate that weighs
    most. VAT is computed once for each rate on its total (C-04).
    """
    gross = sum((line.total for line in lines), ZERO)
    steps = cascade(gross, reductions)
    net = steps[-1].net if steps else gross
    shares = spread(net, totals_by_rate(lines))
    if carriage:
        main = max(shares, key=lambda rate: (shares[rate], rate), default=ZERO)
        shares[main] = shares.get(main, ZERO) + carriage
    bases = tuple(
        Base(rate, base, vat_of(base, rate)) for rate, base in sorted(shares.items(), reverse=True)
    )
    total_ht = sum((base.base for base in bases), ZERO)
    total_vat = sum((base.vat for base in bases), ZERO)
    total_ttc = total_ht + total_vat
    return Computation(
        gross, steps, net, carriage, bases, total_ht, total_vat, total_ttc, deposit,
        total_ttc - deposit,
    )  # fmt: skip


def cascade(gross: Decimal, reductions: Sequence[Reduction]) -> tuple[Step, ...]:
    """Each reduction on the net before it, its amount rounded to the cent."""
    steps: list[Step] = []
    net = gross
    for reduction in reductions:
        amount = round_cents(net * reduction.percent / HUNDRED)
        net -= amount
        steps.append(Step(reduction.name, reduction.percent, amount, net))
    return tuple(steps)


def totals_by_rate(lines: Sequence[Line]) -> dict[Decimal, Decimal]:
    totals: dict[Decimal, Decimal] = {}
    for line in lines:
        totals[line.vat_rate] = totals.get(line.vat_rate, ZERO) + line.total
    return totals


def spread(net: Decimal, totals: dict[Decimal, Decimal]) -> dict[Decimal, Decimal]:
    """Share the net among the rates as their totals weigh; the lowest rate takes the cent left.

    The shares always add up to `net`.
    """
    gross = sum(totals.values(), ZERO)
    rates = sorted(totals, reverse=True)
    if not rates:
        return {}
    if not gross:
        return dict.fromkeys(rates[:-1], ZERO) | {rates[-1]: net}
    shares = {rate: round_cents(net * totals[rate] / gross) for rate in rates[:-1]}
    shares[rates[-1]] = net - sum(shares.values(), ZERO)
    return shares


def vat_of(base: Decimal, rate: Decimal) -> Decimal:
    return round_cents(base * rate / HUNDRED)


def without_vat(ttc: Decimal, rate: Decimal) -> tuple[Decimal, Decimal]:
    """The price without VAT, and the VAT, that a price with VAT holds; they add up to it."""
    ht = round_cents(ttc / (1 + rate / HUNDRED))
    return ht, ttc - ht


def left_to_credit(invoiced: Decimal, credited: Sequence[Decimal]) -> Decimal:
    """How much of an invoice may still be credited: credits never exceed it (C-07)."""
    return max(ZERO, invoiced - sum(credited, ZERO))


def credit_bases(bases: Sequence[Base], amount_ttc: Decimal) -> tuple[Base, ...]:
    """The bases of a credit note of `amount_ttc`, at the rates of its invoice, in its proportions.

    The whole amount gives back exactly the invoice's own bases.
    """
    total = sum((base.base + base.vat for base in bases), ZERO)
    if amount_ttc == total:
        return tuple(bases)
    shares = spread(amount_ttc, {base.rate: base.base + base.vat for base in bases})
    return tuple(Base(base.rate, *without_vat(shares[base.rate], base.rate)) for base in bases)
