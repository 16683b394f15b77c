from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.actions.locking import lock_composable, tell
from acquis.certification.exam_sessions.errors import NotEnrolledForThis
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.kernel import trace


@transaction.atomic
def move_candidate(
    *, seat: SessionCandidate, session: ExamSession, by: User, at: datetime
) -> SessionCandidate:
    """Seat a candidate in another session of the same exam; the summons they had stays with the former.

    Raises SessionFrozen, or NotEnrolledForThis when the exams differ.
    """
    first, second = sorted({seat.session_id, session.pk})
    locked = {pk: lock_composable(pk) for pk in (first, second)}
    former, wanted = locked[seat.session_id], locked[session.pk]
    enrolment = seat.enrolment
    if (enrolment.version_id, enrolment.block) != (wanted.version_id, wanted.block):
        raise NotEnrolledForThis(name=enrolment.candidate.full_name)
    trace.record("session.candidate_removed", former, by=by, at=at, candidate=seat.pk)
    last = wanted.candidates.order_by("-order").first()
    seat.session, seat.order = wanted, last.order + 1 if last else 1
    seat.save(update_fields=["session", "order"])
    seat.planned_phases.all().delete()
    trace.record("session.candidate_added", wanted, by=by, at=at, candidate=seat.pk)
    for told in (former, wanted):
        tell(told, "composed", at=at)
    return seat
