"""Visits at customers', and what breaks down too often."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.agenda import queries as agenda
from acquis.desk.cases import presentation, queries
from acquis.desk.cases.access import alert_for, case_for, intervention_for
from acquis.desk.cases.actions.intervene import (
    plan_intervention,
    report_intervention,
    tell_customer,
)
from acquis.desk.cases.actions.watch_recurrence import acknowledge_alert
from acquis.desk.cases.forms.visits import AcknowledgeForm, ReportForm, VisitForm
from acquis.desk.cases.views.shown import shown_case
from acquis.desk.conversations.models import Conversation
from acquis.desk.shell import may_write, posted, supervises
from acquis.kernel import pdf

HORIZON = timedelta(days=14)
LENGTHS = (30, 60, 90, 120, 180, 240)
CHANNELS = {Conversation.Channel.MAIL, Conversation.Channel.SMS}


@page()
@require_http_methods(["GET", "POST"])
def intervene(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Free slots of those who visit, and the visit booked on one of them."""
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    now = timezone.now()
    asked = request.GET.get("duree", "")
    minutes = int(asked) if asked in {str(one) for one in LENGTHS} else 60
    slots = agenda.free(
        workspace, start=now, end=now + HORIZON, length=timedelta(minutes=minutes), visits=True
    )
    form = VisitForm(posted(request), slots=slots)
    if request.method == "POST" and form.is_valid():
        resource, span = form.chosen()
        plan_intervention(
            case=shown,
            resource=resource,
            span=span,
            instructions=form.cleaned_data["instructions"],
            by=person(request),
            at=now,
        )
        messages.success(request, _("L’intervention est prévue : dites-le au client."))
        return redirect("cases:case", workspace.pk, shown.pk)
    context = {
        "workspace": workspace,
        "case": shown,
        "form": form,
        "slots": slots,
        "minutes": minutes,
        "lengths": LENGTHS,
    }
    return render(request, "cases/intervene.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def told(request: HttpRequest, workspace_id: int, pk: int, visit_pk: int) -> HttpResponse:
    """Tell the customer when the visit is."""
    workspace, visit = intervention_for(person(request), workspace_id, pk, visit_pk, write=True)
    channel = request.POST.get("channel", "")
    tell_customer(
        intervention=visit,
        channel=channel if channel in CHANNELS else Conversation.Channel.MAIL,
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("Le client est prévenu."))
    return redirect("cases:case", workspace.pk, pk)


@page()
@require_POST
def report(request: HttpRequest, workspace_id: int, pk: int, visit_pk: int) -> HttpResponse:
    workspace, visit = intervention_for(person(request), workspace_id, pk, visit_pk, write=True)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return shown_case(request, workspace, visit.case, report=form)
    report_intervention(
        intervention=visit, **form.cleaned_data, by=person(request), at=timezone.now()
    )
    return redirect("cases:case", workspace.pk, pk)


@page()
@require_GET
def sheet(request: HttpRequest, workspace_id: int, pk: int, visit_pk: int) -> HttpResponse:
    """The intervention sheet, to print and take along."""
    workspace, visit = intervention_for(person(request), workspace_id, pk, visit_pk)
    document = pdf.render("cases/intervention.typ", presentation.sheet_data(visit, workspace))
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="intervention-{visit.pk}.pdf"'
    return response


@page()
@require_GET
def alerts(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """What breaks down too often, with its cases."""
    user = person(request)
    workspace = workspace_for(user, workspace_id)
    context = {
        "workspace": workspace,
        "alerts": queries.alerts_with_cases(workspace),
        "form": AcknowledgeForm(workspace=workspace),
        "may_decide": supervises(user, workspace) and may_write(user, workspace),
    }
    return render(request, "cases/alerts.html", context)


@page()
@require_POST
def acknowledge(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Take an alert in charge."""
    workspace, alert = alert_for(person(request), workspace_id, pk)
    form = AcknowledgeForm(request.POST, workspace=workspace)
    if not form.is_valid():
        context = {
            "workspace": workspace,
            "alerts": queries.alerts_with_cases(workspace),
            "form": form,
            "may_decide": True,
        }
        return render(request, "cases/alerts.html", context, status=422)
    acknowledge_alert(alert=alert, **form.cleaned_data, by=person(request), at=timezone.now())
    return redirect("cases:alerts", workspace.pk)
