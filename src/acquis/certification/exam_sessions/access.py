"""The only ways to a session from outside: one's organisation's, or those one judges."""

from django.db.models import QuerySet
from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import links, queries
from acquis.certification.exam_sessions.models import (
    ExamSession,
    SessionCandidate,
    SessionJuror,
    SiteAccreditation,
    Summons,
)

# Who reads every session of the centre; a juror alone reads those of their own juries.
_WIDE = (Verb.SESSION_MANAGE, Verb.SESSION_INVIGILATE, Verb.FRAMEWORK_PUBLISH, Verb.API_USE)


def visible_sessions(user: User, organisation: Organisation) -> QuerySet[ExamSession]:
    """All of the centre's, or only those where one is a juror."""
    found = queries.sessions(organisation)
    if not may(user, Verb.SESSION_READ, organisation=organisation):
        return found.none()
    if any(may(user, verb, organisation=organisation) for verb in _WIDE):
        return found
    return found.filter(pk__in=queries.sessions_of_juror(user).values("pk"))


def session_for(user: User, pk: int, verb: Verb = Verb.SESSION_READ) -> ExamSession:
    """A session on which one may `verb`; any other does not exist."""
    session = (
        ExamSession.objects.select_related("organisation", "version__framework", "manager")
        .filter(pk=pk)
        .first()
    )
    if session is None or not may(user, verb, organisation=session.organisation):
        raise Http404
    wide = any(may(user, each, organisation=session.organisation) for each in _WIDE)
    if not wide and not session.jurors.filter(juror__user_id=user.pk).exists():
        raise Http404
    return session


def seat_for(user: User, pk: int, verb: Verb) -> SessionCandidate:
    seat = SessionCandidate.objects.select_related("enrolment__candidate").filter(pk=pk).first()
    if seat is None:
        raise Http404
    seat.session = session_for(user, seat.session_id, verb)
    return seat


def member_for(user: User, pk: int, verb: Verb) -> SessionJuror:
    member = SessionJuror.objects.select_related("juror").filter(pk=pk).first()
    if member is None:
        raise Http404
    member.session = session_for(user, member.session_id, verb)
    return member


def summons_for(user: User, pk: int) -> Summons:
    """A summons for whoever manages or watches the session, or for its own recipient."""
    summons = (
        Summons.objects.select_related(
            "file",
            "session__organisation",
            "candidate__enrolment__candidate",
            "juror__juror",
        )
        .filter(pk=pk)
        .first()
    )
    if summons is None or not (_is_recipient(user, summons) or _handles(user, summons.session)):
        raise Http404
    return summons


def summons_of_token(token: str) -> Summons:
    """The summons that a personal link opens: whoever holds the link is its recipient."""
    key = links.key_of(token)
    found = (
        Summons.objects.select_related("file", "session__organisation", "candidate")
        .filter(pk=key or 0)
        .first()
    )
    if found is None:
        raise Http404
    return found


def accreditation_for(user: User, pk: int) -> SiteAccreditation:
    """An agrément of a centre whose juries and sites one manages."""
    found = SiteAccreditation.objects.select_related("organisation").filter(pk=pk).first()
    if found is None or not may(user, Verb.JUROR_EDIT, organisation=found.organisation):
        raise Http404
    return found


def _is_recipient(user: User, summons: Summons) -> bool:
    if summons.candidate is not None:
        return summons.candidate.enrolment.candidate.user_id == user.pk
    return summons.juror is not None and summons.juror.juror.user_id == user.pk


def _handles(user: User, session: ExamSession) -> bool:
    return any(
        may(user, verb, organisation=session.organisation)
        for verb in (Verb.SESSION_MANAGE, Verb.SESSION_INVIGILATE)
    )
