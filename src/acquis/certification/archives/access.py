"""The only way to an archive, a hold or a destruction from outside."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.archives.models import Hold, SessionArchive
from acquis.certification.exam_sessions.models import ExamSession

_SESSION = ("organisation", "version__framework", "manager")


def archived_session(user: User, session_id: int) -> ExamSession:
    """A session whose file this person exports and follows."""
    session = get_object_or_404(ExamSession.objects.select_related(*_SESSION), pk=session_id)
    return _managed(user, session)


def kept_archive(user: User, archive_id: int) -> SessionArchive:
    archive = get_object_or_404(
        SessionArchive.objects.select_related("session__organisation", "file"), pk=archive_id
    )
    _managed(user, archive.session)
    return archive


def placed_hold(user: User, hold_id: int) -> Hold:
    hold = get_object_or_404(Hold.objects.select_related("session__organisation"), pk=hold_id)
    _managed(user, hold.session)
    return hold


def _managed(user: User, session: ExamSession) -> ExamSession:
    if not may(user, Verb.ARCHIVE_MANAGE, organisation=session.organisation):
        raise Http404
    return session
