"""The parts of a record on screen: how to reach, who lives there, what was agreed, who calls."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.directory import presentation, queries
from acquis.desk.directory.access import custom_field_for, customer_for, part_for
from acquis.desk.directory.actions.keep_custom_field import (
    archive_field,
    change_field,
    define_field,
)
from acquis.desk.directory.actions.keep_household import join_household, leave_household
from acquis.desk.directory.actions.keep_part import keep_part, remove_part
from acquis.desk.directory.actions.record_consent import record_consent
from acquis.desk.directory.actions.record_prospecting_call import record_prospecting_call
from acquis.desk.directory.models import Customer
from acquis.desk.directory.part_forms import (
    PART_FORMS,
    CallForm,
    ConsentForm,
    FieldForm,
    HouseholdForm,
    now_typed,
)
from acquis.desk.directory.queries.calling import calling_of
from acquis.desk.directory.views import record_page
from acquis.desk.shell import day_in_paris, posted

CONSENTS_SHOWN = 100


def _writes(request: HttpRequest) -> bool:
    return request.method == "POST"


@page()
@require_GET
def caller(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Who calls from `?numero=`: the record at once when it is known, else who it may be.

    The record is given in the same answer, not by a redirection: the telephone is ringing.
    """
    workspace = workspace_for(person(request), workspace_id)
    number = request.GET.get("numero", "")[:40]
    on = day_in_paris(timezone.now())
    found = queries.identify(workspace, number, on=on) if number else []
    if [one.certainty for one in found] == ["known"]:
        customer = found[0].customer
        customer.workspace = workspace
        response = render(request, "directory/record.html", record_page(request, customer))
        response["Content-Location"] = reverse("directory:record", args=[workspace.pk, customer.pk])
        return response
    context = {
        "workspace": workspace,
        "number": number,
        "callers": presentation.callers_in_words(found),
    }
    return render(request, "directory/caller.html", context)


