"""Who may grant a gesture. Pure. Source: 002-CP3, K-07."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum


class Authority(IntEnum):
    ADVISER = 1
    SUPERVISOR = 2
    MANAGEMENT = 3


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What one level may grant: euros with VAT, and per cent of the order; None is no limit."""

    level: Authority
    amount: Decimal | None
    percent: Decimal | None = None

    def covers(self, amount: Decimal, order_total: Decimal | None) -> bool:
        """Both limits hold together; without an order, the amount alone."""
        if self.amount is not None and amount > self.amount:
            return False
        if self.percent is None or order_total is None:
            return True
        return amount * 100 <= self.percent * order_total


def needed(
    amount: Decimal, ceilings: Iterable[Ceiling], order_total: Decimal | None = None
) -> Authority:
    """The lowest level that may grant an amount; the management when no level listed may.

    Nothing granted needs nobody: an amount of 0 is the adviser's.
    """
    if amount <= 0:
        return Authority.ADVISER
    able = [one.level for one in ceilings if one.covers(amount, order_total)]
    return min(able, default=Authority.MANAGEMENT)
