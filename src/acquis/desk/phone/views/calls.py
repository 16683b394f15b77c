from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.conversations.access import conversation_for
from acquis.desk.directory.access import customer_for
from acquis.desk.directory.models import Customer
from acquis.desk.phone import joining, presentation, queries
from acquis.desk.phone.access import call_for, may_supervise, public_key
from acquis.desk.phone.actions.answer_call import answer_call
from acquis.desk.phone.actions.call_customer import call_customer
from acquis.desk.phone.actions.set_line import renew_address, set_line
from acquis.desk.phone.forms import DialForm, LineForm, OfferForm
from acquis.desk.phone.models import Call, Leg
from acquis.desk.phone.views.acts import ACTS
from acquis.desk.shell import may_write, page_or_part, posted

SHOWN = 25
FILTERS = {"manques", "messages", "enregistres", "en-cours"}


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The journal of calls: missed ones to return, messages to listen to, recordings."""
    workspace = workspace_for(person(request), workspace_id)
    chosen = request.GET.get("vue", "")
    calls = queries.journal(workspace)
    if chosen == "manques":
        calls = queries.to_return(calls)
    elif chosen == "messages":
        calls = calls.filter(ending=Call.Ending.MESSAGE)
    elif chosen == "enregistres":
        calls = calls.filter(recordings__state="ready").distinct()
    elif chosen == "en-cours":
        calls = calls.filter(state__in=queries.LIVE)
    typed = request.GET.get("q", "")[:120].strip()
    if typed:
        calls = calls.filter(conversation__contact_label__icontains=typed) | calls.filter(
            number__contains=typed.replace(" ", "")
        )
    context = {
        "workspace": workspace,
        "page": Paginator(calls, SHOWN).get_page(request.GET.get("page")),
        "chosen": chosen if chosen in FILTERS else "",
        "typed": typed,
        "missed": queries.to_return(queries.of_workspace(workspace)).count(),
        "may_write": may_write(person(request), workspace),
        "may_supervise": may_supervise(person(request), workspace),
        "outage": presentation.outage_of(queries.line_of(workspace)),
    }
    return page_or_part(request, "phone/index.html", "phone/_calls.html", context)


@page()
@require_GET
def bar(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The foot of every page of the desk: what rings, and the call one is on."""
    return _bar(request, workspace_for(person(request), workspace_id))


def _bar(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    context = presentation.bar_context(
        workspace,
        person(request),
        may_write=may_write(person(request), workspace),
        now=timezone.now(),
    )
    return render(request, "phone/_bar.html", context)


@page()
@require_GET
def panel(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The telephone above the exchange: its state, its recordings."""
    workspace, call = call_for(person(request), workspace_id, pk)
    _workspace, conversation = conversation_for(person(request), workspace_id, call.conversation_id)
    context = {
        "workspace": workspace,
        "conversation": conversation,
        "channel_context": presentation.panel_context(conversation, person(request)),
    }
    return render(request, "phone/_panel.html", context)


@page()
@require_POST
def answer(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Take a call; `customer` is whom its number told."""
    workspace, call = call_for(person(request), workspace_id, pk, write=True)
    asked = request.POST.get("customer", "")
    known: Customer | None = None
    if asked.isdecimal():
        known = customer_for(person(request), workspace_id, int(asked))[1]
    answer_call(call=call, customer=known, by=person(request), at=timezone.now())
    response = _to_exchange(workspace, call)
    if request.headers.get("HX-Request"):
        # The bar stays where it is when the call is refused; when it is taken, the page goes there.
        return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
    return response


@page()
@require_POST
def act(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """One act on a call that one is on; the bar as it is afterwards."""
    workspace, call = call_for(person(request), workspace_id, pk, write=True)
    perform = ACTS.get(request.POST.get("act", ""))
    if perform is None:
        return JsonResponse({"code": "phone.unknown_act"}, status=422)
    perform(request, call, person(request), timezone.now())
    if request.headers.get("HX-Request"):
        return _bar(request, workspace)
    return _to_exchange(workspace, call)


@page()
@require_POST
def join(request: HttpRequest, workspace_id: int, pk: int) -> JsonResponse:
    """Bring this browser's sound onto the call: the answer to its offer."""
    _workspace, call = call_for(person(request), workspace_id, pk, write=True)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"code": "phone.offer_invalid"}, status=422)
    leg = get_object_or_404(call.legs.filter(user=person(request), state=Leg.State.JOINED))
    return JsonResponse(joining.join(leg, form.cleaned_data["sdp"], at=timezone.now()))


@page()
@require_http_methods(["GET", "POST"])
def dial(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    """Call a customer at one of their numbers, or at another."""
    workspace, customer = customer_for(person(request), workspace_id, customer_pk, write=True)
    numbers = [number for number in (customer.phone, customer.phone_alt) if number]
    form = DialForm(posted(request), initial={"number": numbers[0] if numbers else ""})
    if request.method == "POST" and form.is_valid():
        call = call_customer(
            workspace=workspace,
            number=form.cleaned_data["number"],
            name=customer.display_name,
            customer=customer,
            by=person(request),
            at=timezone.now(),
        )
        return _to_exchange(workspace, call)
    context = {
        "workspace": workspace,
        "customer": customer,
        "form": form,
        "numbers": numbers,
        "own_number": queries.outside_number(workspace),
        "outage": presentation.outage_of(queries.line_of(workspace)),
    }
    return render(request, "phone/dial.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def call_back(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Return a call: ring where it came from."""
    workspace, call = call_for(person(request), workspace_id, pk, write=True)
    conversation = call.conversation
    placed = call_customer(
        workspace=workspace,
        number=call.number,
        name=conversation.contact_label,
        customer=conversation.customer,
        returns=call,
        subject=conversation.subject,
        by=person(request),
        at=timezone.now(),
    )
    return _to_exchange(workspace, placed)


@page()
@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """How the telephone of the desk is set; for those who supervise it."""
    workspace = workspace_for(person(request), workspace_id, write=True)
    if not may_supervise(person(request), workspace):
        raise Http404
    now = timezone.now()
    if request.method == "POST" and "renew" in request.POST:
        renew_address(workspace=workspace, by=person(request), at=now)
        messages.success(request, _("L’ancienne adresse n’ouvre plus rien."))
        return redirect("phone:line", workspace.pk)
    current = queries.line_of(workspace)
    form = LineForm(posted(request), instance=current)
    if request.method == "POST" and form.is_valid():
        set_line(workspace=workspace, values=form.cleaned_data, by=person(request), at=now)
        messages.success(request, _("Le téléphone du poste est réglé."))
        return redirect("phone:line", workspace.pk)
    context = {
        "workspace": workspace,
        "form": form,
        "outage": presentation.outage_of(queries.line_of(workspace)),
        "public_key": public_key(current) if current.pk and current.public else "",
    }
    return render(request, "phone/line.html", context, status=422 if form.errors else 200)


def _to_exchange(workspace: Workspace, call: Call) -> HttpResponse:
    response = redirect("conversations:desk", workspace.pk)
    response["Location"] += f"?c={call.conversation_id}"
    return response
