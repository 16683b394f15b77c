"""The verbs of enrolment."""

from acquis.certification.registrations.actions.accommodate import (
    AccommodationData,
    accommodate,
    change_accommodation,
    end_accommodation,
)
from acquis.certification.registrations.actions.deposit_proof import deposit_proof, verify_proof
from acquis.certification.registrations.actions.enrol import enrol, revise_enrolment
from acquis.certification.registrations.actions.import_candidates import Imported, import_candidates
from acquis.certification.registrations.actions.open_account import open_account
from acquis.certification.registrations.actions.record_outcome import annul_result, record_outcome
from acquis.certification.registrations.actions.record_route import (
    AdmissibilityData,
    record_admissibility,
    record_held,
    record_result,
    revoke_result,
    withdraw_held,
)
from acquis.certification.registrations.actions.register_candidate import (
    register_candidate,
    revise_candidate,
)
from acquis.certification.registrations.actions.retake_right import grant_retake, use_retake
from acquis.certification.registrations.policy import CandidateData

__all__ = [
    "AccommodationData",
    "AdmissibilityData",
    "CandidateData",
    "Imported",
    "accommodate",
    "annul_result",
    "change_accommodation",
    "deposit_proof",
    "end_accommodation",
    "enrol",
    "grant_retake",
    "import_candidates",
    "open_account",
    "record_admissibility",
    "record_held",
    "record_outcome",
    "record_result",
    "register_candidate",
    "revise_candidate",
    "revise_enrolment",
    "revoke_result",
    "use_retake",
    "verify_proof",
    "withdraw_held",
]
