"""Invoices in dispute: listed, begun from three doors, settled."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.billing.access import dispute_for
from acquis.desk.billing.models import InvoiceDispute
from acquis.desk.cases import presentation, queries
from acquis.desk.cases.access import may_settle
from acquis.desk.cases.actions.handle_dispute import begin_dispute, end_dispute, take_back
from acquis.desk.cases.forms.disputes import DisputeForm, SettleForm
from acquis.desk.cases.presentation import DisputeRow
from acquis.desk.cases.rules import rules_of
from acquis.desk.directory.access import customer_for
from acquis.desk.shell import day_in_paris, may_write, page_or_part, posted
from acquis.kernel import sheets

ROWS = 40
STATES = [
    ("", gettext_lazy("En litige")),
    ("all", gettext_lazy("Tous les litiges")),
    *InvoiceDispute.Outcome.choices,
]


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """What is in dispute, the oldest first."""
    workspace = workspace_for(person(request), workspace_id)
    asked = _asked(request)
    page_obj = Paginator(queries.disputes(workspace, **asked), ROWS).get_page(
        request.GET.get("page")
    )
    context: dict[str, Any] = {
        "workspace": workspace,
        "page_obj": page_obj,
        "rows": _rows(workspace, list(page_obj)),
        "asked": asked,
        "states": STATES,
        "reasons": InvoiceDispute.Reason.choices,
        "may_write": may_write(person(request), workspace),
    }
    return page_or_part(request, "cases/disputes.html", "cases/_disputes.html", context)


@page()
@require_GET
def export(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The list as it is filtered, all pages, for a spreadsheet."""
    workspace = workspace_for(person(request), workspace_id)
    rows = _rows(workspace, list(queries.disputes(workspace, **_asked(request))))
    text = presentation.disputes_csv(rows)
    response = HttpResponse(text, content_type=sheets.MEDIA_TYPES["csv"])
    response["Content-Disposition"] = 'attachment; filename="litiges.csv"'
    return response


@page()
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    """Put an invoice of a customer in dispute, within a case of theirs or a new complaint."""
    workspace, customer = customer_for(person(request), workspace_id, customer_pk, write=True)
    initial = {"invoice": request.GET.get("facture"), "case": request.GET.get("demande")}
    form = DisputeForm(posted(request), customer=customer, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = begin_dispute(**form.cleaned_data, by=person(request), at=timezone.now())
        messages.success(
            request,
            _("La facture %(number)s est en litige : cette part ne se relance plus.")
            % {"number": made.invoice.number},
        )
        return redirect("billing:invoice", workspace.pk, made.invoice_id)
    context: dict[str, Any] = {"workspace": workspace, "customer": customer, "form": form}
    return render(request, "cases/dispute.html", context, status=422 if form.errors else 200)


@page()
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    user = person(request)
    workspace, dispute = dispute_for(user, workspace_id, pk, write=True)
    form = SettleForm(posted(request), invoice=dispute.invoice)
    if request.method == "POST" and form.is_valid():
        end_dispute(dispute=dispute, **form.cleaned_data, by=user, at=timezone.now())
        messages.success(request, _("Le litige est réglé."))
        return redirect("billing:invoice", workspace.pk, dispute.invoice_id)
    context: dict[str, Any] = {
        "workspace": workspace,
        "dispute": dispute,
        "form": form,
        "may_settle": may_settle(user, workspace, dispute),
    }
    return render(request, "cases/settle_dispute.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def resume(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Take back a settlement."""
    workspace, dispute = dispute_for(person(request), workspace_id, pk, write=True)
    take_back(dispute=dispute, by=person(request), at=timezone.now())
    messages.success(request, _("La facture est de nouveau en litige."))
    return redirect("billing:invoice", workspace.pk, dispute.invoice_id)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {
        "typed": request.GET.get("q", "")[:120],
        "state": request.GET.get("etat", ""),
        "reason": request.GET.get("motif", ""),
    }


def _rows(workspace: Workspace, found: list[InvoiceDispute]) -> list[DisputeRow]:
    cases = queries.cases_by_number(workspace, (one.reference for one in found))
    return presentation.dispute_rows(
        found, cases, rules_of(workspace), day_in_paris(timezone.now())
    )
