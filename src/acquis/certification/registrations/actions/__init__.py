"""The verbs of enrolment."""

from acquis.certification.registrations.actions.accommodate import (
    AccommodationData,
    accommodate,
    change_accommodation,
    end_accommodation,
)
from acquis.certification.registrations.actions.enrol import enrol
from acquis.certification.registrations.actions.import_candidates import Imported, import_candidates
from acquis.certification.registrations.actions.open_account import open_account
from acquis.certification.registrations.actions.register_candidate import (
    register_candidate,
    revise_candidate,
)
from acquis.certification.registrations.policy import CandidateData

__all__ = [
    "AccommodationData",
    "CandidateData",
    "Imported",
    "accommodate",
    "change_accommodation",
    "end_accommodation",
    "enrol",
    "import_candidates",
    "open_account",
    "register_candidate",
    "revise_candidate",
]
