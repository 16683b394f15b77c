"""Delays in whole days, by their order and not by their mean: one late file does not hide the rest."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle delay, the one that nine in ten do not pass, and the longest, in days."""

    n: int
    median: float
    ninth: int
    longest: int


def spread(days: Sequence[int]) -> Spread | None:
    """None without any delay. The nine-tenths point is the nearest rank: a delay that was observed."""
    if not days:
        return None
    ordered = sorted(days)
    n = len(ordered)
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    return Spread(n, middle, ordered[math.ceil(0.9 * n) - 1], ordered[-1])
