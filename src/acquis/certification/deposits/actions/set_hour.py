from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from acquis.accounts.models import User
from acquis.certification.deposits.errors import HourAfterTheExam
from acquis.certification.deposits.models import DepositHour
from acquis.certification.exam_sessions.actions.locking import lock_composable, tell
from acquis.certification.exam_sessions.models import ExamSession
from acquis.kernel import trace


@transaction.atomic
def set_hour(
    *, session: ExamSession, until: datetime | None, by: User, at: datetime
) -> ExamSession:
    """Say until when the documents of a session are handed in; None leaves it to the framework.

    Until the session opens. What was handed in keeps the mark that it had. Raises HourAfterTheExam or
    SessionFrozen.
    """
    session = lock_composable(session.pk)
    if until is not None and until > session.starts_at:
        starts = date_format(timezone.localtime(session.starts_at), "j F Y, H:i")
        raise HourAfterTheExam(starts=starts)
    kept = DepositHour.objects.filter(session=session)
    if kept.values_list("until", flat=True).first() == until:
        return session
    if until is None:
        kept.delete()
    else:
        DepositHour.objects.update_or_create(
            session=session, defaults={"until": until, "set_by": by, "set_at": at}
        )
    trace.record(
        "session.deposit_hour_set",
        session,
        by=by,
        at=at,
        until=until.isoformat() if until else None,
    )
    tell(session, "deposit_hour_set", at=at)
    return session
