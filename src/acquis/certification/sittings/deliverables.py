"""The documents that a part of an exam under way hands in."""

from collections.abc import Sequence

from acquis.certification.exam_sessions.deliverables import Deliverable, asked_at
from acquis.certification.sittings.models import Phase


def of_phase(phase: Phase) -> Sequence[Deliverable]:
    """Those that the framework names, else one under the code of the part."""
    session = phase.sitting.candidate.session
    return asked_at(session.version.content, session.block, phase.code)
