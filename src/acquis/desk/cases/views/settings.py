"""How the desk handles its cases: read by all, decided by its supervisor."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.cases.access import code_for
from acquis.desk.cases.actions.change_rules import change_rules, keep_code, retire_code
from acquis.desk.cases.forms.settings import CodeForm, RulesForm
from acquis.desk.cases.models import CaseCode
from acquis.desk.cases.rules import rules_of
from acquis.desk.shell import may_write, posted, supervises


@page()
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, workspace_id: int) -> HttpResponse:
    user = person(request)
    workspace = workspace_for(user, workspace_id, write=request.method == "POST")
    form = RulesForm(posted(request), rules=rules_of(workspace))
    if request.method == "POST" and form.is_valid():
        change_rules(workspace=workspace, values=form.values(), by=user, at=timezone.now())
        messages.success(request, _("Les règles du poste sont enregistrées."))
        return redirect("cases:rules", workspace.pk)
    return _settings(request, workspace, rules=form)


def _settings(request: HttpRequest, workspace: Workspace, **forms: Any) -> HttpResponse:
    user = person(request)
    found = CaseCode.objects.filter(workspace=workspace).select_related("parent")
    reasons = [code for code in found if code.kind == CaseCode.Kind.REASON]
    context = {
        "workspace": workspace,
        "rules": RulesForm(rules=rules_of(workspace)),
        "code_form": CodeForm(workspace=workspace),
        "tree": [
            (code, [under for under in reasons if under.parent_id == code.pk])
            for code in reasons
            if code.parent_id is None
        ],
        "symptoms": [code for code in found if code.kind == CaseCode.Kind.SYMPTOM],
        "may_decide": supervises(user, workspace) and may_write(user, workspace),
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "cases/rules.html", context, status=status)


@page()
@require_POST
def codes(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Add a reason or a symptom."""
    user = person(request)
    workspace = workspace_for(user, workspace_id, write=True)
    form = CodeForm(request.POST, workspace=workspace)
    if not form.is_valid():
        return _settings(request, workspace, code_form=form)
    keep_code(workspace=workspace, **form.cleaned_data, by=user, at=timezone.now())
    return redirect("cases:rules", workspace.pk)


@page()
@require_POST
def code(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Rename a code, offer it no more, or offer it again."""
    user = person(request)
    workspace, found = code_for(user, workspace_id, pk)
    label, now = request.POST.get("label", "").strip()[:120], timezone.now()
    if label:
        keep_code(workspace=workspace, kind=found.kind, label=label, code=found, by=user, at=now)
    else:
        retire_code(code=found, retired=request.POST.get("retired") == "1", by=user, at=now)
    return redirect("cases:rules", workspace.pk)
