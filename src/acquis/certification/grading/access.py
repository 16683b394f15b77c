"""The only way to a grid from outside.

A grid is its juror's alone until all grids of that candidate are closed; then the session's jury
and those who read the results of the organisation may read it. Nobody else ever does.
"""

from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.grading.models import Deliberation, Grid
from acquis.certification.grading.queries import grids_open_for, is_present_juror

_GRID = (
    "candidate__session__version__framework",
    "candidate__enrolment__candidate",
    "juror__juror",
)
_CANDIDATE = ("session__version__framework", "enrolment__candidate")  # of a seat


def own_grid(user: User, grid_id: int) -> Grid:
    """The juror's own grid, to fill in; another's does not exist for them."""
    return get_object_or_404(
        Grid.objects.select_related(*_GRID), pk=grid_id, juror__juror__user=user
    )


def marked_grid(user: User, grid_id: int) -> Grid:
    """The same, with nothing around it: a mark is saved at each click."""
    return get_object_or_404(Grid, pk=grid_id, juror__juror__user=user)


def readable_grid(user: User, grid_id: int) -> Grid:
    """A grid to read: one's own at any time, any of a candidate once all of them are closed."""
    grid = get_object_or_404(Grid.objects.select_related(*_GRID), pk=grid_id)
    if grid.juror.juror.user_id == user.pk:
        return grid
    if grids_open_for(grid.candidate_id) or not _reads_results(user, grid.candidate.session):
        raise Http404
    return grid


def deliberating_candidate(user: User, candidate_id: int) -> SessionCandidate:
    """A candidate of a session in whose jury this person sits today."""
    candidate = get_object_or_404(
        SessionCandidate.objects.select_related(*_CANDIDATE), pk=candidate_id
    )
    if not is_present_juror(user, candidate.session_id):
        raise Http404
    return candidate


def readable_candidate(user: User, candidate_id: int) -> SessionCandidate:
    """A candidate whose deliberation may be read: by the jury, by others once it is closed."""
    candidate = get_object_or_404(
        SessionCandidate.objects.select_related(*_CANDIDATE), pk=candidate_id
    )
    if is_present_juror(user, candidate.session_id):
        return candidate
    closed = Deliberation.objects.filter(candidate=candidate, closed_at__isnull=False).exists()
    if not closed or not _reads_results(user, candidate.session):
        raise Http404
    return candidate


def own_deliberation(user: User, deliberation_id: int) -> Deliberation:
    """A deliberation in which this person takes part."""
    deliberation = get_object_or_404(
        Deliberation.objects.select_related(*(f"candidate__{path}" for path in _CANDIDATE)),
        pk=deliberation_id,
    )
    if not is_present_juror(user, deliberation.candidate.session_id):
        raise Http404
    return deliberation


def followed_session(user: User, session_id: int) -> ExamSession:
    """A session whose marking this person may follow in counts."""
    session = get_object_or_404(
        ExamSession.objects.select_related("version__framework", "organisation", "manager"),
        pk=session_id,
    )
    if not (is_present_juror(user, session.pk) or _reads_results(user, session)):
        raise Http404
    return session


def jury_session(user: User, session_id: int) -> ExamSession:
    session = get_object_or_404(ExamSession, pk=session_id)
    if not is_present_juror(user, session.pk):
        raise Http404
    return session


def managed_session(user: User, session_id: int) -> ExamSession:
    session = get_object_or_404(ExamSession, pk=session_id)
    if not may(user, Verb.SESSION_MANAGE, organisation=session.organisation):
        raise Http404
    return session


def _reads_results(user: User, session: ExamSession) -> bool:
    """Jurors for the sessions they sit in, unless absent (as for documents); others their centre's."""
    if session.jurors.filter(juror__user=user).exclude(present=False).exists():
        return True
    return may(user, Verb.SESSION_MANAGE, organisation=session.organisation) or may(
        user, Verb.AWARD_ISSUE, organisation=session.organisation
    )
