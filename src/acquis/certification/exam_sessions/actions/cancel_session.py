from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.actions.locking import lock, move, tell
from acquis.certification.exam_sessions.actions.withdraw_summons import withdraw_all
from acquis.certification.exam_sessions.errors import ReasonMissing
from acquis.certification.exam_sessions.models import ExamSession
from acquis.kernel import trace


@transaction.atomic
def cancel_session(*, session: ExamSession, reason: str, by: User, at: datetime) -> ExamSession:
    """Call a session off, with its reason; whoever was summoned is told. Raises ReasonMissing or SessionStateRefused."""
    session = lock(session.pk)
    if session.state == ExamSession.State.CANCELLED:
        return session
    if not reason.strip():
        raise ReasonMissing
    move(session, ExamSession.State.CANCELLED)
    trace.record("session.cancelled", session, by=by, at=at, reason=reason.strip())
    withdraw_all(session=session, reason=reason.strip(), by=by, at=at)
    tell(session, "cancelled", at=at)
    return session
