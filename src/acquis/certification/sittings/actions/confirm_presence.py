from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.sittings.errors import AlreadyStarted, PresenceNotTicked
from acquis.certification.sittings.models import Sitting
from acquis.kernel import realtime, trace


def _lock(candidate: SessionCandidate) -> SessionCandidate:
    return (
        SessionCandidate.objects.select_for_update(of=("self",))
        .select_related("enrolment__candidate")
        .get(pk=candidate.pk)
    )


def _tell(candidate: SessionCandidate, what: str, at: datetime) -> None:
    realtime.publish(f"session:{candidate.session_id}", at=at, what=what, candidate=candidate.pk)
    sitting = Sitting.objects.filter(candidate=candidate).first()
    if sitting is not None:
        realtime.publish(f"sitting:{sitting.pk}", at=at, what=what)


@transaction.atomic
def confirm_presence(
    *, candidate: SessionCandidate, present: bool, by: User, at: datetime
) -> SessionCandidate:
    """Tick a candidate present or absent.

    Raises AlreadyStarted when an exam under way is said absent.
    """
    candidate = _lock(candidate)
    if candidate.present == present:
        return candidate
    started = Sitting.objects.filter(candidate=candidate).exclude(state=Sitting.State.WAITING)
    if not present and started.exists():
        raise AlreadyStarted(name=candidate.enrolment.candidate.full_name)
    candidate.present = present
    candidate.save(update_fields=["present"])
    trace.record(
        "candidate.present" if present else "candidate.absent",
        candidate,
        by=by,
        at=at,
        candidate=candidate.pk,
    )
    _tell(candidate, "presence", at)
    return candidate


@transaction.atomic
def confirm_identity(*, candidate: SessionCandidate, by: User, at: datetime) -> SessionCandidate:
    """Note that the identity document was compared with the enrolment. Raises PresenceNotTicked."""
    candidate = _lock(candidate)
    if candidate.identity_checked_at is not None:
        return candidate
    if not candidate.present:
        raise PresenceNotTicked(name=candidate.enrolment.candidate.full_name)
    candidate.identity_checked_at = at
    candidate.identity_checked_by = by
    candidate.save(update_fields=["identity_checked_at", "identity_checked_by"])
    trace.record("candidate.identified", candidate, by=by, at=at, candidate=candidate.pk)
    _tell(candidate, "identity", at)
    return candidate
