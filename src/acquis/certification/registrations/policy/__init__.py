"""What the rules say of candidates; pure: no Django, no clock, no database."""

from acquis.certification.registrations.policy.accommodation import (
    HOUR,
    NO_EXTRA,
    Arrangement,
    ExtraTime,
    decided_late,
    fraction_from,
)
from acquis.certification.registrations.policy.admission import (
    Bar,
    Request,
    Way,
    admitted_on,
    bars,
    start_by,
    vae_quota,
)
from acquis.certification.registrations.policy.identity import (
    CandidateData,
    Identity,
    Readiness,
    birth_date_is_likely,
    insee_fault,
    is_france,
    missing_fields,
    postcode_fault,
    readiness,
)
from acquis.certification.registrations.policy.proofs import (
    FOR_JURORS,
    FOR_SESSION,
    WITHOUT_COPY,
    due_on,
    for_jurors,
    required,
)

__all__ = [
    "FOR_JURORS",
    "FOR_SESSION",
    "HOUR",
    "NO_EXTRA",
    "WITHOUT_COPY",
    "Arrangement",
    "Bar",
    "CandidateData",
    "ExtraTime",
    "Identity",
    "Readiness",
    "Request",
    "Way",
    "admitted_on",
    "bars",
    "birth_date_is_likely",
    "decided_late",
    "due_on",
    "for_jurors",
    "fraction_from",
    "insee_fault",
    "is_france",
    "missing_fields",
    "postcode_fault",
    "readiness",
    "required",
    "start_by",
    "vae_quota",
]
