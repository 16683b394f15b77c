from datetime import datetime, timedelta

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.sittings import policy
from acquis.certification.sittings.actions._room import lock_unsealed, tell
from acquis.certification.sittings.enums import EndReason
from acquis.certification.sittings.errors import (
    NobodyRunning,
    PhaseNotRunning,
    ReasonMissing,
    TimeOutOfBounds,
)
from acquis.certification.sittings.models import Phase, Sitting, TimeGrant
from acquis.kernel import trace

LONGEST_GRANT = 2 * 3600  # seconds; more than that is another sitting


@transaction.atomic
def give_time(
    *,
    phase: Phase,
    seconds: int,
    reason: str,
    by: User,
    at: datetime,
    request_key: str | None = None,
) -> TimeGrant:
    """Give lost time back: one reason each, never a silent cut-off.

    A phase whose time had run out goes on from now. A phase closed by the clock or by the
    invigilator starts again if no later one has begun. The same `request_key` gives once.
    Raises ReasonMissing, TimeOutOfBounds, PhaseNotRunning or SittingSealed.
    """
    sitting = lock_unsealed(phase.sitting_id)
    given = TimeGrant.objects.filter(request_key=request_key).first() if request_key else None
    if given is not None:
        return given
    if not reason.strip():
        raise ReasonMissing
    if not 0 < seconds <= LONGEST_GRANT:
        raise TimeOutOfBounds
    phase = sitting.phases.get(pk=phase.pk)
    _extend(phase, seconds, at)
    grant = TimeGrant.objects.create(
        phase=phase,
        seconds=seconds,
        reason=reason.strip()[:300],
        granted_by=by,
        granted_at=at,
        request_key=request_key or None,
    )
    trace.record(
        "phase.time_given",
        phase,
        by=by,
        at=at,
        phase=phase.code,
        seconds=seconds,
        reason=grant.reason,
        ends_at=phase.ends_at.isoformat() if phase.ends_at else None,
    )
    tell(sitting, "time_given", at=at)
    return grant


@transaction.atomic
def give_time_to_all(
    *,
    session: ExamSession,
    seconds: int,
    reason: str,
    by: User,
    at: datetime,
    request_key: str,
) -> int:
    """Give the same time back to all whose part runs, for one reason; returns to how many.

    All or nothing; the same `request_key` gives once. Raises as `give_time`, NobodyRunning included.
    """
    running = Phase.objects.filter(
        sitting__candidate__session=session,
        state=Phase.State.RUNNING,
        ends_at__isnull=False,
        sitting__state=Sitting.State.RUNNING,
    ).order_by("pk")
    phases = list(running)
    if not phases:
        raise NobodyRunning
    for phase in phases:
        give_time(
            phase=phase,
            seconds=seconds,
            reason=reason,
            by=by,
            at=at,
            request_key=f"{request_key}:{phase.pk}"[:64] if request_key else None,
        )
    trace.record(
        "session.time_given",
        session,
        by=by,
        at=at,
        seconds=seconds,
        reason=reason.strip()[:300],
        candidates=len(phases),
    )
    return len(phases)


def _extend(phase: Phase, seconds: int, at: datetime) -> None:
    may_reopen = (
        phase.state == Phase.State.ENDED
        and phase.ended_reason in {EndReason.TIME_OVER, EndReason.INVIGILATOR}
        and not phase.sitting.phases.filter(position__gt=phase.position)
        .exclude(state=Phase.State.WAITING)
        .exists()
    )
    if phase.ends_at is None or not (phase.state == Phase.State.RUNNING or may_reopen):
        raise PhaseNotRunning(phase=phase.title)
    runs_on = phase.state == Phase.State.RUNNING and not policy.phase_clock(phase, at).is_over
    phase.ends_at = (phase.ends_at if runs_on else at) + timedelta(seconds=seconds)
    phase.state = Phase.State.RUNNING
    phase.ended_at = None
    phase.ended_reason = ""
    phase.save(update_fields=["ends_at", "state", "ended_at", "ended_reason"])
