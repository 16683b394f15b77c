"""What is owed on an invoice, and what may be claimed. Pure; euros with VAT. Source: C-07, R-07."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice as its debtor stands; `disputed` is what they contest of it today."""

    total: Decimal
    paid: Decimal = ZERO
    credited: Decimal = ZERO
    disputed: Decimal = ZERO

    @property
    def due(self) -> Decimal:
        """Total − paid − credited, never below nothing."""
        return max(ZERO, self.total - self.paid - self.credited)

    @property
    def in_dispute(self) -> Decimal:
        """The part of what is due that is contested: never more than is due."""
        return min(self.disputed, self.due)

    @property
    def dunnable(self) -> Decimal:
        """What a reminder may claim: due − disputed (a dispute stops the path of R-07)."""
        return self.due - self.in_dispute


def disputable(total: Decimal, credited: Iterable[Decimal]) -> Decimal:
    """The most that may be contested of an invoice, paid or not: what is not credited already."""
    return max(ZERO, total - sum(credited, ZERO))


def may_be_disputed(amount: Decimal, most: Decimal) -> bool:
    """Whether an amount is a part, or the whole, of what may be contested."""
    return ZERO < amount <= most
