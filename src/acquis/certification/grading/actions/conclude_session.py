from datetime import datetime

from django.db import transaction
from django.utils import timezone

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.grading.errors import CandidatesUndecided, NotInTheJury, SessionNotClosed
from acquis.certification.grading.models import SessionOutcome, UnitDecision, Verdict
from acquis.certification.grading.queries import is_present_juror, undecided_candidates
from acquis.certification.registrations.actions import record_outcome
from acquis.kernel import realtime, trace

_CONCLUDED = {ExamSession.State.DELIBERATED, ExamSession.State.ISSUED}


@transaction.atomic
def conclude_session(*, session: ExamSession, by: User, at: datetime) -> SessionOutcome:
    """Fix the moment all present candidates are decided; concluding twice changes nothing.

    Raises NotInTheJury, SessionNotClosed or CandidatesUndecided; nothing is written then.
    """
    session = ExamSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if not is_present_juror(by, session.pk):
        raise NotInTheJury
    if session.state in _CONCLUDED:
        return SessionOutcome.objects.get(session=session)
    if session.state != ExamSession.State.CLOSED:
        raise SessionNotClosed
    undecided = list(undecided_candidates(session).select_related("enrolment__candidate"))
    if undecided:
        names = ", ".join(one.enrolment.candidate.full_name for one in undecided)
        raise CandidatesUndecided(names=names)
    outcome = SessionOutcome.objects.create(session=session, decided_at=at)
    session.state = ExamSession.State.DELIBERATED
    session.save(update_fields=["state"])
    decisions = session.candidates.filter(deliberation__isnull=False)
    for candidate in decisions.select_related("enrolment", "deliberation"):
        _keep_result(session, candidate, by, at)
    trace.record(
        "session.deliberated",
        session,
        by=by,
        at=at,
        outcomes=dict(decisions.values_list("pk", "deliberation__outcome")),
    )
    realtime.publish(f"session:{session.pk}", at=at, what="session.deliberated")
    return outcome


def _keep_result(session: ExamSession, candidate: SessionCandidate, by: User, at: datetime) -> None:
    """What follows for the candidate: blocks kept for good, the right to come again (X-06)."""
    units = candidate.deliberation.units.filter(
        kind=UnitDecision.Kind.BLOCK, verdict=Verdict.ACQUIRED
    )
    record_outcome(
        enrolment=candidate.enrolment,
        outcome=candidate.deliberation.outcome,
        blocks=[code for code in units.values_list("code", flat=True) if code],
        sat_on=timezone.localtime(session.starts_at).date(),
        session_reference=session.reference,
        by=by,
        at=at,
    )
