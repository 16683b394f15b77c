"""Agreement between jurors beyond chance: Cohen's kappa of two, Fleiss' of several; pure.

Formulas, sources and worked examples: docs/rules/council.md.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from acquis.certification.council.policy.intervals import Estimate, Integers, linearised

BOUNDS = (-1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often jurors agree (`raw`, 0 to 1), and beyond chance (`kappa`).

    `kappa` is None where it means nothing: everybody gave the same mark everywhere.
    """

    raw: float
    kappa: Estimate | None
    items: int


def cohen(
    first: npt.NDArray[np.integer],
    second: npt.NDArray[np.integer],
    clusters: Integers | None = None,
) -> Agreement | None:
    """Two jurors' marks of the same items, as category numbers from 0; None without any item.

    Cohen (1960); variance by the linearisation of Fleiss, Cohen and Everitt (1969), summed within
    `clusters` (the candidate of each item) where they are given. Raises ValueError when the
    lengths differ.
    """
    if len(first) != len(second):
        raise ValueError("both jurors mark the same items")
    n = len(first)
    if n == 0:
        return None
    categories = int(max(first.max(), second.max())) + 1
    of_first = np.bincount(first, minlength=categories) / n
    of_second = np.bincount(second, minlength=categories) / n
    same = (first == second).astype(float)
    raw, chance = float(same.mean()), float(np.dot(of_first, of_second))
    if chance > 1 - 1e-12:
        return Agreement(raw, None, n)
    kappa = (raw - chance) / (1 - chance)
    moved = of_second[first] + of_first[second] - 2 * chance
    influence = ((same - raw) * (1 - chance) - (1 - raw) * moved) / (1 - chance) ** 2 / n
    groups = np.arange(n) if clusters is None else clusters
    return Agreement(raw, linearised(kappa, influence, groups, BOUNDS), n)


def fleiss(counts: npt.NDArray[np.integer], clusters: Integers | None = None) -> Agreement | None:
    """Several jurors' marks: `counts[item, category]`, how many gave it; None without two on one.

    Fleiss (1971), carried to items that more or fewer jurors marked as Gwet (2014, §2.6) does;
    variance by the linearisation of Gwet (2008), which supposes no independence of the jurors,
    summed within `clusters` where they are given.
    """
    each = counts.sum(axis=1)
    kept = each > 0
    table, each = counts[kept].astype(float), each[kept].astype(float)
    several = each > 1
    n, paired = len(table), int(several.sum())
    if not paired:
        return None
    shares = table / each[:, None]
    law = shares.mean(axis=0)
    own = np.zeros(n)
    own[several] = (table[several] * (table[several] - 1)).sum(axis=1) / (
        each[several] * (each[several] - 1)
    )
    raw, chance = float(own[several].mean()), float(np.dot(law, law))
    if chance > 1 - 1e-12:
        return Agreement(raw, None, paired)
    kappa = (raw - chance) / (1 - chance)
    # An item that one juror alone marked says nothing of agreement, and something of chance.
    agreed = np.where(several, (own - chance) * n / paired, 0.0) / (1 - chance)
    moved = 2 * (1 - kappa) * (shares @ law - chance) / (1 - chance)
    influence = (agreed - moved - kappa) / n
    groups = np.arange(n) if clusters is None else clusters[kept]
    return Agreement(raw, linearised(kappa, influence, groups, BOUNDS), paired)
