from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.cases import queries
from acquis.desk.cases.access import case_for
from acquis.desk.cases.actions.follow_case import close_case, comment_case, reopen_case
from acquis.desk.cases.actions.open_case import open_case
from acquis.desk.cases.forms import CaseForm, CommentForm, ResolutionForm
from acquis.desk.cases.models import Case
from acquis.desk.directory.access import customer_for
from acquis.desk.shell import day_in_paris, may_write, page_or_part, posted

ROWS = 40


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id)
    asked = {
        "typed": request.GET.get("q", "")[:120],
        "kind": request.GET.get("genre", ""),
        "state": request.GET.get("etat", ""),
    }
    found = queries.cases(workspace, **asked)
    context = {
        "workspace": workspace,
        "page_obj": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "kinds": Case.Kind.choices,
        "states": Case.State.choices,
        "today": day_in_paris(timezone.now()),
        **asked,
    }
    return page_or_part(request, "cases/index.html", "cases/_cases.html", context)


@page()
@require_GET
def case(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk)
    return render(request, "cases/case.html", _case_context(request, workspace, shown))


def _case_context(request: HttpRequest, workspace: Workspace, shown: Case) -> dict[str, Any]:
    return {
        "workspace": workspace,
        "case": shown,
        "events": list(shown.events.all()),
        "comment": CommentForm(),
        "resolution": ResolutionForm(),
        "may_write": may_write(person(request), workspace),
        "today": day_in_paris(timezone.now()),
    }


@page()
@require_http_methods(["GET", "POST"])
def open_for(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    """Open a case for a customer."""
    workspace, customer = customer_for(person(request), workspace_id, customer_pk, write=True)
    form = CaseForm(posted(request), customer=customer)
    if request.method == "POST" and form.is_valid():
        opened = open_case(
            customer=customer, **form.cleaned_data, by=person(request), at=timezone.now()
        )
        messages.success(request, _("La demande %(number)s est ouverte.") % {"number": opened})
        return redirect("cases:case", workspace.pk, opened.pk)
    context = {"workspace": workspace, "customer": customer, "form": form}
    status = 422 if form.errors else 200
    return render(request, "cases/open.html", context, status=status)


@page()
@require_POST
def comment(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _refused(request, workspace, shown, comment=form)
    comment_case(case=shown, **form.cleaned_data, by=person(request), at=timezone.now())
    return redirect("cases:case", workspace.pk, shown.pk)


@page()
@require_POST
def close(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = case_for(person(request), workspace_id, pk, write=True)
    form = ResolutionForm(request.POST)
    if not form.is_valid():
        return _refused(request, workspace, shown, resolution=form)
    close_case(case=shown, **form.cleaned_data, by=person(request), at=timezone.now())
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


def _refused(request: HttpRequest, workspace: Workspace, shown: Case, **forms: Any) -> HttpResponse:
    context = _case_context(request, workspace, shown) | forms
    return render(request, "cases/case.html", context, status=422)
