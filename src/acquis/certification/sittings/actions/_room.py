"""What every verb of an exam does first and last: lock the sitting, tell the pages."""

from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.sittings import policy
from acquis.certification.sittings.enums import ClockState, EndReason
from acquis.certification.sittings.errors import SittingSealed
from acquis.certification.sittings.models import Phase, Sitting
from acquis.kernel import outbox, realtime, trace

PHASE_ENDED = "sitting.phase_ended"  # of the outbox: what rooms still hold open is closed
PRODUCED = "sitting.produced"  # the exchanges are over, or the whole exam: the jury may read


def lock(sitting_id: int) -> Sitting:
    """The sitting with its session and candidate, locked until the transaction ends."""
    return (
        Sitting.objects.select_for_update(of=("self",))
        .select_related("candidate__session__organisation", "candidate__enrolment__candidate")
        .get(pk=sitting_id)
    )


def lock_unsealed(sitting_id: int) -> Sitting:
    sitting = lock(sitting_id)
    if sitting.is_sealed:
        raise SittingSealed
    return sitting


def tell(sitting: Sitting, what: str, *, at: datetime) -> None:
    """News for the candidate's room and for the session's wall; content is fetched, never sent."""
    realtime.publish(f"sitting:{sitting.pk}", at=at, what=what)
    realtime.publish(
        f"session:{sitting.candidate.session_id}", at=at, what=what, sitting=sitting.pk
    )


def close_phase(phase: Phase, *, by: User | None, at: datetime, reason: str) -> None:
    """End a phase whose sitting is locked; out of time, it ended when its time did."""
    clock = policy.phase_clock(phase, at)
    if clock.state == ClockState.OVER and reason != EndReason.ABORTED:
        reason = EndReason.TIME_OVER
    phase.state = Phase.State.ENDED
    phase.ended_at = phase.ends_at if reason == EndReason.TIME_OVER else at
    phase.ended_reason = reason
    phase.save(update_fields=["state", "ended_at", "ended_reason"])
    trace.record(
        "phase.ended",
        phase,
        by=by,
        at=at,
        phase=phase.code,
        reason=reason,
        ended_at=phase.ended_at.isoformat() if phase.ended_at else None,
    )
    outbox.put(PHASE_ENDED, {"sitting": phase.sitting_id, "phase": phase.pk}, at=at)
    if phase.kind == Phase.Kind.EXCHANGES:
        outbox.put(PRODUCED, {"sitting": phase.sitting_id}, at=at)


def close_overdue(sitting: Sitting, *, by: User | None, at: datetime) -> Phase | None:
    """Close the running phase if its time is out; return the phase that still runs."""
    running = sitting.phases.filter(state=Phase.State.RUNNING).first()
    if running is None or not policy.phase_clock(running, at).is_over:
        return running
    close_phase(running, by=by, at=at, reason=EndReason.TIME_OVER)
    return None


def hush(sitting: Sitting, *, by: User | None, at: datetime) -> None:
    """An exam that ends answers its open call and frees its device in the same transaction."""
    sitting.help_calls.filter(answered_at__isnull=True).update(answered_at=at, answered_by=by)
    sitting.devices.filter(released_at__isnull=True).update(released_at=at)
