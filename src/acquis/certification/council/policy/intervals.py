"""Intervals at 95 %: of proportions by score, of means and coefficients by clusters.

Formulas, sources and worked examples: docs/rules/council.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

Z95 = 1.959963984540054  # two-sided 5 % of the normal law
# Two-sided 5 % of Student's law, by degrees of freedom: the table that every manual prints.
_STUDENT = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
_STUDENT_BEYOND = ((40, 2.021), (60, 2.000), (120, 1.980))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval at 95 %; without one (`low`, `high` None), too little is known.

    `n` counts the independent observations: candidates, as a rule.
    """

    value: float
    low: float | None
    high: float | None
    n: int


def student(freedom: int) -> float:
    """The 97.5 % point of Student's law, from the printed table; between two lines, the wider.

    Raises ValueError under one degree of freedom.
    """
    if freedom < 1:
        raise ValueError("no degree of freedom")
    if freedom <= len(_STUDENT):
        return _STUDENT[freedom - 1]
    reached = [point for least, point in _STUDENT_BEYOND if freedom >= least]
    return reached[-1] if reached else _STUDENT[-1]


def wilson(successes: int, n: int) -> Estimate:
    """The proportion with Wilson's score interval (1927), which stays inside 0 and 1.

    Raises ValueError when there is nobody, or when the successes are not among them.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError("successes are between 0 and n, and n is at least 1")
    share, square = successes / n, Z95 * Z95
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == n else centre + half
    return Estimate(share, low, high, n)


def difference(now: Estimate, before: Estimate) -> Estimate:
    """The change between two independent proportions, by Newcombe's hybrid score (1998, method 10).

    Raises ValueError when either has no interval.
    """
    if now.low is None or now.high is None or before.low is None or before.high is None:
        raise ValueError("both proportions need their interval")
    gap = now.value - before.value
    down = math.hypot(now.value - now.low, before.high - before.value)
    up = math.hypot(now.high - now.value, before.value - before.low)
    return Estimate(gap, gap - down, gap + up, min(now.n, before.n))


def linearised(
    value: float, influence: Floats, clusters: Integers, bounds: tuple[float, float]
) -> Estimate:
    """A statistic with the interval that its linearisation gives, observations grouped in clusters.

    `influence[i]` is what observation i moves the statistic by, already divided by the number of
    observations. What one cluster's observations share (a candidate's criteria) is summed before it
    is squared, so that 53 criteria of one person do not count as 53 people. Variance
    g/(g-1) x sum of squares, Student's law with g-1 degrees of freedom, cut at `bounds`. With one
    cluster, or no variation at all between them, there is no interval.
    """
    _names, place = np.unique(clusters, return_inverse=True)
    sums = np.bincount(place, weights=influence)
    groups = len(sums)
    if groups < 2:
        return Estimate(value, None, None, groups)
    variance = groups / (groups - 1) * float(np.dot(sums, sums))
    if variance < 1e-18:
        return Estimate(value, None, None, groups)
    half = student(groups - 1) * math.sqrt(variance)
    return Estimate(value, max(bounds[0], value - half), min(bounds[1], value + half), groups)


def correlation(left: Sequence[float] | Floats, right: Sequence[float] | Floats) -> Estimate | None:
    """Pearson's correlation with Fisher's z interval; None when either does not vary, or under 4.

    Of a mark of 0 or 1 and a score, it is the point-biserial correlation.
    """
    x, y = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    n = len(x)
    if n < 4:
        return None
    x, y = x - x.mean(), y - y.mean()
    scale = math.sqrt(float(np.dot(x, x)) * float(np.dot(y, y)))
    if scale < 1e-12:
        return None
    r = max(-1.0, min(1.0, float(np.dot(x, y)) / scale))
    if abs(r) > 1 - 1e-12:
        return Estimate(r, None, None, n)
    z, half = math.atanh(r), Z95 / math.sqrt(n - 3)
    return Estimate(r, math.tanh(z - half), math.tanh(z + half), n)
