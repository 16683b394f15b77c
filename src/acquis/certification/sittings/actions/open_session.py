from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions import queries as sessions
from acquis.certification.exam_sessions.actions._lock import lock, move, tell
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.exam_sessions.phases import PhaseKind, PhasePlan
from acquis.certification.juries.presentation import sentence
from acquis.certification.papers.actions import draw_subject
from acquis.certification.papers.models import Subject
from acquis.certification.sittings.actions.open_sitting import open_sitting
from acquis.certification.sittings.errors import JuryIrregular, NobodyToExamine
from acquis.kernel import trace


@transaction.atomic
def open_session(*, session: ExamSession, by: User, at: datetime) -> ExamSession:
    """Open a session on its day: written subjects are drawn, exams and access codes made.

    All or nothing; opened twice, it is opened once. Raises JuryIrregular, NobodyToExamine,
    SessionStateRefused and what drawing refuses.
    """
    session = lock(session.pk)
    if session.state == ExamSession.State.OPEN:
        return session
    seats = list(sessions.seats(session))
    if not seats:
        raise NobodyToExamine(reference=session.reference)
    faults = sessions.jury_faults(session)
    if faults:
        raise JuryIrregular(faults=" ".join(sentence(fault) for fault in faults))
    move(session, ExamSession.State.OPEN)
    for seat in seats:
        for kind in kinds_drawn_at_opening(sessions.plan_of(session, seat)):
            draw_subject(candidate=seat, kind=kind, by=by, at=at)
        open_sitting(candidate=seat, by=by, at=at)
    trace.record("session.opened", session, by=by, at=at, candidates=len(seats))
    tell(session, "opened", at=at)
    return session


def kinds_drawn_at_opening(plans: list[PhasePlan]) -> list[str]:
    """The written file of a role play; exchanges and recordings are drawn when their phase comes."""
    written = any(
        plan.method == "roleplay" and plan.kind == PhaseKind.WRITTEN for plan in plans
    )
    return [Subject.Kind.WRITTEN] if written else []


def kind_to_draw(plan: PhasePlan) -> str | None:
    """The kind of subject that a phase uses; None when nothing is drawn for it."""
    if plan.method == "roleplay" and plan.kind in {PhaseKind.PREPARATION, PhaseKind.EXCHANGES}:
        return str(Subject.Kind.EXCHANGES)
    if plan.kind == PhaseKind.REACTION:
        return str(Subject.Kind.RECORDING)
    return None


def kinds_drawn_later(session: ExamSession, seat: SessionCandidate) -> list[str]:
    """Kinds that remain to be drawn during the day for one candidate, in order."""
    kinds = (kind_to_draw(plan) for plan in sessions.plan_of(session, seat))
    return list(dict.fromkeys(kind for kind in kinds if kind))