@page()
@require_GET
def reach(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Everything that reaches a customer, with what no longer does."""
    workspace, customer = customer_for(person(request), workspace_id, pk)
    return render(request, "directory/reach.html", _reach_context(workspace, customer))


def _reach_context(
    workspace: Workspace, customer: Customer, household: HouseholdForm | None = None
) -> dict[str, Any]:
    return {
        "workspace": workspace,
        "customer": customer,
        "is_company": customer.kind == Customer.Kind.COMPANY,
        "parts": presentation.all_parts(customer, today=day_in_paris(timezone.now())),
        "household": queries.household_of(customer),
        "household_form": household or HouseholdForm(customer=customer),
    }


@page()
@require_http_methods(["GET", "POST"])
def part(
    request: HttpRequest, workspace_id: int, pk: int, part: str, part_pk: int | None = None
) -> HttpResponse:
    """A telephone, an e-mail address, an address or a person: a new one, or one to change."""
    workspace, customer = customer_for(person(request), workspace_id, pk, write=True)
    kept = part_for(customer, part, part_pk)
    form = PART_FORMS[part](posted(request), instance=kept, customer=customer)
    if _writes(request) and form.is_valid():
        keep_part(
            customer=customer,
            part=kept,
            values=form.values(),
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("La fiche est enregistrée."))
        return redirect("directory:reach", workspace.pk, customer.pk)
    context = {
        "workspace": workspace,
        "customer": customer,
        "form": form,
        "part": part,
        "part_pk": part_pk,
        "title": presentation.part_title(part, new=part_pk is None),
    }
    return render(request, "directory/part.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def part_remove(
    request: HttpRequest, workspace_id: int, pk: int, part: str, part_pk: int
) -> HttpResponse:
    workspace, customer = customer_for(person(request), workspace_id, pk, write=True)
    kept = part_for(customer, part, part_pk)
    remove_part(customer=customer, part=kept, by=person(request), at=timezone.now())
    messages.success(request, _("C’est retiré de la fiche."))
    return redirect("directory:reach", workspace.pk, customer.pk)


@page()
@require_POST
def household(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, customer = customer_for(person(request), workspace_id, pk, write=True)
    form = HouseholdForm(request.POST, customer=customer)
    if not form.is_valid():
        context = _reach_context(workspace, customer, form)
        return render(request, "directory/reach.html", context, status=422)
    join_household(
        customer=customer,
        other=form.cleaned_data["other"],
        part=form.cleaned_data["part"],
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("Le foyer est enregistré."))
    return redirect("directory:reach", workspace.pk, customer.pk)


@page()
@require_POST
def household_leave(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, customer = customer_for(person(request), workspace_id, pk, write=True)
    leave_household(customer=customer, by=person(request), at=timezone.now())
    messages.success(request, _("Le client ne fait plus partie de ce foyer."))
    return redirect("directory:reach", workspace.pk, customer.pk)


@page()
@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """What was agreed and withdrawn, each with its proof."""
    workspace, customer = customer_for(person(request), workspace_id, pk, write=_writes(request))
    now = timezone.now()
    initial = {
        "decided_at": now_typed(timezone.localtime(now)),
        "medium": "call_in",
        "channel": request.GET.get("canal", "phone_offers"),
        "given": "no" if request.GET.get("retrait") else "yes",
    }
    form = ConsentForm(posted(request), initial=initial)
    if _writes(request) and form.is_valid():
        record_consent(customer=customer, statement=form.statement(), by=person(request), at=now)
        messages.success(request, _("C’est enregistré, et cela vaut dès maintenant."))
        return redirect("directory:consents", workspace.pk, customer.pk)
    context = {
        "workspace": workspace,
        "customer": customer,
        "form": form,
        "current": presentation.consents(customer.consents),
        "records": customer.consent_records.select_related("proof_file")[:CONSENTS_SHOWN],
    }
    return render(request, "directory/consents.html", context, status=422 if form.errors else 200)


@page()
@require_http_methods(["GET", "POST"])
def calling(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """May this customer be called, why, and the calls already made."""
    workspace, customer = customer_for(person(request), workspace_id, pk, write=_writes(request))
    now = timezone.now()
    known = calling_of(customer, at=now)
    form = CallForm(
        posted(request),
        contracts=[(one.reference, str(one.label)) for one in known.contracts],
        initial={"called_at": now_typed(timezone.localtime(now))},
    )
    if _writes(request) and form.is_valid():
        record_prospecting_call(customer=customer, **form.values(), by=person(request), at=now)
        messages.success(request, _("L’appel est consigné."))
        return redirect("directory:calling", workspace.pk, customer.pk)
    context = {
        "workspace": workspace,
        "customer": customer,
        "form": form,
        "may": presentation.may_call(known, at=now),
        "calls": presentation.calls_in_words(known.calls),
    }
    return render(request, "directory/calling.html", context, status=422 if form.errors else 200)


@page()
@require_http_methods(["GET", "POST"])
def fields(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The fields that this desk adds to its records."""
    workspace = workspace_for(person(request), workspace_id, write=_writes(request))
    form = FieldForm(posted(request))
    if _writes(request) and form.is_valid():
        define_field(workspace=workspace, **form.values(), by=person(request), at=timezone.now())
        messages.success(request, _("Le champ est ajouté à toutes les fiches."))
        return redirect("directory:fields", workspace.pk)
    context = {
        "workspace": workspace,
        "form": form,
        "fields": queries.custom_fields(workspace, archived=True),
    }
    return render(request, "directory/fields.html", context, status=422 if form.errors else 200)


@page()
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, kept = custom_field_for(person(request), workspace_id, pk, write=True)
    form = FieldForm(posted(request), kept=kept)
    if _writes(request) and form.is_valid():
        change_field(field=kept, **form.values(), by=person(request), at=timezone.now())
        messages.success(request, _("Le champ est enregistré."))
        return redirect("directory:fields", workspace.pk)
    context = {"workspace": workspace, "form": form, "field_kept": kept}
    return render(request, "directory/field.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def field_archive(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, kept = custom_field_for(person(request), workspace_id, pk, write=True)
    archived = kept.archived_at is None
    archive_field(field=kept, archived=archived, by=person(request), at=timezone.now())
    return redirect("directory:fields", workspace.pk)
