from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access as session_access
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.papers.errors import NotItsAuthor
from acquis.certification.papers.models import Subject


def subject_for(user: User, pk: int, *verbs: Verb) -> Subject:
    """A subject of an organisation where one has one of these verbs."""
    subject = (
        Subject.objects.select_related(
            "organisation", "author", "validated_by", "replaces", "recording"
        )
        .filter(pk=pk)
        .first()
    )
    wanted = verbs or (Verb.SUBJECT_WRITE, Verb.SUBJECT_VALIDATE)
    if subject is None or not any(
        may(user, verb, organisation=subject.organisation) for verb in wanted
    ):
        raise Http404
    return subject


def written_subject_for(user: User, pk: int) -> Subject:
    """A written subject of which one may bring a new version; another kind has its own page."""
    subject = subject_for(user, pk, Verb.SUBJECT_WRITE)
    if subject.kind != Subject.Kind.WRITTEN:
        raise Http404
    return subject


def subject_to_read(user: User, pk: int) -> Subject:
    """A subject whose content one may open: one's own, or any for who validates. Raises NotItsAuthor."""
    subject = subject_for(user, pk)
    if not may_read(user, subject):
        raise NotItsAuthor
    return subject


def may_read(user: User, subject: Subject) -> bool:
    """Its author, and whoever validates subjects there."""
    validates = may(user, Verb.SUBJECT_VALIDATE, organisation=subject.organisation)
    return validates or subject.author_id == user.pk


def session_of_draws(user: User, pk: int) -> tuple[ExamSession, SessionCandidate | None]:
    """A session whose draws one may check, with one's own seat there for a candidate.

    Who reads the session may, and so do its candidates.
    """
    seat = (
        SessionCandidate.objects.filter(session=pk, enrolment__candidate__user=user)
        .select_related("session__version__framework", "session__organisation")
        .first()
    )
    if seat is not None:
        return seat.session, seat
    return session_access.session_for(user, pk), None
