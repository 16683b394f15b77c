"""The only ways to an incident, its sheet and a corrective action from outside."""

from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access as sessions
from acquis.certification.exam_sessions.models import ExamSession, Incident
from acquis.certification.incidents import queries
from acquis.certification.incidents.errors import ResultsHeld
from acquis.certification.incidents.models import CorrectiveAction, IncidentSheet


def followed_session(user: User, pk: int) -> ExamSession:
    """A session whose incidents one follows; any other does not exist."""
    return sessions.session_for(user, pk, Verb.INCIDENT_FOLLOW)


def followed_incident(user: User, pk: int) -> Incident:
    found = (
        Incident.objects.select_related("candidate__enrolment__candidate", "reported_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    found.session = followed_session(user, found.session_id)
    return found


def followed_sheet(user: User, pk: int) -> IncidentSheet:
    """A sheet that was sent."""
    found = (
        IncidentSheet.objects.select_related("file").filter(pk=pk, sent_at__isnull=False).first()
    )
    if found is None:
        raise Http404
    found.session = followed_session(user, found.session_id)
    return found


def readable_action(user: User, pk: int) -> CorrectiveAction:
    """An action that one follows for the centre, or that one answers for."""
    found = (
        CorrectiveAction.objects.select_related(
            "organisation", "session", "incident", "owner", "opened_by"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None or not (found.owner_id == user.pk or follows(user, found)):
        raise Http404
    return found


def followed_action(user: User, pk: int) -> CorrectiveAction:
    found = readable_action(user, pk)
    if not follows(user, found):
        raise Http404
    return found


def follows(user: User, action: CorrectiveAction) -> bool:
    return may(user, Verb.INCIDENT_FOLLOW, organisation=action.organisation)


def refuse_while_held(session: ExamSession) -> None:
    """Raises ResultsHeld while an incident that weighs is not settled (d-5)."""
    waiting = queries.holding(session)
    if waiting:
        raise ResultsHeld(names=queries.named(waiting))
