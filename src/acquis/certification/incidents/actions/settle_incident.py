from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.actions.locking import lock, tell
from acquis.certification.exam_sessions.models import ExamSession, Incident, SessionCandidate
from acquis.certification.incidents import policy, queries
from acquis.certification.incidents.errors import AlreadySettled, PhaseMissing, WordsMissing
from acquis.certification.incidents.models import Settlement
from acquis.certification.registrations.actions import grant_retake
from acquis.certification.registrations.models import RetakeRight
from acquis.kernel import trace


@transaction.atomic
def settle_incident(
    *, incident: Incident, effect: str, text: str, phase: str = "", by: User, at: datetime
) -> Settlement:
    """Say once what an incident does to the decision, and why: it holds results no more (d-5).

    A new sitting is owed to the candidate concerned, or to all of the session when it names none.
    Raises AlreadySettled, WordsMissing or PhaseMissing.
    """
    session = lock(incident.session_id)
    incident = Incident.objects.select_related("candidate__enrolment").get(pk=incident.pk)
    if Settlement.objects.filter(incident=incident).exists():
        raise AlreadySettled
    if not text.strip():
        raise WordsMissing
    neutralised = effect == policy.NEUTRALISED
    titles = queries.phase_titles(session)
    if neutralised and phase not in titles:
        raise PhaseMissing
    settlement = Settlement.objects.create(
        incident=incident,
        effect=effect,
        phase=phase if neutralised else "",
        phase_title=titles[phase] if neutralised else "",
        text=text.strip(),
        settled_at=at,
        settled_by=by,
    )
    trace.record(
        "incident.settled",
        session,
        by=by,
        at=at,
        incident=incident.pk,
        effect=effect,
        phase=settlement.phase,
        candidate=incident.candidate_id,
        personal={"text": settlement.text},
    )
    if effect == policy.NEW_SITTING:
        for seat in _concerned(session, incident):
            grant_retake(
                enrolment=seat.enrolment,
                source=RetakeRight.Source.INCIDENT,
                reference=session.reference,
                by=by,
                at=at,
            )
    tell(session, "incident", at=at)
    return settlement


def _concerned(session: ExamSession, incident: Incident) -> list[SessionCandidate]:
    if incident.candidate is not None:
        return [incident.candidate]
    return list(session.candidates.select_related("enrolment").order_by("order", "pk"))
