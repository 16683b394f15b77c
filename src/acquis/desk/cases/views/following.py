"""A case from its opening to its end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.cases.access import case_for
from acquis.desk.cases.actions.ask_satisfaction import close_and_ask
from acquis.desk.cases.actions.follow_case import (
    assign_case,
    comment_case,
    record_satisfaction,
    reopen_case,
)
from acquis.desk.cases.actions.open_case import open_case, open_follow_up
from acquis.desk.cases.forms.following import (
    AssignForm,
    CaseForm,
    CommentForm,
    ResolutionForm,
    SatisfactionForm,
)
from acquis.desk.cases.presentation import origin_of
from acquis.desk.cases.views.shown import shown_case
from acquis.desk.directory.access import customer_for
from acquis.desk.shell import posted


@page()
@require_GET
def case(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk)
    return shown_case(request, workspace, shown)


@page()
@require_http_methods(["GET", "POST"])
def open_for(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    """Open a case for a customer."""
    workspace, customer = customer_for(person(request), workspace_id, customer_pk, write=True)
    form = CaseForm(posted(request), customer=customer)
    if request.method == "POST" and form.is_valid():
        opened = open_case(
            customer=customer,
            **form.cleaned_data,
            assignee=person(request),
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("La demande %(number)s est ouverte.") % {"number": opened})
        return redirect("cases:case", workspace.pk, opened.pk)
    context: dict[str, Any] = {"workspace": workspace, "customer": customer, "form": form}
    status = 422 if form.errors else 200
    return render(request, "cases/open.html", context, status=status)


@page()
@require_POST
def comment(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return shown_case(request, workspace, shown, comment=form)
    comment_case(case=shown, **form.cleaned_data, by=person(request), at=timezone.now())
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def assign(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = AssignForm(request.POST, workspace=workspace)
    if not form.is_valid():
        return shown_case(request, workspace, shown, assign=form)
    assign_case(case=shown, to=form.cleaned_data["to"], by=person(request), at=timezone.now())
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def take(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Follow the case oneself."""
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    assign_case(case=shown, to=person(request), by=person(request), at=timezone.now())
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def close(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = ResolutionForm(request.POST)
    if not form.is_valid():
        return shown_case(request, workspace, shown, resolution=form)
    close_and_ask(
        case=shown,
        resolution=form.cleaned_data["resolution"],
        asked=form.cleaned_data["ask_satisfaction"],
        origin=origin_of(request),
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("La demande est close."))
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def reopen(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    reopen_case(
        case=shown, body=request.POST.get("body", ""), by=person(request), at=timezone.now()
    )
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def follow_up(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Open the case that follows a closed one."""
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    opened = open_follow_up(
        case=shown,
        body=request.POST.get("body", "")[:8000],
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("La demande %(number)s est ouverte.") % {"number": opened})
    return redirect("cases:case", workspace.pk, opened.pk)


@page()
@require_POST
def satisfaction(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = SatisfactionForm(request.POST)
    if not form.is_valid():
        return shown_case(request, workspace, shown, satisfaction=form)
    record_satisfaction(case=shown, **form.cleaned_data, by=person(request), at=timezone.now())
    return redirect("cases:case", workspace.pk, shown.pk)
