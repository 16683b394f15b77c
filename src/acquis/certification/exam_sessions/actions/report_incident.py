from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.actions.locking import lock, tell
from acquis.certification.exam_sessions.errors import ReasonMissing
from acquis.certification.exam_sessions.models import ExamSession, Incident, SessionCandidate
from acquis.kernel import trace


@transaction.atomic
def report_incident(
    *,
    session: ExamSession,
    category: str,
    description: str,
    effect: str = Incident.Effect.NONE,
    candidate: SessionCandidate | None = None,
    happened_at: datetime,
    by: User,
    at: datetime,
) -> Incident:
    """Write down what happened in the room and its effect on the decision. Raises ReasonMissing."""
    session = lock(session.pk)
    if not description.strip():
        raise ReasonMissing
    incident = Incident.objects.create(
        session=session,
        candidate=candidate,
        category=category,
        effect=effect,
        description=description.strip(),
        happened_at=min(happened_at, at),
        reported_by=by,
        reported_at=at,
    )
    trace.record(
        "session.incident",
        session,
        by=by,
        at=at,
        incident=incident.pk,
        category=category,
        effect=effect,
        candidate=candidate.pk if candidate else None,
        personal={"description": incident.description},
    )
    tell(session, "incident", at=at)
    return incident
