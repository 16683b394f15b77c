from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from acquis.accounts.access import workspace_for
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.billing import queries
from acquis.desk.billing.access import invoice_for
from acquis.desk.billing.models import Invoice
from acquis.desk.sales import policy
from acquis.desk.shell import day_in_paris, may_write, page_or_part

ROWS = 40
STATES = [
    ("", _("Toutes")),
    ("due", _("À payer")),
    ("late", _("Échues impayées")),
    ("disputed", _("En litige")),
    ("paid", _("Payées")),
    ("credit", _("Avoirs")),
]


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id)
    today = day_in_paris(timezone.now())
    typed = request.GET.get("q", "")[:60].strip()
    state = request.GET.get("etat", "")
    found = queries.invoices(workspace, typed=typed, state=state, today=today)
    context = {
        "workspace": workspace,
        "page_obj": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "typed": typed,
        "state": state,
        "states": STATES,
        "today": today,
    }
    return page_or_part(request, "billing/index.html", "billing/_invoices.html", context)


@page()
@require_GET
def invoice(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = invoice_for(person(request), workspace_id, pk)
    credits_given = [note.total_ttc for note in shown.credit_notes.all()]
    context = {
        "workspace": workspace,
        "invoice": shown,
        "is_credit": shown.kind == Invoice.Kind.CREDIT_NOTE,
        "bases": queries.vat_breakdown(shown),
        "left_to_credit": policy.left_to_credit(shown.total_ttc, credits_given),
        "today": day_in_paris(timezone.now()),
        "disputes": list(shown.disputes.all()),
        "owed": shown.owed,
        "may_write": may_write(person(request), workspace),
    }
    return render(request, "billing/invoice.html", context)
