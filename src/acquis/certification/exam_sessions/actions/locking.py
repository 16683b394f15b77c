"""A session locked, and what its state allows."""

from datetime import datetime

from acquis.certification.exam_sessions import policy
from acquis.certification.exam_sessions.errors import SessionFrozen, SessionStateRefused
from acquis.certification.exam_sessions.models import ExamSession
from acquis.kernel import realtime


def lock(session_id: int) -> ExamSession:
    return (
        ExamSession.objects.select_for_update(of=("self",))
        .select_related("version__framework", "organisation")
        .get(pk=session_id)
    )


def lock_composable(session_id: int) -> ExamSession:
    """Raises SessionFrozen once the session is open."""
    session = lock(session_id)
    if session.state not in policy.COMPOSABLE:
        raise SessionFrozen(reference=session.reference, state=session.get_state_display().lower())
    return session


def move(session: ExamSession, wanted: ExamSession.State) -> None:
    """Put a locked session in another state. Raises SessionStateRefused."""
    if not policy.may_become(session.state, wanted):
        raise SessionStateRefused(
            reference=session.reference,
            wanted=str(wanted.label).lower(),
            state=session.get_state_display().lower(),
        )
    session.state = wanted
    session.save(update_fields=["state", "closed_at"])


def tell(session: ExamSession, what: str, *, at: datetime) -> None:
    realtime.publish(f"session:{session.pk}", at=at, what=what)
