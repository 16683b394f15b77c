"""What marks say of jurors and of criteria: severity, difficulty, discrimination; pure.

Formulas, sources and worked examples: docs/rules/council.md.
"""

import numpy as np

from acquis.certification.council.policy.intervals import (
    Estimate,
    Floats,
    Integers,
    correlation,
    linearised,
)


def severity(own: Floats, others: Floats, clusters: Integers) -> Estimate | None:
    """How much less often a juror grants a criterion than those who marked the same one.

    `own[i]` is 1 when the juror granted it, `others[i]` the share of the co-jurors who did,
    `clusters[i]` the candidate. 0.10: ten criteria of a hundred granted less than by the others;
    negative: more lenient. None without a co-juror.
    """
    n = len(own)
    if n == 0:
        return None
    gap = others - own
    value = float(gap.mean())
    return linearised(value, (gap - value) / n, clusters, (-1.0, 1.0))


def discrimination(decisions: Floats) -> list[Estimate | None]:
    """How each criterion parts those who succeed elsewhere from those who do not.

    `decisions[candidate, criterion]` is 1 (acquis), 0 (non acquis) or NaN (not assessed). Each is
    correlated with the share acquired of the candidate's other criteria: the corrected
    point-biserial correlation, in which a criterion does not vouch for itself. None where one of
    them does not vary, or under four candidates.
    """
    seen = ~np.isnan(decisions)
    granted = np.where(seen, decisions, 0.0)
    total, number = granted.sum(axis=1), seen.sum(axis=1)
    found: list[Estimate | None] = []
    for column in range(decisions.shape[1]):
        rows = seen[:, column] & (number > 1)
        rest = (total[rows] - granted[rows, column]) / (number[rows] - 1)
        found.append(correlation(decisions[rows, column], rest))
    return found
