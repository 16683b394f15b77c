"""The telephone of a customer: a page in any browser, without an account.

The address of a line lets anybody ring at its desk; the key of a leg is what lets this page, and no
other, act on that call. A person who plays a customer calls through the same addresses.
"""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from acquis.accounts.pages import public_page
from acquis.desk.phone import joining, presentation, queries
from acquis.desk.phone.access import customer_leg, public_line
from acquis.desk.phone.actions.call_customer import pick_up
from acquis.desk.phone.actions.control_recording import oppose_recording
from acquis.desk.phone.actions.hang_up import customer_hangs_up
from acquis.desk.phone.actions.hold_call import press_keys
from acquis.desk.phone.actions.leave_message import leave_message
from acquis.desk.phone.actions.place_call import place_call
from acquis.desk.phone.errors import LineBusy
from acquis.desk.phone.forms import CallerForm, OfferForm
from acquis.desk.phone.models import Line
from acquis.desk.queues import queries as queues
from acquis.kernel.media import client as media
from acquis.kernel.slowing import too_often

CALLS = 6  # that one address may place
WINDOW_SECONDS = 60


@public_page
@require_GET
def caller(request: HttpRequest, key: str) -> HttpResponse:
    """The page from which anybody calls a desk."""
    line = public_line(key)
    context = {
        "line": line,
        "form": CallerForm(),
        "place_key": key,
        "leg": None,
        "closed": not queues.is_open(line.queue, timezone.now()),
    }
    request.needs_microphone = True  # type: ignore[attr-defined]
    return render(request, "phone/caller.html", context | _of_desk(line))


@public_page
@require_POST
def place(request: HttpRequest, key: str) -> JsonResponse:
    """Ring at the desk: gives the key of the leg that this page then holds."""
    line = public_line(key)
    form = CallerForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    if too_often(request, "phone-placed", most=CALLS, seconds=WINDOW_SECONDS):
        raise LineBusy
    leg = place_call(workspace=line.workspace, **form.cleaned_data, at=timezone.now())
    return JsonResponse({"leg": leg.key})


@public_page
@require_GET
def invited(request: HttpRequest, key: str) -> HttpResponse:
    """The page on which a call of the desk rings."""
    leg = customer_leg(key)
    line = queries.line_of(leg.workspace)
    context = {"line": line, "form": None, "place_key": "", "leg": leg}
    request.needs_microphone = True  # type: ignore[attr-defined]
    return render(request, "phone/caller.html", context | _of_desk(line))


@public_page
@never_cache
@require_GET
def state(request: HttpRequest, key: str) -> JsonResponse:
    del request
    return JsonResponse(presentation.customer_state(customer_leg(key), now=timezone.now()))


@public_page
@require_POST
def join(request: HttpRequest, key: str) -> JsonResponse:
    leg = customer_leg(key)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"code": "phone.offer_invalid"}, status=422)
    return JsonResponse(joining.join(leg, form.cleaned_data["sdp"], at=timezone.now()))


@public_page
@require_POST
def act(request: HttpRequest, key: str) -> JsonResponse:
    """One act of the customer; how their call is afterwards."""
    leg, now = customer_leg(key), timezone.now()
    match request.POST.get("act", ""):
        case "pick_up":
            pick_up(leg=leg, at=now)
        case "hang_up":
            customer_hangs_up(leg=leg, at=now)
        case "message":
            leave_message(leg=leg, at=now)
        case "oppose":
            oppose_recording(call=leg.call, leg=leg, at=now)
        case "keys":
            press_keys(call=leg.call, keys=request.POST.get("keys", ""), leg=leg, at=now)
        case _:
            return JsonResponse({"code": "phone.unknown_act"}, status=422)
    return JsonResponse(presentation.customer_state(customer_leg(key), now=now))


def _of_desk(line: Line) -> dict[str, object]:
    name = line.workspace.identity.get("name") or line.workspace.name
    return {"desk_name": name, "ice_servers": json.dumps(media.ice_servers(timezone.now()))}
