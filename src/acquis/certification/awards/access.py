"""The only way to an official document from outside."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.awards import notices
from acquis.certification.awards.models import IssuedDocument, ResultNotice
from acquis.certification.awards.queries import own_notices, own_results, papers_of_blocks
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.grading.units import is_over_blocks

_SESSION = (
    "organisation",
    "session__organisation",
    "session__version__framework",
    "session__manager",
)


def readable_session(user: User, session_id: int) -> ExamSession:
    """A session whose documents this person may read: its jury, its managers."""
    session = get_object_or_404(
        ExamSession.objects.select_related("organisation", "version__framework", "manager"),
        pk=session_id,
    )
    if not _reads(user, session):
        raise Http404
    return session


def readable_document(user: User, document_id: int) -> IssuedDocument:
    document = get_object_or_404(
        IssuedDocument.objects.select_related(
            *_SESSION, "file", "corrects", "revocation", "candidate__enrolment__candidate"
        ),
        pk=document_id,
    )
    if not (_reads(user, document.session) or _judges_over(user, document)):
        raise Http404
    return document


def reads_session(user: User, session: ExamSession) -> bool:
    """Whether all the documents of a session are this person's to read."""
    return _reads(user, session)


def seat_over_blocks(user: User, seat_id: int) -> SessionCandidate:
    """A candidate on whom a jury decides over blocks, for that jury and for the managers."""
    seat = get_object_or_404(
        SessionCandidate.objects.select_related(
            "session__organisation", "session__version__framework", "enrolment__candidate"
        ),
        pk=seat_id,
    )
    if not is_over_blocks(seat) or not _reads(user, seat.session):
        raise Http404
    return seat


def issuing_session(user: User, session_id: int) -> ExamSession:
    """A session for which this person writes and issues documents."""
    session = get_object_or_404(
        ExamSession.objects.select_related("organisation", "version__framework", "manager"),
        pk=session_id,
    )
    if not may(user, Verb.AWARD_ISSUE, organisation=session.organisation):
        raise Http404
    return session


def issuing_document(user: User, document_id: int) -> IssuedDocument:
    document = readable_document(user, document_id)
    if not may(user, Verb.AWARD_ISSUE, organisation=document.session.organisation):
        raise Http404
    return document


def revocable_document(user: User, document_id: int) -> IssuedDocument:
    """A certificate of the certifying body this person acts for."""
    document = readable_document(user, document_id)
    may_revoke = may(user, Verb.AWARD_REVOKE, organisation=document.session.organisation)
    if document.kind != IssuedDocument.Kind.CERTIFICATE or not may_revoke:
        raise Http404
    return document


def own_document(user: User, document_id: int) -> IssuedDocument:
    """A candidate's own issued result."""
    return get_object_or_404(own_results(user), pk=document_id)


def notice_to_follow(user: User, notice_id: int) -> ResultNotice:
    """A result told to a candidate, for whoever issues the documents of its session."""
    found = get_object_or_404(
        ResultNotice.objects.select_related(
            "document__session__organisation", "candidate__enrolment__candidate"
        ),
        pk=notice_id,
    )
    if not may(user, Verb.AWARD_ISSUE, organisation=found.document.session.organisation):
        raise Http404
    return found


def own_notice(user: User, document_id: int) -> ResultNotice:
    """What told a candidate this result sheet of theirs, while it holds."""
    return get_object_or_404(own_notices(user), document=document_id)


def notice_of_token(token: str) -> ResultNotice:
    """The notice that a personal link opens: whoever holds the link is its candidate."""
    return get_object_or_404(
        ResultNotice.objects.select_related("document__organisation", "document__file"),
        pk=notices.LETTERS.key_of(token) or 0,
    )


def _judges_over(user: User, document: IssuedDocument) -> bool:
    """Whether a present juror decides on this person over the blocks that this document tells (X-10)."""
    if document.candidate is None:
        return False
    seats = SessionCandidate.objects.filter(
        enrolment__candidate=document.candidate.enrolment.candidate_id,
        session__block="",
        session__jurors__juror__user=user,
        session__jurors__present=True,
    ).select_related("session__version", "enrolment")
    return any(
        is_over_blocks(seat) and papers_of_blocks(seat).filter(pk=document.pk).exists()
        for seat in seats
    )


def _reads(user: User, session: ExamSession) -> bool:
    """Jurors read the documents of sessions they sit in, unless absent; others their centre's."""
    if session.jurors.filter(juror__user=user).exclude(present=False).exists():
        return True
    return any(
        may(user, verb, organisation=session.organisation)
        for verb in (Verb.AWARD_ISSUE, Verb.PV_COUNTERSIGN)
    )
