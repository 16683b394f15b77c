from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.actions.locking import lock, move, tell
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.papers.actions import reveal_seeds
from acquis.certification.sittings import queries
from acquis.certification.sittings.actions.abort_sitting import abort_sitting
from acquis.certification.sittings.errors import CandidatesUnfinished
from acquis.certification.sittings.models import Sitting
from acquis.kernel import trace

ABSENT = "Absent"


@transaction.atomic
def close_session(*, session: ExamSession, by: User, at: datetime) -> ExamSession:
    """End the exams of a session; the absent are sealed as such. Closed twice, closed once.

    Raises CandidatesUnfinished, naming them, or SessionStateRefused.
    """
    session = lock(session.pk)
    if session.state == ExamSession.State.CLOSED:
        return session
    left = queries.unfinished(session)
    if left:
        names = ", ".join(each.candidate.enrolment.candidate.full_name for each in left)
        raise CandidatesUnfinished(count=len(left), names=names)
    session.closed_at = at
    move(session, ExamSession.State.CLOSED)
    for sitting in Sitting.objects.filter(
        candidate__session=session, candidate__present=False, state=Sitting.State.WAITING
    ):
        abort_sitting(sitting=sitting, reason=ABSENT, by=by, at=at)
    trace.record("session.closed", session, by=by, at=at)
    reveal_seeds(session=session, by=by, at=at)
    tell(session, "closed", at=at)
    return session
