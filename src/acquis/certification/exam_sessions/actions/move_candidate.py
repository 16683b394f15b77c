from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.actions.compose import refuse_drawn, refuse_seat
from acquis.certification.exam_sessions.actions.locking import lock_composable, tell
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.kernel import trace


@transaction.atomic
def move_candidate(
    *, seat: SessionCandidate, session: ExamSession, by: User, at: datetime
) -> SessionCandidate:
    """Seat a candidate in another session of the same exam; once there, they change nothing.

    The place stays one row: the summons in force is not withdrawn, the next one replaces it, and
    what was sent, opened and answered stays readable with the former session. Raises SessionFrozen,
    AlreadyDrawn, NotEnrolledForThis when the exams differ, MayNotSit or CandidateBusy.
    """
    if seat.session_id == session.pk:
        return seat
    first, second = sorted((seat.session_id, session.pk))
    locked = {pk: lock_composable(pk) for pk in (first, second)}
    former, wanted = locked[seat.session_id], locked[session.pk]
    enrolment = seat.enrolment
    refuse_seat(wanted, enrolment, leaving=former)
    refuse_drawn(seat, enrolment.candidate.full_name)
    trace.record(
        "session.candidate_removed",
        former,
        by=by,
        at=at,
        candidate=seat.pk,
        moved_to=wanted.reference,
    )
    last = wanted.candidates.order_by("-order").first()
    seat.session, seat.order = wanted, last.order + 1 if last else 1
    seat.starts_at = wanted.starts_at
    seat.save(update_fields=["session", "order", "starts_at"])
    seat.planned_phases.all().delete()
    trace.record(
        "session.candidate_added",
        wanted,
        by=by,
        at=at,
        candidate=seat.pk,
        moved_from=former.reference,
    )
    for told in (former, wanted):
        tell(told, "composed", at=at)
    return seat
