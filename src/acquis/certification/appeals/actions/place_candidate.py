from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.appeals import queries
from acquis.certification.appeals.actions.locking import lock
from acquis.certification.appeals.errors import NotAccepted, SessionUnfit
from acquis.certification.appeals.models import Appeal
from acquis.certification.exam_sessions.actions import add_candidate
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.registrations.actions import use_retake
from acquis.kernel import trace


@transaction.atomic
def place_candidate(
    *, appeal: Appeal, session: ExamSession, by: User, at: datetime
) -> SessionCandidate:
    """Put the candidate of an accepted appeal in a session to come of the same exam.

    Raises NotAccepted, SessionUnfit, RetakeRightUsed, or what `add_candidate` refuses.
    """
    appeal = lock(appeal.pk)
    right = queries.right_of(appeal)
    if right is None:
        raise NotAccepted
    if not queries.sessions_to_come(appeal, at).filter(pk=session.pk).exists():
        raise SessionUnfit
    seat = add_candidate(session=session, enrolment=appeal.seat.enrolment, by=by, at=at)
    use_retake(right=right, session=session.reference, by=by, at=at)
    trace.record("appeal.placed", appeal, by=by, at=at, reference=session.reference, seat=seat.pk)
    return seat
