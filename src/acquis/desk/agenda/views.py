from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.agenda import presentation, queries
from acquis.desk.agenda.access import appointment_for, resource_for
from acquis.desk.agenda.actions.book import book, cancel, keep_resource, move, retire_resource
from acquis.desk.agenda.forms import AppointmentForm, ResourceForm, SlotForm
from acquis.desk.agenda.policy import PARIS
from acquis.desk.shell import day_in_paris, may_write, page_or_part, posted, supervises
from acquis.kernel.errors import DomainRefusal


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The planning of a week, or of a day."""
    workspace = workspace_for(person(request), workspace_id)
    return page_or_part(
        request, "agenda/index.html", "agenda/_planning.html", _planning(request, workspace)
    )


def _planning(request: HttpRequest, workspace: Workspace) -> dict[str, Any]:
    user = person(request)
    today = day_in_paris(timezone.now())
    asked = _day(request.GET.get("jour", "")) or today
    one_day = request.GET.get("vue") == "jour"
    days = 1 if one_day else presentation.WEEK
    first = asked if one_day else presentation.monday_of(asked)
    start, end = presentation.bounds(first, days)
    rows = presentation.rows(
        queries.resources(workspace), queries.planned(workspace, start, end), first, days
    )
    return {
        "workspace": workspace,
        "rows": rows,
        "days": [first + timedelta(days=rank) for rank in range(days)],
        "first": first,
        "today": today,
        "one_day": one_day,
        "before": first - timedelta(days=days),
        "after": first + timedelta(days=days),
        "may_write": may_write(user, workspace),
        "may_decide": supervises(user, workspace) and may_write(user, workspace),
        "resource_form": ResourceForm(),
    }


def _day(typed: str) -> date | None:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= date(2100, 1, 1) else None


@page()
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Book an appointment; with `?jour=`, on that day."""
    user = person(request)
    workspace = workspace_for(user, workspace_id, write=True)
    day = _day(request.GET.get("jour", "")) or day_in_paris(timezone.now())
    form = AppointmentForm(posted(request), workspace=workspace, initial={"day": day})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = book(
                resource=given["resource"],
                span=form.span(),
                title=given["title"],
                kind=given["kind"],
                place=given["place"],
                by=user,
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le rendez-vous est pris."))
            return redirect("agenda:appointment", workspace.pk, made.pk)
    context = {"workspace": workspace, "form": form}
    return render(request, "agenda/create.html", context, status=422 if form.errors else 200)


@page()
@require_GET
def appointment(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = appointment_for(person(request), workspace_id, pk)
    local = shown.starts_at.astimezone(PARIS)
    initial = {
        "resource": shown.resource_id,
        "day": local.date(),
        "begins": local.time(),
        "minutes": int(shown.span.length.total_seconds() // 60),
    }
    return render(
        request,
        "agenda/appointment.html",
        {
            "workspace": workspace,
            "appointment": shown,
            "form": SlotForm(workspace=workspace, initial=initial),
            "may_write": may_write(person(request), workspace),
        },
    )


@page()
@require_POST
def shift(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Move an appointment."""
    workspace, shown = appointment_for(person(request), workspace_id, pk, write=True)
    form = SlotForm(request.POST, workspace=workspace)
    if form.is_valid():
        try:
            move(
                appointment=shown,
                resource=form.cleaned_data["resource"],
                span=form.span(),
                by=person(request),
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le rendez-vous est déplacé."))
            return redirect("agenda:appointment", workspace.pk, shown.pk)
    context = {"workspace": workspace, "appointment": shown, "form": form, "may_write": True}
    return render(request, "agenda/appointment.html", context, status=422)


@page()
@require_POST
def call_off(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = appointment_for(person(request), workspace_id, pk, write=True)
    reason = request.POST.get("reason", "")
    cancel(appointment=shown, reason=reason, by=person(request), at=timezone.now())
    messages.success(request, _("Le rendez-vous est annulé : le créneau est libre."))
    return redirect("agenda:appointment", workspace.pk, shown.pk)


@page()
@require_GET
def calendar(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The appointment for one's own calendar."""
    _workspace, shown = appointment_for(person(request), workspace_id, pk)
    response = HttpResponse(
        presentation.calendar_file(shown), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return response


@page()
@require_POST
def resource(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Add to what can be booked."""
    user = person(request)
    workspace = workspace_for(user, workspace_id, write=True)
    form = ResourceForm(request.POST)
    if not form.is_valid():
        context = _planning(request, workspace) | {"resource_form": form}
        return render(request, "agenda/index.html", context, status=422)
    keep_resource(workspace=workspace, values=form.values(), by=user, at=timezone.now())
    return redirect("agenda:index", workspace.pk)


@page()
@require_POST
def retire(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Take what can be booked out of the planning."""
    user = person(request)
    workspace, shown = resource_for(user, workspace_id, pk, write=True)
    retire_resource(resource=shown, by=user, at=timezone.now())
    messages.success(request, _("%(name)s n’est plus au planning.") % {"name": shown.name})
    return redirect("agenda:index", workspace.pk)
