"""The marking of sessions: counts at any time, grids once all of a candidate are closed."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from ninja.pagination import paginate

from acquis.accounts.api_kit import Key, Window, caller, scoped
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.access import followed_session, readable_grid
from acquis.certification.grading.models import Deliberation, Grid, Verdict
from acquis.certification.grading.queries import with_progress

router = Router(tags=[_("notation")])


class GridProgressOut(Schema):
    """How far a grid is; nothing of its content."""

    id: int
    candidate_id: int
    juror: str
    marked: int
    total: int
    opened_at: datetime
    closed_at: datetime | None

    @staticmethod
    def resolve_juror(grid: Any) -> str:
        return str(grid.juror.juror.full_name)


class MarkOut(Schema):
    criterion: str
    text: str
    theme: str
    competency: str
    verdict: Verdict | None
    observation: str
    marked_at: datetime | None

    @staticmethod
    def resolve_verdict(mark: Any) -> str | None:
        return mark.verdict or None


class GridOut(Schema):
    id: int
    candidate_id: int
    juror: str
    closed_at: datetime | None
    general_observation: str
    marks: list[MarkOut]

    @staticmethod
    def resolve_juror(grid: Any) -> str:
        return str(grid.juror.juror.full_name)


class DecisionOut(Schema):
    criterion: str
    text: str
    competency: str
    disputed: bool
    verdict: Verdict
    reason: str


class DeliberationOut(Schema):
    id: int
    candidate_id: int
    closed_at: datetime
    outcome: Deliberation.Outcome
    reasons: str
    decisions: list[DecisionOut]


@router.get(
    "/sessions/{session_id}/grids",
    response=list[GridProgressOut],
    summary=_("L’avancement des grilles d’une session"),
)
@paginate(Window)
@scoped(Verb.AWARD_READ)
def grids(request: HttpRequest, session_id: Key) -> QuerySet[Grid]:
    session = _session(request, session_id)
    return (
        with_progress(Grid.objects.filter(candidate__session=session))
        .select_related("juror__juror")
        .order_by("candidate_id", "juror_id")
    )


@router.get("/grids/{grid_id}", response=GridOut, summary=_("Une grille close"))
@scoped(
    Verb.AWARD_READ,
    note=_("Lisible lorsque toutes les grilles du candidat sont closes, jamais avant."),
)
def grid(request: HttpRequest, grid_id: Key) -> Grid:
    who = caller(request)
    found = readable_grid(who.user, grid_id)
    if found.candidate.session.organisation_id != who.organisation.pk:
        raise Http404
    return found


@router.get(
    "/sessions/{session_id}/deliberations",
    response=list[DeliberationOut],
    summary=_("Les délibérations closes d’une session"),
)
@paginate(Window)
@scoped(Verb.AWARD_READ)
def deliberations(request: HttpRequest, session_id: Key) -> QuerySet[Deliberation]:
    session = _session(request, session_id)
    return (
        Deliberation.objects.filter(candidate__session=session, closed_at__isnull=False)
        .prefetch_related("decisions")
        .order_by("candidate__order", "pk")
    )


def _session(request: HttpRequest, session_id: int) -> ExamSession:
    who = caller(request)
    found = followed_session(who.user, session_id)
    if found.organisation_id != who.organisation.pk:
        raise Http404
    return found
