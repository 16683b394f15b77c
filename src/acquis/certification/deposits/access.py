from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access as sessions
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate


def own_seat(user: User, pk: int) -> SessionCandidate:
    """One's own seat in a session; anybody else's does not exist."""
    seat = (
        SessionCandidate.objects.filter(pk=pk, enrolment__candidate__user_id=user.pk or 0)
        .select_related("session__version__framework", "session__organisation", "enrolment")
        .first()
    )
    if seat is None or not may(user, Verb.SITTING_TAKE, organisation=seat.session.organisation):
        raise Http404
    return seat


def session_for(user: User, pk: int) -> ExamSession:
    """A session whose documents one follows."""
    return sessions.session_for(user, pk, Verb.SESSION_MANAGE)
