from collections.abc import Mapping, Sequence
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
from acquis.desk.directory import queries as directory
from acquis.desk.directory.access import customer_for
from acquis.desk.directory.models import Customer
from acquis.desk.merging import presentation, queries
from acquis.desk.merging.access import merge_for, suspicion_for
from acquis.desk.merging.actions.decide_pair import decide_pair
from acquis.desk.merging.actions.merge_customers import FIELDS, MOST, merge_customers
from acquis.desk.merging.actions.scan_desk import start_scan
from acquis.desk.merging.actions.undo_merge import refusal, undo_merge
from acquis.desk.merging.errors import NothingToMerge
from acquis.desk.merging.models import DuplicateScan, Merge, Suspicion
from acquis.desk.shell import day_in_paris, may_write, page_or_part
from acquis.kernel import jobs
from acquis.kernel.models import Job

ROWS = 25
OFFERED = 10


@page()
@require_GET
def pairs(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The pairs to look at, or those that were told apart; and how far the search is."""
    user = person(request)
    workspace = workspace_for(user, workspace_id)
    dismissed = request.GET.get("etat") == "ecartees"
    state = Suspicion.State.DISMISSED if dismissed else Suspicion.State.OPEN
    found = Suspicion.objects.filter(workspace=workspace, state=state)
    rows = Paginator(found.select_related("first", "second"), ROWS).get_page(
        request.GET.get("page")
    )
    scanned = DuplicateScan.objects.filter(workspace=workspace).first()
    job = Job.objects.filter(pk=scanned.job_key or 0).first() if scanned else None
    context = {
        "workspace": workspace,
        "page_obj": rows,
        "pairs": [(row, presentation.reasons(row.reasons)) for row in rows],
        "dismissed": dismissed,
        "scanned": scanned,
        "job": job,
        "active": job is not None and job.state in jobs.ACTIVE,
        "writable": may_write(user, workspace),
    }
    return page_or_part(request, "merging/pairs.html", "merging/_pairs.html", context)


@page()
@require_POST
def scan(request: HttpRequest, workspace_id: int) -> HttpResponse:
    user = person(request)
    workspace = workspace_for(user, workspace_id, write=True)
    start_scan(workspace=workspace, by=user, at=timezone.now())
    return redirect("merging:pairs", workspace.pk)


@page()
@require_POST
def decide(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    user = person(request)
    workspace, pair = suspicion_for(user, workspace_id, pk)
    same = request.POST.get("memes") == "oui"
    decide_pair(one=pair.first, other=pair.second, same=same, by=user, at=timezone.now())
    messages.success(
        request,
        _("Ces deux fiches seront comparées à nouveau.")
        if same
        else _("C’est retenu : ces deux fiches ne seront plus proposées."),
    )
    return redirect("merging:pairs", workspace.pk)


@page()
@require_http_methods(["GET", "POST"])
def similar(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    """Who may be the same as one record; a POST tells one of them apart."""
    user = person(request)
    write = request.method == "POST"
    workspace, customer = customer_for(user, workspace_id, customer_pk, write=write)
    if write:
        asked = request.POST.get("autre", "")
        if not asked.isdecimal():
            raise NothingToMerge
        _workspace, other = customer_for(user, workspace_id, int(asked[:18]))
        decide_pair(one=customer, other=other, same=False, by=user, at=timezone.now())
        messages.success(request, _("C’est retenu : ces deux fiches ne seront plus proposées."))
        return redirect("merging:similar", workspace.pk, customer.pk)
    typed = request.GET.get("q", "").strip()[:120]
    context = {
        "workspace": workspace,
        "customer": customer,
        "alike": [
            (each, presentation.reasons(each.likeness.reasons)) for each in queries.alike(customer)
        ],
        "typed": typed,
        "found": _found(workspace, typed, customer) if typed else [],
        "writable": may_write(user, workspace),
    }
    return render(request, "merging/similar.html", context)


def _found(workspace: Workspace, typed: str, customer: Customer) -> Sequence[Customer]:
    today = day_in_paris(timezone.now())
    found = directory.find(workspace, typed, filters=directory.Filters(), today=today)
    return [one for one in found.customers[: OFFERED + 1] if one.pk != customer.pk][:OFFERED]


@page()
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    """The records side by side, what stays and what moves; then the merge."""
    user = person(request)
    write = request.method == "POST"
    workspace, customer = customer_for(user, workspace_id, customer_pk, write=write)
    asked = request.POST if write else request.GET
    keys = [int(key) for key in asked.getlist("avec") if key.isdecimal() and len(key) < 18]
    scope = Customer.objects.filter(workspace=workspace, pk__in=keys[:MOST])
    others = list(scope.exclude(pk=customer.pk).order_by("pk"))
    if write:
        merged = merge_customers(
            kept=customer, others=others, choices=_choices(asked), by=user, at=timezone.now()
        )
        messages.success(request, _("Les fiches sont fusionnées. Cette fusion peut être défaite."))
        return redirect("merging:merge", workspace.pk, merged.pk)
    if not others:  # with whom is still to be chosen
        return similar(request, workspace_id, customer_pk)
    records = [customer, *others]
    context = {
        "workspace": workspace,
        "customer": customer,
        "others": others,
        "records": records,
        "table": presentation.side_by_side(records, _choices(asked)),
        "moving": presentation.moving(others),
        "warnings": presentation.warnings(records),
        "kinds_differ": len({one.kind for one in records}) > 1,
        "writable": may_write(user, workspace),
    }
    return render(request, "merging/compare.html", context)


def _choices(asked: Mapping[str, Any]) -> dict[str, int]:
    given = {name: str(asked.get(f"garder_{name}", "")) for name in FIELDS}
    return {name: int(key) for name, key in given.items() if key.isdecimal() and len(key) < 18}


@page()
@require_GET
def merges(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id)
    found = Merge.objects.filter(workspace=workspace).select_related("kept").defer("changes")
    rows = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "merging/merges.html", {"workspace": workspace, "page_obj": rows})


@page()
@require_GET
def merge(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """What one merge did, and whether it can still be undone."""
    user = person(request)
    workspace, row = merge_for(user, workspace_id, pk)
    context = {
        "workspace": workspace,
        "merge": row,
        "moved": presentation.in_words(row.counts),
        "former": row.changes.get("customers", []),
        "refusal": "" if row.undone_at else refusal(row, row.kept),
        "writable": may_write(user, workspace),
    }
    return render(request, "merging/merge.html", context)


@page()
@require_POST
def undo(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    user = person(request)
    workspace, row = merge_for(user, workspace_id, pk, write=True)
    undo_merge(merge=row, by=user, at=timezone.now())
    messages.success(request, _("La fusion est défaite : les fiches sont comme avant."))
    return redirect("merging:merge", workspace.pk, row.pk)
