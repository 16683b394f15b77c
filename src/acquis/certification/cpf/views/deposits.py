"""The deposits: their files, what was answered, and what may be done with them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.cpf import access, actions, downloads, presentation, queries
from acquis.certification.cpf.models import Deposit, Passage
from acquis.kernel import trace

ASIDE = [Passage.State.REJECTED, Passage.State.ERROR]


@page(Verb.CPF_DEPOSIT)
@require_safe
def deposit_list(request: HttpRequest) -> HttpResponse:
    found = queries.deposits_of(current_organisation(request))
    shown = Paginator(found, 25).get_page(request.GET.get("page"))
    return render(request, "cpf/deposits.html", {"page_obj": shown})


@page(Verb.CPF_DEPOSIT)
@require_safe
def deposit(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = current_organisation(request)
    found = access.deposit_for(person(request), organisation, pk)
    state, search = request.GET.get("etat", ""), request.GET.get("q", "")
    lines = queries.lines_in(found, search=search, state=state)
    shown = Paginator(lines, 50).get_page(request.GET.get("page"))
    events = trace.lines(found.trace_stream).filter(data__number=found.number)
    context: dict[str, Any] = {
        "deposit": found,
        "files": found.files.order_by("number"),
        "reports": found.reports.select_related("file", "received_by"),
        "page_obj": shown,
        "rows": presentation.sent_lines(shown),
        "state": state,
        "q": search,
        "states": [(one.value, presentation.STATES[one.value][0]) for one in Passage.State],
        "answers": presentation.answers(found),
        "job": queries.job_of(found),
        "State": Deposit.State,
        "lines": events.order_by("-position")[:50],
    }
    return render(request, "cpf/deposit.html", context)


@page(Verb.CPF_DEPOSIT)
@require_POST
def write_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.deposit_for(person(request), current_organisation(request), pk)
    if found.state != Deposit.State.WRITING:
        return redirect("cpf:deposit", pk)
    job = actions.enqueue_writing(found, person(request), timezone.now())
    return redirect("kernel:job", job.pk)


@page(Verb.CPF_DEPOSIT)
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.deposit_for(person(request), current_organisation(request), pk)
    actions.send_deposit(deposit=found, by=person(request), at=timezone.now())
    messages.success(
        request, _("Dépôt envoyé : déposez ici le rapport de traitement quand il arrive.")
    )
    return redirect("cpf:deposit", pk)


@page(Verb.CPF_DEPOSIT)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.deposit_for(person(request), current_organisation(request), pk)
    actions.cancel_deposit(deposit=found, by=person(request), at=timezone.now())
    messages.success(request, _("Dépôt annulé : ses passages peuvent entrer dans un autre."))
    return redirect("cpf:deposit", pk)


@page(Verb.CPF_DEPOSIT)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.deposit_for(person(request), current_organisation(request), pk)
    actions.close_deposit(deposit=found, by=person(request), at=timezone.now())
    messages.success(request, _("Dépôt clos : ce qui est resté sans réponse peut être redéposé."))
    return redirect("cpf:deposit", pk)


@page(Verb.CPF_DEPOSIT)
@require_safe
def download(request: HttpRequest, file_id: int) -> HttpResponseBase:
    found = access.file_for(person(request), current_organisation(request), file_id)
    return downloads.xml_response(found)
