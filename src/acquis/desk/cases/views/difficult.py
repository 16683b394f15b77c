"""Difficult situations: weighed, settled, confirmed in writing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.cases import presentation, queries
from acquis.desk.cases.access import agreement_for, case_for, option_for
from acquis.desk.cases.actions.handle_complaint import Weights, advance_complaint, weigh_case
from acquis.desk.cases.actions.settle_case import (
    Weighed,
    agree,
    change_authority,
    decide_option,
    propose_option,
    write_consensus,
)
from acquis.desk.cases.forms.difficult import (
    AgreementForm,
    DecisionForm,
    OptionForm,
    StageForm,
    WeightsForm,
)
from acquis.desk.cases.forms.settings import AuthorityForm
from acquis.desk.cases.rules import authority_rows, rules_of
from acquis.desk.cases.views.shown import shown_case
from acquis.desk.shell import day_in_paris, may_write, posted, supervises

ROWS = 40


@page()
@require_GET
def board(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Open complaints by the day their next step is due."""
    workspace = workspace_for(person(request), workspace_id)
    found = queries.open_complaints(workspace)
    page_obj = Paginator(found, ROWS).get_page(request.GET.get("page"))
    today = day_in_paris(timezone.now())
    context: dict[str, Any] = {
        "workspace": workspace,
        "page_obj": page_obj,
        "rows": presentation.complaint_rows(page_obj, rules_of(workspace), today),
    }
    return render(request, "cases/complaints.html", context)


@page()
@require_POST
def weigh(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = WeightsForm(request.POST)
    if not form.is_valid():
        return shown_case(request, workspace, shown, weights=form)
    weights: Weights = form.cleaned_data  # type: ignore[assignment]  # the same names
    weigh_case(case=shown, weights=weights, by=person(request), at=timezone.now())
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def stage(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Pass a complaint to its next state."""
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = StageForm(request.POST, case=shown)
    if not form.is_valid():
        return shown_case(request, workspace, shown, stage=form)
    advance_complaint(case=shown, **form.cleaned_data, by=person(request), at=timezone.now())
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def propose(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = OptionForm(request.POST)
    if not form.is_valid():
        return shown_case(request, workspace, shown, option=form)
    option: Weighed = form.cleaned_data  # type: ignore[assignment]  # the same names
    made = propose_option(case=shown, option=option, by=person(request), at=timezone.now())
    if made.granted_at is None:
        messages.info(
            request, _("Au-delà de votre délégation : %s en décide.") % made.get_needs_display()
        )
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def decide(request: HttpRequest, workspace_id: int, pk: int, option_pk: int) -> HttpResponse:
    workspace, option = option_for(person(request), workspace_id, pk, option_pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return shown_case(request, workspace, option.case, decision=form)
    decide_option(option=option, **form.cleaned_data, by=person(request), at=timezone.now())
    return redirect("cases:case", workspace.pk, pk)


@page()
@require_POST
def settle(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Write down what was agreed."""
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = AgreementForm(request.POST, case=shown)
    if not form.is_valid():
        return shown_case(request, workspace, shown, agreement=form)
    agree(**form.cleaned_data, by=person(request), at=timezone.now())
    messages.success(request, _("L’accord est noté : confirmez-le par écrit."))
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def consensus(request: HttpRequest, workspace_id: int, pk: int, agreement_pk: int) -> HttpResponse:
    """Draft the letter that confirms an agreement."""
    workspace, agreement = agreement_for(person(request), workspace_id, pk, agreement_pk)
    letter = write_consensus(agreement=agreement, by=person(request), at=timezone.now())
    return redirect("documents:letter", workspace.pk, letter.pk)


@page()
@require_http_methods(["GET", "POST"])
def authority(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Who may grant what."""
    user = person(request)
    workspace = workspace_for(user, workspace_id, write=request.method == "POST")
    form = AuthorityForm(posted(request), rows=authority_rows(workspace))
    if request.method == "POST" and form.is_valid():
        change_authority(workspace=workspace, rows=form.values(), by=user, at=timezone.now())
        messages.success(request, _("La matrice de délégation est enregistrée."))
        return redirect("cases:authority", workspace.pk)
    context = {
        "workspace": workspace,
        "form": form,
        "may_decide": supervises(user, workspace) and may_write(user, workspace),
    }
    status = 422 if form.errors else 200
    return render(request, "cases/authority.html", context, status=status)
