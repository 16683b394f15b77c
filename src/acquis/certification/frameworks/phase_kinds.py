"""What one does in a phase of an exam; pure."""

from enum import StrEnum


class PhaseKind(StrEnum):
    WRITTEN = "written"
    PREPARATION = "preparation"
    EXCHANGES = "exchanges"
    REACTION = "reaction"
    INTERVIEW = "interview"
    DEFENCE = "defence"
    DEPOSIT = "deposit"
