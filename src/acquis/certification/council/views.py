"""The packs of an improvement council, and the questionnaire offered to candidates."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from acquis.accounts.access import may
from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.council import access, actions, presentation, rendering, season
from acquis.certification.council.forms import OrderForm, SurveyForm
from acquis.certification.council.models import CouncilPack, SurveyTicket
from acquis.kernel import files, sheets
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.lists.pages import attachment
from acquis.kernel.models import Job

PER_PAGE = 25
UNPROCESSABLE = 422


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was sent, which may be nothing at all."""
    return request.POST if request.method == "POST" else None


@page(Verb.COUNCIL_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def pack_list(request: HttpRequest) -> HttpResponse:
    """The packs of the centre; who prepares them orders one here."""
    organisation, user = current_organisation(request), person(request)
    prepares = may(user, Verb.COUNCIL_PREPARE, organisation=organisation)
    form, refusal = None, None
    if prepares:
        offered = season.years_of(organisation)
        form = OrderForm(_typed(request), offered=offered)
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            framework, year = form.chosen()
            at = timezone.now()
            try:
                ordered = actions.order_pack(
                    organisation=organisation, framework=framework, year=year, by=user, at=at
                )
            except DomainRefusal as refused:
                refusal = refused
            else:
                return redirect("kernel:job", actions.enqueue_writing(ordered, user, at).pk)
    found = access.packs_for(user, organisation).defer("data", "sealed_key")
    context = {
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "refusal": refusal,
        "State": CouncilPack.State,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "council/list.html", context, status=status)


@page(Verb.COUNCIL_READ)
@require_safe
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    organisation, user = current_organisation(request), person(request)
    found = access.readable_pack(user, organisation, pk)
    return render(request, "council/pack.html", _context(request, found))


def _context(request: HttpRequest, found: CouncilPack) -> dict[str, Any]:
    organisation, user = current_organisation(request), person(request)
    ready = found.state == CouncilPack.State.READY
    return {
        "pack": found,
        "title": presentation.title(found),
        "ready": ready,
        "job": None
        if ready
        else Job.objects.filter(unique_key=f"{actions.JOB}:{found.pk}").first(),
        "counts": presentation.counts(found.data) if ready else [],
        "warnings": presentation.warnings(found.data) if ready else [],
        "sections": presentation.shown(found.data) if ready else [],
        "prepares": may(user, Verb.COUNCIL_PREPARE, organisation=organisation),
        "year_before": found.year - 1,
        "forms": ("xlsx", "ods", "csv"),
        "key": None,
    }


def _ready(request: HttpRequest, pk: int) -> CouncilPack:
    found = access.readable_pack(person(request), current_organisation(request), pk)
    if found.file is None:
        raise Http404
    return found


@page(Verb.COUNCIL_READ)
@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _ready(request, pk)
    assert found.file is not None  # noqa: S101  of a pack that is ready
    return files.file_response(found.file, name=rendering.file_name(found, "pdf"))


@page(Verb.COUNCIL_READ)
@require_safe
def export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Every figure of the pack on a line of its own."""
    found = _ready(request, pk)
    if form not in sheets.MEDIA_TYPES:
        raise Http404
    name = rendering.file_name(found, form).removesuffix(f".{form}")
    heads = [str(one) for one in presentation.HEADS]
    return attachment(form, name, _("Conseil"), heads, presentation.table(found.data))


@page(Verb.COUNCIL_PREPARE)
@require_POST
def write_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up a pack whose writing broke off."""
    user = person(request)
    found = access.prepared_pack(user, current_organisation(request), pk)
    if found.state == CouncilPack.State.READY:
        return redirect("council:pack", pk)
    return redirect("kernel:job", actions.enqueue_writing(found, user, timezone.now()).pk)


@page(Verb.COUNCIL_PREPARE)
@require_POST
def key(request: HttpRequest, pk: int) -> HttpResponse:
    """Who the letters are: asked for, traced, shown once and kept by no cache."""
    user = person(request)
    found = access.prepared_pack(user, current_organisation(request), pk)
    named = actions.read_key(pack=found, by=user, at=timezone.now())
    response = render(request, "council/pack.html", _context(request, found) | {"key": named})
    response["Cache-Control"] = "private, no-store"
    return response


@page(Verb.COUNCIL_PREPARE)
@require_POST
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the pack again and say what differs; in the background, as it was written."""
    user = person(request)
    found = access.prepared_pack(user, current_organisation(request), pk)
    return redirect("kernel:job", actions.enqueue_recount(found, user, timezone.now()).pk)


@page(Verb.AWARD_OWN_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The anonymous questionnaire about one's own exam."""
    seat = access.asked_seat(person(request), pk)
    form = SurveyForm(_typed(request))
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_survey(seat=seat, opinions=form.cleaned_data)
        except DomainRefusal as refused:
            refusal = refused
        else:
            messages.success(request, _("Merci. Votre avis est enregistré sans votre nom."))
            return redirect("awards:own_results")
    context = {
        "seat": seat,
        "form": form,
        "refusal": refusal,
        "answered": SurveyTicket.objects.filter(seat=seat).exists(),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "council/answer.html", context, status=status)
