"""A juror's own grids: list, mark, close."""

from http import HTTPStatus
from itertools import groupby
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from acquis.accounts.pages import page, public_page
from acquis.accounts.requests import person as signed_in
from acquis.accounts.verbs import Verb
from acquis.certification.grading import policy, presentation
from acquis.certification.grading.access import marked_grid, own_grid, readable_grid
from acquis.certification.grading.actions.close_grid import close_grid
from acquis.certification.grading.actions.mark_criterion import (
    Answer,
    MarkAnswer,
    mark_criterion,
)
from acquis.certification.grading.forms import ClosingForm, MarkForm
from acquis.certification.grading.models import Grid, Mark
from acquis.certification.grading.queries import own_grids, sessions_to_open
from acquis.kernel.errors import DomainRefusal

KEEPER = Path(__file__).parents[1] / "static/grading/keeper.js"


@page(Verb.GRID_MARK)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """« Mes grilles »: what is to mark, what is to deliberate, session by session."""
    person = signed_in(request)
    by_session = [
        (session, list(grids))
        for session, grids in groupby(own_grids(person), lambda grid: grid.candidate.session)
    ]
    context = {"by_session": by_session, "to_open": sessions_to_open(person)}
    return render(request, "grading/home.html", context)


@page(Verb.GRID_MARK)
@require_GET
def grid(request: HttpRequest, grid_id: int) -> HttpResponse:
    """One's own grid; while it is open, the keeper may keep it for that many seconds."""
    found = own_grid(signed_in(request), grid_id)
    answer = _grid_page(request, found)
    if found.closed_at is None:
        answer["Acquis-Keep"] = str(int(policy.KEPT_WITHOUT_THE_SERVER.total_seconds()))
    return answer


@public_page
@require_safe
def keeper(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The service worker of open grids (ADR 0029): it lies at their address, so it rules nothing else."""
    answer = HttpResponse(KEEPER.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@page(Verb.AWARD_READ)
@require_GET
def read_grid(request: HttpRequest, grid_id: int) -> HttpResponse:
    """A grid to read, once every grid of its candidate is closed."""
    found = readable_grid(signed_in(request), grid_id)
    context = _grid_context(found)
    return render(request, "grading/grid_read.html", context)


@page(Verb.GRID_MARK)
@require_POST
def mark(request: HttpRequest, grid_id: int) -> HttpResponse:
    """Save one criterion; answers JSON to the page's script, a page to a plain form."""
    found = marked_grid(signed_in(request), grid_id)
    form = MarkForm(request.POST)
    if not form.is_valid():
        return JsonResponse(
            {"message": _("Cette note n’a pas pu être lue."), "errors": form.errors},
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    scripted = request.headers.get("Accept") == "application/json"
    try:
        answer = mark_criterion(
            grid=found, **form.cleaned_data, by=signed_in(request), at=timezone.now()
        )
    except DomainRefusal as refusal:
        if not scripted:
            raise
        return JsonResponse(
            {"code": refusal.code, "message": str(refusal)},
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    if scripted:
        return _mark_answer(found, answer)
    if answer.answer is Answer.CONFLICT:
        context = {"grid": found, "stored": answer.mark, "typed": form.cleaned_data}
        return render(request, "grading/conflict.html", context, status=HTTPStatus.CONFLICT)
    return redirect(f"{reverse('grading:grid', args=[found.pk])}#critere-{answer.mark.pk}")


def _mark_answer(grid: Grid, answer: MarkAnswer) -> JsonResponse:
    stored = answer.mark
    verdicts = list(grid.marks.order_by().values_list("verdict", flat=True))
    body = {
        "answer": answer.answer,
        "criterion": stored.criterion,
        "seq": stored.seq,
        "verdict": stored.verdict,
        "observation": stored.observation,
        "saved_at": stored.marked_at,
        "marked": sum(map(bool, verdicts)),
        "total": len(verdicts),
    }
    conflict = answer.answer is Answer.CONFLICT
    return JsonResponse(body, status=HTTPStatus.CONFLICT if conflict else HTTPStatus.OK)


@page(Verb.GRID_MARK)
@require_POST
def close(request: HttpRequest, grid_id: int) -> HttpResponse:
    found = own_grid(signed_in(request), grid_id)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return _grid_page(request, found, form)
    try:
        close_grid(grid=found, **form.cleaned_data, by=signed_in(request), at=timezone.now())
    except DomainRefusal as refusal:
        return _grid_page(request, found, form, refusal)
    messages.success(request, _("La grille est close. Elle sera lue à la délibération."))
    return redirect("grading:home")


def _grid_page(
    request: HttpRequest,
    found: Grid,
    form: ClosingForm | None = None,
    refusal: DomainRefusal | None = None,
) -> HttpResponse:
    shown = presentation.refusal_shown(refusal)
    context = _grid_context(found) | {"form": form or ClosingForm(), "refusal": shown}
    refused = refusal is not None or (form is not None and not form.is_valid())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "grading/grid.html", context, status=status)


def _grid_context(found: Grid) -> dict[str, object]:
    marks: list[Mark] = list(found.marks.all())
    session = found.candidate.session
    return {
        "grid": found,
        "session": session,
        "candidate": found.candidate,
        "person": found.candidate.enrolment.candidate,
        "block_title": presentation.block_title(session),
        "groups": presentation.groups(marks),
        "marked": sum(bool(one.verdict) for one in marks),
        "total": len(marks),
        "served_at": timezone.now(),
        "last_saved": max((one.marked_at for one in marks if one.marked_at), default=None),
    }
