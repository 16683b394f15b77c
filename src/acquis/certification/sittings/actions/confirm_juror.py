from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import SessionJuror
from acquis.kernel import realtime, trace


@transaction.atomic
def confirm_juror(*, member: SessionJuror, present: bool, by: User, at: datetime) -> SessionJuror:
    """Tick a juror present or absent: only present jurors mark, deliberate and sign (X-03)."""
    member = (
        SessionJuror.objects.select_for_update(of=("self",))
        .select_related("session", "juror")
        .get(pk=member.pk)
    )
    if member.present == present:
        return member
    member.present = present
    member.save(update_fields=["present"])
    trace.record(
        "juror.presence", member.session, by=by, at=at, juror=member.juror_id, present=present
    )
    realtime.publish(f"session:{member.session_id}", at=at, what="juror_presence")
    return member
