from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.actions.compose import refuse_drawn
from acquis.certification.exam_sessions.actions.locking import lock_composable, tell
from acquis.certification.exam_sessions.models import ExamSession, SessionJuror
from acquis.kernel import trace


@transaction.atomic
def move_juror(
    *, member: SessionJuror, session: ExamSession, by: User, at: datetime
) -> SessionJuror:
    """Seat a juror in another session, as a member; once there, they change nothing.

    The place stays one row: the summons in force is not withdrawn, the next one replaces it and says
    what changed. Whether the juror is free is for the caller, once the hours are known
    (`refuse_busy_juror`). Raises SessionFrozen or AlreadyDrawn.
    """
    if member.session_id == session.pk:
        return member
    first, second = sorted((member.session_id, session.pk))
    locked = {pk: lock_composable(pk) for pk in (first, second)}
    former, wanted = locked[member.session_id], locked[session.pk]
    refuse_drawn(member, member.juror.full_name)
    moved: dict[str, Any] = {
        "member": member.pk,
        "moved_from": former.reference,
        "moved_to": wanted.reference,
    }
    trace.record("session.juror_removed", former, by=by, at=at, **moved)
    member.session, member.function = wanted, SessionJuror.Function.MEMBER
    member.save(update_fields=["session", "function"])
    trace.record("session.juror_added", wanted, by=by, at=at, function=member.function, **moved)
    for told in (former, wanted):
        tell(told, "composed", at=at)
    return member
