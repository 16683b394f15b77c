"""Everybody who was delivered a certificate, where each stands, and what each lacks."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.access import may
from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.cpf import (
    access,
    actions,
    policy,
    presentation,
    queries,
    schemata,
)
from acquis.certification.cpf.entries import entry_of
from acquis.certification.cpf.forms import ParticularsForm
from acquis.certification.cpf.models import Particulars, RegisteredCertification
from acquis.kernel import sheets
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.lists import pages as lists

ALL = "tous"
_LONGEST_KEY = 18  # digits
SORTS = {
    "echeance": ("issued_at",),
    "-echeance": ("-issued_at",),
    "nom": (
        "candidate__enrolment__candidate__birth_name",
        "candidate__enrolment__candidate__first_name",
    ),
    "-nom": (
        "-candidate__enrolment__candidate__birth_name",
        "-candidate__enrolment__candidate__first_name",
    ),
}


@page(Verb.CPF_DEPOSIT)
@require_safe
def passage_list(request: HttpRequest) -> HttpResponse:
    return _list(request)


def _list(
    request: HttpRequest, *, refusal: DomainRefusal | None = None, chosen: list[str] | None = None
) -> HttpResponse:
    organisation, user = current_organisation(request), person(request)
    today = timezone.localtime().date()
    asked = request.GET
    search, state = asked.get("q", ""), asked.get("etat", "")
    found = queries.matching(organisation, search=search, state=state, today=today)
    found = queries.with_gaps(queries.shown(found))
    found = found.order_by(*SORTS.get(asked.get("tri", ""), SORTS["echeance"]), "pk")
    shown = Paginator(found, 25).get_page(asked.get("page"))
    rights = _rights(user, organisation)
    counts = queries.counts(organisation, today)
    context = {
        "page_obj": shown,
        "rows": [presentation.row_of(one, today, **rights) for one in shown],
        "q": search,
        "state": state,
        "filters": presentation.FILTERS.items(),
        "counts": counts,
        "sentence": presentation.readiness_sentence(counts),
        "account": queries.account_of(organisation),
        "deposit": queries.open_deposit_of(organisation),
        "versions": schemata.versions(organisation),
        "refusal": presentation.refusal_shown(refusal),
        "chosen": chosen or [],
        "may_manage": rights["may_manage"],
        "exports": sheets.MEDIA_TYPES,
    }
    return render(request, "cpf/list.html", context, status=422 if refusal else 200)


def _rights(user: Any, organisation: Any) -> dict[str, bool]:
    return {
        "may_edit": may(user, Verb.CANDIDATE_EDIT, organisation=organisation),
        "may_manage": may(user, Verb.CPF_MANAGE, organisation=organisation),
    }


@page(Verb.CPF_DEPOSIT)
@require_POST
def open_one(request: HttpRequest) -> HttpResponse:
    """Put those that were ticked, or all that are ready, in a new deposit; its files follow."""
    given = request.POST.getlist("choix")
    keys = {
        int(one) for one in given if one.isascii() and one.isdigit() and len(one) <= _LONGEST_KEY
    }
    try:
        deposit = actions.open_deposit(
            organisation=current_organisation(request),
            chosen=None if request.POST.get("quoi") == ALL else keys,
            schema_version=request.POST.get("schema", ""),
            by=person(request),
            at=timezone.now(),
        )
    except DomainRefusal as refused:
        return _list(request, refusal=refused, chosen=given)
    job = actions.enqueue_writing(deposit, person(request), timezone.now())
    return redirect("kernel:job", job.pk)


@page(Verb.CPF_DEPOSIT)
@require_safe
def passage(request: HttpRequest, pk: int) -> HttpResponse:
    return _passage(request, pk, None)


def _passage(request: HttpRequest, pk: int, form: ParticularsForm | None) -> HttpResponse:
    """What will be sent of one person, what is missing and where it is completed, what was sent."""
    organisation, user = current_organisation(request), person(request)
    delivery = access.delivery_for(user, organisation, pk)
    enrolment = delivery.candidate.enrolment
    certification = RegisteredCertification.objects.filter(pk=delivery.setting or 0).first()
    entry, faults = None, []
    if certification is not None and certification.register:
        entry = entry_of(delivery, certification, technical_id="—")
        faults = policy.faults(entry)
    own = Particulars.objects.filter(enrolment=enrolment).first()
    today = timezone.localtime().date()
    context = {
        "row": presentation.row_of(delivery, today, **_rights(user, organisation)),
        "delivery": delivery,
        "certification": certification,
        "entry": entry,
        "facts": presentation.entry_facts(entry) if entry else [],
        "faults": [presentation.fault_sentence(one) for one in faults],
        "lines": presentation.sent_lines(queries.lines_of(delivery)),
        "form": form or ParticularsForm(instance=own, route=enrolment.route),
    }
    return render(request, "cpf/passage.html", context, status=422 if form else 200)


@page(Verb.CPF_DEPOSIT)
@require_POST
def particulars(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = access.delivery_for(person(request), current_organisation(request), pk)
    enrolment = delivery.candidate.enrolment
    form = ParticularsForm(request.POST, route=enrolment.route)
    if not form.is_valid():
        return _passage(request, pk, form)
    actions.keep_particulars(
        enrolment=enrolment, data=form.data_for_action(), by=person(request), at=timezone.now()
    )
    messages.success(request, _("Précisions enregistrées."))
    return redirect("cpf:passage", pk)


@page(Verb.CPF_DEPOSIT)
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    """What the filters show, as a file."""
    organisation = current_organisation(request)
    today = timezone.localtime().date()
    found = queries.matching(
        organisation,
        search=request.GET.get("q", ""),
        state=request.GET.get("etat", ""),
        today=today,
    )
    rows = queries.with_gaps(queries.shown(found)).order_by("issued_at", "pk")
    return lists.attachment(
        form, "passeport", _("Passeport"), presentation.export_heads(), _cells(rows, today)
    )


def _cells(rows: Any, today: Any) -> Iterator[list[Any]]:
    for one in rows.iterator(chunk_size=1000):
        yield presentation.export_cells(
            presentation.row_of(one, today, may_edit=False, may_manage=False)
        )
