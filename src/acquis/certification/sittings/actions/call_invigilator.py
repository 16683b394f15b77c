from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.sittings.actions._room import lock, lock_unsealed, tell
from acquis.certification.sittings.models import HelpCall, Sitting
from acquis.kernel import trace


@transaction.atomic
def call_invigilator(*, sitting: Sitting, by: User, at: datetime, message: str = "") -> HelpCall:
    """Ask for the invigilator; a second click while the call is open is the same call."""
    sitting = lock_unsealed(sitting.pk)
    call = sitting.help_calls.filter(answered_at__isnull=True).first()
    if call is not None:
        return call
    call = HelpCall.objects.create(sitting=sitting, asked_at=at, message=message.strip()[:300])
    trace.record("help.asked", sitting, by=by, at=at, message=call.message)
    tell(sitting, "help_asked", at=at)
    return call


@transaction.atomic
def answer_call(*, call: HelpCall, by: User, at: datetime) -> HelpCall:
    """Note who came, and when; the first answer stays."""
    sitting = lock(call.sitting_id)
    call = HelpCall.objects.get(pk=call.pk)
    if call.answered_at is not None:
        return call
    call.answered_at = at
    call.answered_by = by
    call.save(update_fields=["answered_at", "answered_by"])
    waited = int((at - call.asked_at).total_seconds())
    trace.record("help.answered", sitting, by=by, at=at, waited_seconds=waited)
    tell(sitting, "help_answered", at=at)
    return call
