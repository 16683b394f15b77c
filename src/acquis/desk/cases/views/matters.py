"""What is found out about a case, and whom it is shared with."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.cases import queries
from acquis.desk.cases.access import case_for, step_for
from acquis.desk.cases.actions.diagnose_case import Diagnosis, diagnose_case
from acquis.desk.cases.actions.follow_procedure import (
    begin_procedure,
    renew_procedure,
    tick_step,
    waive_step,
)
from acquis.desk.cases.actions.link_cases import (
    link_cases,
    merge_cases,
    unlink_cases,
    unmerge_case,
)
from acquis.desk.cases.actions.second_level import answer_second_level, ask_second_level
from acquis.desk.cases.forms.following import (
    AnswerForm,
    DiagnosisForm,
    OtherCaseForm,
    ProcedureForm,
    SecondLevelForm,
)
from acquis.desk.cases.views.shown import DIAGNOSED, shown_case


@page()
@require_POST
def diagnose(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = DiagnosisForm(request.POST, workspace=workspace)
    if not form.is_valid():
        return shown_case(request, workspace, shown, diagnosis=form)
    found: Diagnosis = {name: form.cleaned_data[name] for name in DIAGNOSED}  # type: ignore[assignment]  # the same names
    diagnose_case(case=shown, found=found, by=person(request), at=timezone.now())
    messages.success(request, _("Le diagnostic est enregistré."))
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def ask(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = SecondLevelForm(request.POST)
    if not form.is_valid():
        return shown_case(request, workspace, shown, second_level=form)
    ask_second_level(case=shown, **form.cleaned_data, by=person(request), at=timezone.now())
    messages.success(request, _("La demande est au second niveau, avec votre question."))
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def answer(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return shown_case(request, workspace, shown, answer=form)
    answer_second_level(case=shown, **form.cleaned_data, by=person(request), at=timezone.now())
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def link(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Tie the case to another, or make it part of it."""
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = OtherCaseForm(request.POST, workspace=workspace)
    if not form.is_valid():
        return shown_case(request, workspace, shown, other=form)
    other, kind, now = form.cleaned_data["number"], form.cleaned_data["kind"], timezone.now()
    if kind == "merge":
        merge_cases(case=shown, into=other, by=person(request), at=now)
        messages.success(
            request, _("Réunie à %(number)s ; « Séparer » la rend.") % {"number": other.number}
        )
    else:
        link_cases(case=shown, other=other, kind=kind, by=person(request), at=now)
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def unlink(request: HttpRequest, workspace_id: int, pk: int, link_pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    found = get_object_or_404(queries.links(shown), pk=link_pk)
    unlink_cases(link=found, by=person(request), at=timezone.now())
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def unmerge(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    unmerge_case(case=shown, by=person(request), at=timezone.now())
    messages.success(request, _("La demande est de nouveau à part."))
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def procedure(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = ProcedureForm(request.POST, workspace=workspace)
    if not form.is_valid():
        return shown_case(request, workspace, shown, procedure=form)
    begin_procedure(
        case=shown, article=form.cleaned_data["article"], by=person(request), at=timezone.now()
    )
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def tick(request: HttpRequest, workspace_id: int, pk: int, step_pk: int) -> HttpResponse:
    workspace, step = step_for(person(request), workspace_id, pk, step_pk)
    tick_step(
        step=step, done=request.POST.get("done") == "1", by=person(request), at=timezone.now()
    )
    return redirect("cases:case", workspace.pk, pk)


@page()
@require_POST
def waive(request: HttpRequest, workspace_id: int, pk: int, step_pk: int) -> HttpResponse:
    """Say why a step has no place here."""
    workspace, step = step_for(person(request), workspace_id, pk, step_pk)
    waive_step(
        step=step,
        reason=request.POST.get("reason", "")[:300],
        by=person(request),
        at=timezone.now(),
    )
    return redirect("cases:case", workspace.pk, pk)


@page()
@require_POST
def renew(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Take the procedure as it now is, with what was ticked."""
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    name = request.POST.get("procedure", "")[:200]
    renew_procedure(case=shown, procedure=name, by=person(request), at=timezone.now())
    messages.success(request, _("La procédure est à jour ; ce qui était coché l’est resté."))
    return redirect("cases:case", workspace.pk, shown.pk)
