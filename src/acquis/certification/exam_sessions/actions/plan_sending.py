from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.actions.locking import lock_composable
from acquis.certification.exam_sessions.errors import SendingTooLate, SessionInThePast
from acquis.certification.exam_sessions.models import ExamSession, SummonsPlan
from acquis.kernel import trace


@transaction.atomic
def plan_sending(*, session: ExamSession, send_at: datetime, by: User, at: datetime) -> SummonsPlan:
    """Choose when the summons leave by themselves; chosen again, the last choice counts.

    Raises SessionFrozen, SessionInThePast, or SendingTooLate for a time after the session begins.
    """
    session = lock_composable(session.pk)
    if session.starts_at <= at:
        raise SessionInThePast
    if send_at >= session.starts_at:
        raise SendingTooLate
    plan, _made = SummonsPlan.objects.update_or_create(
        session=session,
        defaults={"send_at": send_at, "planned_by": by, "planned_at": at, "started_at": None},
    )
    trace.record("summons.planned", session, by=by, at=at, send_at=send_at.isoformat())
    return plan


@transaction.atomic
def forget_plan(*, session: ExamSession, by: User, at: datetime) -> None:
    """Give up a sending that was planned and has not begun."""
    session = lock_composable(session.pk)
    removed, _rows = SummonsPlan.objects.filter(session=session, started_at__isnull=True).delete()
    if removed:
        trace.record("summons.plan_dropped", session, by=by, at=at)
