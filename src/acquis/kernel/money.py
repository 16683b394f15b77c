"""Euros: decimals, rounded half up (C-04), written as French readers expect."""

from decimal import ROUND_HALF_UP, Decimal

NARROW_NBSP = "\u202f"
NBSP = "\u00a0"
CENT = Decimal("0.01")


def round_cents(amount: Decimal) -> Decimal:
    """Round to the cent, the half counted for one; negative amounts mirror positive ones."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def format_euros(amount: Decimal) -> str:
    """1234.5 → « 1 234,50 € » with a narrow non-breaking space between thousands."""
    rounded = round_cents(amount)
    text = f"{abs(rounded):,.2f}".replace(",", NARROW_NBSP).replace(".", ",")
    return f"{'-' if rounded < 0 else ''}{text}{NBSP}€"
