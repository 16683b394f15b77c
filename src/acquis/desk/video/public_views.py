"""The page of a customer: made for a phone, opened by a link, without an account.

The first browser that asks to come in holds a secret in a cookie; from then on the link opens to no
other. Once the customer is let in, the key of their leg on the call acts through the addresses of the
telephone (`calling:join`, `calling:act`).
"""

import json
import secrets
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from acquis.accounts.pages import public_page
from acquis.desk.phone import queries as phone
from acquis.desk.video import policy
from acquis.desk.video.access import invitation_of_key, is_device_of
from acquis.desk.video.actions.invite import house_of
from acquis.desk.video.actions.wait import arrive, go_away, stay
from acquis.desk.video.models import VideoInvitation
from acquis.kernel.media import client as media

KEPT_SECONDS = 24 * 3600
CLOSED = frozenset({policy.Door.OVER, policy.Door.WITHDRAWN, policy.Door.EXPIRED})


@public_page
@never_cache
@require_GET
def room(request: HttpRequest, key: str) -> HttpResponse:
    """Who invites, the camera to try, the door; or in clear words why it is closed."""
    invitation = invitation_of_key(key)
    now = timezone.now()
    door = invitation.door(now)
    mine = is_device_of(invitation, _secret(request, invitation))
    context = {
        "invitation": invitation,
        "key": key,
        "house": house_of(invitation),
        "door": str(door),
        "opens_at": invitation.starts_at - policy.EARLY,
    }
    sealed = invitation.workspace.sealed_at is not None
    if sealed or door in CLOSED or not mine:
        context["door"] = "sealed" if sealed else str(door) if door in CLOSED else "elsewhere"
        status = HTTPStatus.GONE if sealed or door in CLOSED else HTTPStatus.CONFLICT
        return render(request, "video/closed.html", context, status=status)
    request.needs_microphone = request.needs_camera = True  # type: ignore[attr-defined]
    context |= {
        "line": phone.line_of(invitation.workspace),
        "ice_servers": json.dumps(media.ice_servers(now)),
    }
    return render(request, "video/room.html", context)


@public_page
@require_POST
def come(request: HttpRequest, key: str) -> JsonResponse:
    """Ask to be let in, from this browser and no other."""
    invitation = invitation_of_key(key)
    secret = _secret(request, invitation) or secrets.token_urlsafe(32)
    found = arrive(invitation=invitation, device=secret, at=timezone.now())
    response = _told(found)
    response.set_cookie(
        _cookie(found),
        secret,
        max_age=KEPT_SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
        path="/visio/",
    )
    return response


@public_page
@require_POST
def wait(request: HttpRequest, key: str) -> JsonResponse:
    """Say that one still waits; hear whether the door is open."""
    invitation = invitation_of_key(key)
    device = _secret(request, invitation)
    return _told(stay(invitation=invitation, device=device, at=timezone.now()))


@public_page
@require_POST
def leave(request: HttpRequest, key: str) -> JsonResponse:
    invitation = invitation_of_key(key)
    device = _secret(request, invitation)
    return _told(go_away(invitation=invitation, device=device, at=timezone.now()))


def _told(invitation: VideoInvitation) -> JsonResponse:
    """What the page shows next; `leg` is the key to the call, once let in."""
    door = invitation.door(timezone.now())
    leg = invitation.leg_key if door is policy.Door.INSIDE else ""
    return JsonResponse({"door": str(door), "waits": invitation.state == "arrived", "leg": leg})


def _cookie(invitation: VideoInvitation) -> str:
    return f"visio-{invitation.pk}"


def _secret(request: HttpRequest, invitation: VideoInvitation) -> str:
    return request.COOKIES.get(_cookie(invitation), "")
