"""The statistics of a council's pack and what they may tell; pure: no Django, no clock, no database."""

from acquis.certification.council.policy.agreement import Agreement, cohen, fleiss
from acquis.certification.council.policy.delays import Spread, spread
from acquis.certification.council.policy.hiding import (
    CAUTION,
    FEWEST,
    FEWEST_JURORS,
    hidden_rows,
    may_compare,
    tells_of_each,
)
from acquis.certification.council.policy.intervals import (
    Estimate,
    correlation,
    difference,
    linearised,
    student,
    wilson,
)
from acquis.certification.council.policy.marking import discrimination, severity
from acquis.certification.council.policy.pseudonyms import SEED_BYTES, letters, shuffled

__all__ = [
    "CAUTION",
    "FEWEST",
    "FEWEST_JURORS",
    "SEED_BYTES",
    "Agreement",
    "Estimate",
    "Spread",
    "cohen",
    "correlation",
    "difference",
    "discrimination",
    "fleiss",
    "hidden_rows",
    "letters",
    "linearised",
    "may_compare",
    "severity",
    "shuffled",
    "spread",
    "student",
    "tells_of_each",
    "wilson",
]
