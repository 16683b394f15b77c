"""Pure rules of marking and deliberation. Nothing here reads a trace: only what people decided."""

from acquis.certification.grading.policy.grids import (
    JURORS_MIN,
    GridLine,
    disagreements,
    grid_lines,
    members_required,
    missing_marks,
    quorum_met,
)
from acquis.certification.grading.policy.passing import (
    BLOCK,
    COMPETENCY,
    CRITERION,
    PassRule,
    Proposal,
    Unit,
    least_acquired,
    outcome_of,
    pass_rule,
    proposals,
    satisfies_ratio,
)

__all__ = [
    "BLOCK",
    "COMPETENCY",
    "CRITERION",
    "JURORS_MIN",
    "GridLine",
    "PassRule",
    "Proposal",
    "Unit",
    "disagreements",
    "grid_lines",
    "least_acquired",
    "members_required",
    "missing_marks",
    "outcome_of",
    "pass_rule",
    "proposals",
    "quorum_met",
    "satisfies_ratio",
]
