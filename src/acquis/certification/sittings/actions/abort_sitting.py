from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.sittings.actions._room import close_phase, lock, tell
from acquis.certification.sittings.actions.finish_sitting import seal_sitting
from acquis.certification.sittings.enums import EndReason
from acquis.certification.sittings.errors import ReasonMissing, SittingSealed
from acquis.certification.sittings.models import Phase, Sitting
from acquis.kernel import trace


@transaction.atomic
def abort_sitting(*, sitting: Sitting, reason: str, by: User, at: datetime) -> Sitting:
    """Stop an exam for good, with its reason; what was written stays and is sealed.

    Raises ReasonMissing, or SittingSealed when it had already finished.
    """
    sitting = lock(sitting.pk)
    if sitting.state == Sitting.State.ABORTED:
        return sitting
    if sitting.state == Sitting.State.FINISHED:
        raise SittingSealed
    if not reason.strip():
        raise ReasonMissing
    for phase in sitting.phases.filter(state=Phase.State.RUNNING):
        close_phase(phase, by=by, at=at, reason=EndReason.ABORTED)
    sitting.abort_reason = reason.strip()[:300]
    seal_sitting(sitting, Sitting.State.ABORTED, by=by, at=at)
    trace.record("sitting.aborted", sitting, by=by, at=at, reason=sitting.abort_reason)
    tell(sitting, "aborted", at=at)
    return sitting
