from datetime import datetime, timedelta

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.sittings import policy
from acquis.certification.sittings.actions._room import lock_unsealed, tell
from acquis.certification.sittings.errors import BreakNotGranted, PhaseNotRunning
from acquis.certification.sittings.models import Phase
from acquis.kernel import trace


@transaction.atomic
def take_break(*, phase: Phase, by: User, at: datetime) -> Phase:
    """Begin a break that an accommodation grants (X-11): the clock of the part stops.

    The end of the part moves by all that is left of the breaks at once, so that nobody has to be there
    when they are spent; what is not taken comes back when the break is ended. A break under way goes
    on. Raises BreakNotGranted when none is left, PhaseNotRunning or SittingSealed.
    """
    sitting = lock_unsealed(phase.sitting_id)
    phase = sitting.phases.get(pk=phase.pk)
    clock = policy.phase_clock(phase, at)
    if phase.state != Phase.State.RUNNING or clock.is_over:
        raise PhaseNotRunning(phase=phase.title)
    if clock.paused:
        return phase
    if not clock.pause_left:
        raise BreakNotGranted
    phase.paused_at = at
    if phase.ends_at is not None:
        phase.ends_at += timedelta(seconds=clock.pause_left)
    phase.save(update_fields=["paused_at", "ends_at"])
    trace.record(
        "phase.break_taken", phase, by=by, at=at, phase=phase.code, seconds_left=clock.pause_left
    )
    tell(sitting, "break_taken", at=at)
    return phase


@transaction.atomic
def end_break(*, phase: Phase, by: User, at: datetime) -> Phase:
    """End a break: the clock runs on, what was not taken may be taken later.

    Without a break under way nothing changes. Raises SittingSealed.
    """
    sitting = lock_unsealed(phase.sitting_id)
    phase = sitting.phases.get(pk=phase.pk)
    clock = policy.phase_clock(phase, at)
    if phase.state != Phase.State.RUNNING or not clock.paused:
        return phase
    spent = policy.pause_spent(phase, at)
    taken = spent - phase.paused_seconds
    if phase.ends_at is not None:
        phase.ends_at -= timedelta(seconds=phase.pause_seconds - spent)
    phase.paused_seconds, phase.paused_at = spent, None
    phase.save(update_fields=["paused_seconds", "paused_at", "ends_at"])
    trace.record("phase.break_ended", phase, by=by, at=at, phase=phase.code, seconds=taken)
    tell(sitting, "break_ended", at=at)
    return phase
