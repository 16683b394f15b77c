from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.sittings.actions._room import close_phase, lock_unsealed, tell
from acquis.certification.sittings.enums import EndReason
from acquis.certification.sittings.models import Phase
from acquis.kernel import trace


@transaction.atomic
def end_phase(*, phase: Phase, by: User, at: datetime, reason: str = EndReason.HANDED_IN) -> Phase:
    """Close a phase; closed twice, it keeps its first end. One not begun is noted « not held ».

    Out of time, the reason is `time_over` whoever closes, and the end is that of the time.
    """
    sitting = lock_unsealed(phase.sitting_id)
    phase = sitting.phases.get(pk=phase.pk)
    if phase.state == Phase.State.ENDED:
        return phase
    if phase.state == Phase.State.WAITING:
        phase.state = Phase.State.ENDED
        phase.ended_at = at
        phase.ended_reason = EndReason.NOT_HELD
        phase.save(update_fields=["state", "ended_at", "ended_reason"])
        trace.record("phase.not_held", phase, by=by, at=at, phase=phase.code)
    else:
        close_phase(phase, by=by, at=at, reason=reason)
    tell(sitting, "phase_ended", at=at)
    return phase
