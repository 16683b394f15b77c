from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.directory import presentation, queries
from acquis.desk.directory.access import customer_for
from acquis.desk.directory.actions.keep_customer import change_customer, create_customer
from acquis.desk.directory.actions.open_customer import open_customer
from acquis.desk.directory.actions.write_note import write_note
from acquis.desk.directory.forms import (
    CustomerForm,
    NoteForm,
    TimelineForm,
    fingerprint,
)
from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import (
    Resembling,
    resembling,
    rooms,
    successor,
)
from acquis.desk.shell import VIEW_KEY_CHARS, day_in_paris, page_or_part, posted

MOMENTS = 20


@page()
@require_GET
def record(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    try:
        _workspace, customer = customer_for(person(request), workspace_id, pk)
    except Http404:
        kept = successor(workspace_for(person(request), workspace_id), pk)
        if kept is None:
            raise
        return redirect("directory:record", workspace_id, kept)
    context = record_page(request, customer)
    return page_or_part(request, "directory/record.html", "directory/_record.html", context)


def record_page(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """What `directory/record.html` needs; the workspace of the customer is already known."""
    return {
        **_record_context(customer.workspace, customer),
        **_timeline_context(request, customer),
        "note": NoteForm(),
    }


@page()
@require_GET
def pane(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The customer beside an exchange."""
    workspace, customer = customer_for(person(request), workspace_id, pk)
    return render(request, "directory/_customer_pane.html", _record_context(workspace, customer))


@page()
@require_GET
def timeline(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, customer = customer_for(person(request), workspace_id, pk)
    context = {"workspace": workspace, "customer": customer}
    return page_or_part(
        request,
        "directory/timeline.html",
        "directory/_timeline.html",
        context | _timeline_context(request, customer),
    )


def _record_context(workspace: Workspace, customer: Customer) -> dict[str, Any]:
    return {
        "workspace": workspace,
        "customer": customer,
        "record": presentation.record_of(customer, at=timezone.now()),
        "view_key": uuid4().hex,
    }


def _timeline_context(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    kinds = {room.kind: room.label for room in rooms()}
    channels = {key: label for room in rooms() for key, label in room.channels}
    kind = request.GET.get("genre", "")
    channel = request.GET.get("canal", "")
    kind, channel = kind if kind in kinds else "", channel if channel in channels else ""
    asked_start = request.GET.get("debut", "")
    start = int(asked_start) if asked_start.isdecimal() and len(asked_start) < 6 else 0
    asked = TimelineForm(request.GET)
    moments, more = queries.history(
        customer,
        kind=kind,
        channel=channel,
        period=asked.period(),
        text=asked.text(),
        start=start,
        count=MOMENTS,
    )
    following = request.GET.copy()
    following["debut"] = str(start + MOMENTS)
    return {
        "moments": moments,
        "asked": asked,
        "narrowed": bool(kind or channel or asked.text() or asked.period() != queries.EVER),
        "following": following.urlencode(),
        "kinds": kinds,
        "channels": channels,
        "kind": kind,
        "channel": channel,
        "start": start,
        "next_start": start + MOMENTS if more else None,
    }


@page()
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id, write=True)
    now = timezone.now()
    form = CustomerForm(
        posted(request), today=day_in_paris(now), custom=queries.custom_fields(workspace)
    )
    known: list[Resembling] = []
    if request.method == "POST" and form.is_valid():
        known = [] if "nouvelle" in request.POST else resembling(workspace, form.values())
        if not known:
            customer = create_customer(
                workspace=workspace, values=form.values(), by=person(request), at=now
            )
            messages.success(request, _("La fiche {} est créée.").format(customer.reference))
            return redirect("directory:record", workspace.pk, customer.pk)
    return _form_page(request, workspace, form, known=known)


@page()
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, customer = customer_for(person(request), workspace_id, pk, write=True)
    now = timezone.now()
    form = CustomerForm(
        posted(request),
        instance=customer,
        today=day_in_paris(now),
        custom=queries.custom_fields(workspace),
    )
    if request.method == "POST" and form.is_valid():
        change_customer(customer=customer, values=form.values(), by=person(request), at=now)
        messages.success(request, _("La fiche est enregistrée."))
        return redirect("directory:record", workspace.pk, customer.pk)
    return _form_page(request, workspace, form, customer)


def _form_page(
    request: HttpRequest,
    workspace: Workspace,
    form: CustomerForm,
    customer: Customer | None = None,
    known: Sequence[Resembling] = (),
) -> HttpResponse:
    context = {"workspace": workspace, "form": form, "customer": customer, "known": known}
    status = 422 if form.errors or known else 200
    return render(request, "directory/form.html", context, status=status)


@page()
@require_POST
def note(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, customer = customer_for(person(request), workspace_id, pk, write=True)
    form = NoteForm(request.POST)
    warned = form.excesses() if form.is_valid() else []
    if form.is_valid() and not warned:
        write_note(
            customer=customer,
            body=form.cleaned_data["body"],
            by=person(request),
            at=timezone.now(),
        )
        if not request.headers.get("HX-Request"):
            messages.success(request, _("La note est enregistrée."))
            return redirect("directory:record", workspace.pk, customer.pk)
        form = NoteForm()
    elif warned:
        body = form.cleaned_data["body"]
        form = NoteForm(initial={"body": body, "kept_anyway": fingerprint(body)})
    context = {
        "workspace": workspace,
        "customer": customer,
        "note": form,
        "warned": presentation.excesses_in_words(warned),
        **_timeline_context(request, customer),
    }
    status = 422 if form.errors or warned else 200
    return page_or_part(
        request, "directory/timeline.html", "directory/_timeline.html", context, status=status
    )


@page()
@require_POST
def opened(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The page says that it was opened; the same page view says it once."""
    _workspace, customer = customer_for(person(request), workspace_id, pk, write=True)
    open_customer(
        customer=customer,
        view_key=request.POST.get("view", "")[:VIEW_KEY_CHARS],
        by=person(request),
        at=timezone.now(),
    )
    return HttpResponse(status=204)
