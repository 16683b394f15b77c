from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from acquis.accounts.models import User
from acquis.certification.exam_sessions import queries
from acquis.certification.exam_sessions.actions.locking import lock_composable, tell
from acquis.certification.exam_sessions.models import ExamSession, PlannedPhase, SessionCandidate
from acquis.certification.exam_sessions.policy import Slot
from acquis.kernel import trace


@transaction.atomic
def keep_hours(*, seat: SessionCandidate, slots: Sequence[Slot], by: User, at: datetime) -> bool:
    """Store the hours that a season's plan gives to a candidate; whether they are other ones.

    Raises SessionFrozen once the session is open.
    """
    session = lock_composable(seat.session_id)
    if queries.stored_hours([seat]).get(seat.pk) == list(slots):
        return False
    seat.planned_phases.all().delete()
    PlannedPhase.objects.bulk_create(
        PlannedPhase(
            seat=seat,
            position=position,
            code=slot.code,
            kind=slot.kind,
            title=slot.title,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            jury_present=slot.jury_present,
            room=slot.room,
            workstation=slot.workstation,
        )
        for position, slot in enumerate(slots, start=1)
    )
    if slots:
        seat.starts_at = slots[0].starts_at
        seat.save(update_fields=["starts_at"])
    trace.record(
        "session.hours_kept",
        session,
        by=by,
        at=at,
        candidate=seat.pk,
        hours=[slot.starts_at.isoformat() for slot in slots],
    )
    tell(session, "composed", at=at)
    return True


def shift_hours(session: ExamSession, later: timedelta) -> None:
    """The session was put to another hour: what is stored for its candidates goes with it."""
    PlannedPhase.objects.filter(seat__session=session).update(
        starts_at=F("starts_at") + later, ends_at=F("ends_at") + later
    )
