from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.papers.actions import draw_subject
from acquis.certification.papers.models import Subject
from acquis.certification.sittings.actions._room import close_overdue, lock_unsealed, tell
from acquis.certification.sittings.errors import (
    IdentityNotChecked,
    PhaseAlreadyEnded,
    PhaseOutOfOrder,
    PresenceNotTicked,
    SessionNotOpen,
    StartNotAuthorised,
)
from acquis.certification.sittings.models import Phase, Sitting
from acquis.kernel import trace


@transaction.atomic
def start_phase(*, phase: Phase, by: User, at: datetime) -> Phase:
    """Start one phase's clock: the server's time rules, a second start changes nothing.

    The phase before must have ended; one that is out of time is closed here. A phase of the role
    play that the framework says is drawn by lot draws its exchanges. Raises SessionNotOpen,
    PresenceNotTicked, IdentityNotChecked, StartNotAuthorised, PhaseOutOfOrder, PhaseAlreadyEnded,
    SittingSealed and what drawing refuses.
    """
    sitting = lock_unsealed(phase.sitting_id)
    phase = sitting.phases.get(pk=phase.pk)
    if phase.state == Phase.State.RUNNING:
        return phase
    if phase.state == Phase.State.ENDED:
        raise PhaseAlreadyEnded(phase=phase.title)
    _refuse_unready(sitting)
    close_overdue(sitting, by=by, at=at)
    before = sitting.phases.filter(position__lt=phase.position)
    previous = before.exclude(state=Phase.State.ENDED).first()
    if previous is not None:
        raise PhaseOutOfOrder(phase=phase.title, previous=previous.title)
    if phase.drawn_by_lot and phase.method == "roleplay":
        draw_subject(candidate=sitting.candidate, kind=Subject.Kind.EXCHANGES, by=by, at=at)
    phase.state = Phase.State.RUNNING
    phase.started_at = at
    if phase.ends_at is None and phase.planned_seconds:  # a document may be due before the day
        phase.ends_at = at + timedelta(seconds=phase.planned_seconds)
    phase.save(update_fields=["state", "started_at", "ends_at"])
    if sitting.state == Sitting.State.WAITING:
        sitting.state = Sitting.State.RUNNING
        sitting.started_at = at
        sitting.save(update_fields=["state", "started_at"])
    trace.record(
        "phase.started",
        phase,
        by=by,
        at=at,
        phase=phase.code,
        ends_at=phase.ends_at.isoformat() if phase.ends_at else None,
    )
    tell(sitting, "phase_started", at=at)
    return phase


def _refuse_unready(sitting: Sitting) -> None:
    candidate = sitting.candidate
    session = candidate.session
    name = candidate.enrolment.candidate.full_name
    if session.state != ExamSession.State.OPEN:
        raise SessionNotOpen(reference=session.reference, state=session.get_state_display().lower())
    if not candidate.present:
        raise PresenceNotTicked(name=name)
    if candidate.identity_checked_at is None:
        raise IdentityNotChecked(name=name)
    if sitting.authorised_at is None:
        raise StartNotAuthorised


def _unfinished_before() -> QuerySet[Phase]:
    """What stands before a phase and is not over; what was handed in before the day is."""
    before = Phase.objects.filter(sitting=OuterRef("sitting"), position__lt=OuterRef("position"))
    return before.exclude(state=Phase.State.ENDED)


@transaction.atomic
def start_together(*, session: ExamSession, by: User, at: datetime) -> int:
    """Start the first phase of all who are present, identified and authorised, at one instant.

    Returns how many began; those who are not ready are left as they are.
    """
    ready = Phase.objects.filter(
        sitting__candidate__session=session,
        sitting__candidate__present=True,
        sitting__candidate__identity_checked_at__isnull=False,
        sitting__authorised_at__isnull=False,
        sitting__state=Sitting.State.WAITING,
        state=Phase.State.WAITING,
    ).filter(~Exists(_unfinished_before()))
    started = [start_phase(phase=phase, by=by, at=at) for phase in ready]
    return len(started)
