from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.archives.errors import (
    AlreadyHeld,
    HeldElsewhere,
    NotHeld,
    ReasonMissing,
)
from acquis.certification.archives.models import Hold
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.kernel import trace

MANUAL = "manual"


@transaction.atomic
def place_hold(
    *,
    session: ExamSession,
    reason: str,
    by: User,
    at: datetime,
    origin: str = MANUAL,
    candidate: SessionCandidate | None = None,
) -> Hold:
    """Keep everything of the session until the hold is lifted, whatever the clocks say (G-02).

    `origin` names what holds: « manual » from the page, « appeal:12 » from another application,
    which lifts it itself. Raises ReasonMissing, or AlreadyHeld where this origin holds it.
    """
    if not reason.strip():
        raise ReasonMissing
    session = ExamSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if session.holds.filter(origin=origin, lifted_at__isnull=True).exists():
        raise AlreadyHeld
    hold = Hold.objects.create(
        session=session,
        candidate=candidate,
        origin=origin,
        reason=reason.strip()[:300],
        placed_at=at,
        placed_by=by,
    )
    trace.record(
        "archive.held", hold, by=by, at=at, origin=origin, personal={"reason": hold.reason}
    )
    return hold


@transaction.atomic
def lift_hold(*, hold: Hold, by: User, at: datetime, origin: str = MANUAL) -> Hold:
    """Let the clocks run again. Raises NotHeld, or HeldElsewhere when another origin placed it."""
    hold = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if hold.origin != origin:
        raise HeldElsewhere(origin=hold.origin)
    if hold.lifted_at is not None:
        raise NotHeld
    hold.lifted_at, hold.lifted_by = at, by
    hold.save(update_fields=["lifted_at", "lifted_by"])
    trace.record("archive.hold_lifted", hold, by=by, at=at, origin=origin)
    return hold
