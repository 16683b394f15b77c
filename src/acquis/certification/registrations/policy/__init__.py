"""What the rules say of candidates; pure: no Django, no clock, no database."""

from acquis.certification.registrations.policy.accommodation import (
    HOUR,
    NO_EXTRA,
    Arrangement,
    ExtraTime,
    decided_late,
    fraction_from,
)
from acquis.certification.registrations.policy.identity import (
    CandidateData,
    Identity,
    Readiness,
    birth_date_is_likely,
    insee_fault,
    missing_fields,
    postcode_fault,
    readiness,
)

__all__ = [
    "HOUR",
    "NO_EXTRA",
    "Arrangement",
    "CandidateData",
    "ExtraTime",
    "Identity",
    "Readiness",
    "birth_date_is_likely",
    "decided_late",
    "fraction_from",
    "insee_fault",
    "missing_fields",
    "postcode_fault",
    "readiness",
]
