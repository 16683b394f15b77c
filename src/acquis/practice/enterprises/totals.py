"""Totals of an order or an invoice: net lines, then VAT once for each rate (C-03, C-04)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from acquis.kernel.money import round_cents

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class VatShare:
    rate: Decimal
    base: Decimal
    vat: Decimal


@dataclass(frozen=True)
class Totals:
    lines: tuple[Decimal, ...]  # net HT of each line, in order
    shares: tuple[VatShare, ...]  # one for each rate, highest first
    ht: Decimal
    vat: Decimal
    ttc: Decimal


def line_total(quantity: Decimal, unit_price_ht: Decimal, discount_percent: Decimal) -> Decimal:
    """Gross rounded to the cent, then the discount rounded to the cent, as printed on the line."""
    gross = round_cents(quantity * unit_price_ht)
    return gross - round_cents(gross * discount_percent / HUNDRED)


def totals(lines: Iterable[Mapping[str, object]]) -> Totals:
    """Add up lines holding quantity, unit_price_ht, discount_percent and vat_rate."""
    nets: list[Decimal] = []
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        net = line_total(
            Decimal(str(line["quantity"])),
            Decimal(str(line["unit_price_ht"])),
            Decimal(str(line.get("discount_percent", 0))),
        )
        rate = Decimal(str(line["vat_rate"]))
        nets.append(net)
        bases[rate] = bases.get(rate, Decimal(0)) + net
    shares = tuple(
        VatShare(rate, base, round_cents(base * rate / HUNDRED))
        for rate, base in sorted(bases.items(), reverse=True)
    )
    ht = sum((share.base for share in shares), Decimal("0.00"))
    vat = sum((share.vat for share in shares), Decimal("0.00"))
    return Totals(tuple(nets), shares, ht, vat, ht + vat)
