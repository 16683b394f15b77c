"""The only way to an official document from outside."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.awards import notices
from acquis.certification.awards.models import IssuedDocument, ResultNotice
from acquis.certification.awards.queries import own_notices, own_results
from acquis.certification.exam_sessions.models import ExamSession

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
    if not _reads(user, document.session):
        raise Http404
    return document


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


def _reads(user: User, session: ExamSession) -> bool:
    """Jurors read the documents of sessions they sit in, unless absent; others their centre's."""
    if session.jurors.filter(juror__user=user).exclude(present=False).exists():
        return True
    return any(
        may(user, verb, organisation=session.organisation)
        for verb in (Verb.AWARD_ISSUE, Verb.PV_COUNTERSIGN)
    )
