"""What one's own time, and that of the team, was made of."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.queues import queries, team_times
from acquis.desk.queues.forms import PeriodForm
from acquis.desk.shell import supervises
from acquis.kernel import sheets


@page()
@require_GET
def mine(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """One's own times, day by day."""
    workspace = workspace_for(person(request), workspace_id)
    now = timezone.now()
    period, form = _period(request, now)
    context = team_times.own_context(workspace, person(request), period, now=now)
    context |= {"form": form, "own": True, "supervises": supervises(person(request), workspace)}
    return render(request, "queues/times.html", context)


@page()
@require_GET
def team(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The times of everybody at the desk, for its supervisor."""
    workspace = _supervised(request, workspace_id)
    now = timezone.now()
    period, form = _period(request, now)
    context = team_times.team_context(workspace, period, now=now)
    return render(request, "queues/times.html", context | {"form": form, "supervises": True})


@page()
@require_GET
def adviser(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The times of one adviser, day by day, for the supervisor."""
    workspace = _supervised(request, workspace_id)
    one = queries.people(workspace).filter(pk=pk).first()
    if one is None:
        raise Http404
    now = timezone.now()
    period, form = _period(request, now)
    context = team_times.own_context(workspace, one, period, now=now)
    return render(request, "queues/times.html", context | {"form": form, "supervises": True})


@page()
@require_GET
def export(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The times of the team as a CSV that a French spreadsheet opens."""
    workspace = _supervised(request, workspace_id)
    now = timezone.now()
    period, _form = _period(request, now)
    text = sheets.csv_text(
        *team_times.csv_rows(team_times.team_context(workspace, period, now=now))
    )
    answer = HttpResponse(text, content_type=sheets.MEDIA_TYPES["csv"])
    name = f"temps-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _supervised(request: HttpRequest, workspace_id: int) -> Workspace:
    """The desk of a supervisor; for anybody else these pages do not exist."""
    workspace = workspace_for(person(request), workspace_id)
    if not supervises(person(request), workspace):
        raise Http404
    return workspace


def _period(request: HttpRequest, now: datetime) -> tuple[team_times.Period, PeriodForm]:
    """The period asked for by its key or by two days; a period misread keeps what was typed."""
    if "du" in request.GET or "au" in request.GET:
        form = PeriodForm(request.GET)
        if form.is_valid():
            return team_times.Period("", form.cleaned_data["du"], form.cleaned_data["au"]), form
        return team_times.period_named("", now), form
    period = team_times.period_named(request.GET.get("periode", ""), now)
    return period, PeriodForm(initial={"du": period.first, "au": period.last})
