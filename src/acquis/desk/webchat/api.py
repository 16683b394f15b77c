"""Call-backs asked for through the HTTP API: by a customer's own site, form or telephone tree."""

from datetime import datetime
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from ninja.pagination import paginate
from ninja.responses import Status

from acquis.accounts.api_kit import Key, Text, Window, caller, scoped
from acquis.accounts.verbs import Verb
from acquis.desk.api_kit import desk_for
from acquis.desk.webchat import queries
from acquis.desk.webchat.access import call_back_for
from acquis.desk.webchat.actions.call_backs import Asked, cancel_call_back, request_call_back
from acquis.desk.webchat.models import CallBack, Site

router = Router(tags=[_("rappels")])


class SiteOut(Schema):
    id: int
    name: str
    is_active: bool
    calls_open: bool
    slot_minutes: int


class SlotOut(Schema):
    start: datetime
    end: datetime
    left: int


class CallBackOut(Schema):
    id: int
    reference: str
    name: str
    phone: str
    subject: str
    customer_id: int | None
    slot_start: datetime
    slot_end: datetime
    due_at: datetime
    state: CallBack.State
    requested_at: datetime


class CallBackIn(Schema):
    """`wording` : ce que le client a lu et accepté ; `slot_start` : un des créneaux libres."""

    name: Text
    phone: Text
    subject: Text
    slot_start: datetime
    wording: Text
    client_key: Text = ""


def _site(request: HttpRequest, workspace_id: int, site_id: int, *, write: bool = False) -> Site:
    workspace = desk_for(request, workspace_id, write=write)
    site = get_object_or_404(Site.objects.filter(workspace=workspace), pk=site_id)
    site.workspace = workspace
    return site


@router.get(
    "/workspaces/{workspace_id}/chat-sites",
    response=list[SiteOut],
    summary=_("Les sites d’un poste qui portent le chat"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def sites(request: HttpRequest, workspace_id: Key) -> QuerySet[Site]:
    return Site.objects.filter(workspace=desk_for(request, workspace_id))


@router.get(
    "/workspaces/{workspace_id}/chat-sites/{site_id}/slots",
    response=list[SlotOut],
    summary=_("Les créneaux de rappel libres d’un site"),
)
@scoped(Verb.DESK_USE)
def slots(request: HttpRequest, workspace_id: Key, site_id: Key) -> list[SlotOut]:
    site = _site(request, workspace_id, site_id)
    found = queries.free_slots(site, now=timezone.now()) if site.calls_open else []
    return [SlotOut(start=slot.start, end=slot.end, left=slot.left) for slot in found]


@router.get(
    "/workspaces/{workspace_id}/call-backs",
    response=list[CallBackOut],
    summary=_("Les rappels d’un poste"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def call_backs(
    request: HttpRequest, workspace_id: Key, state: CallBack.State | None = None
) -> QuerySet[CallBack]:
    found = CallBack.objects.filter(workspace=desk_for(request, workspace_id))
    return found.filter(state=state) if state else found


@router.post(
    "/workspaces/{workspace_id}/chat-sites/{site_id}/call-backs",
    response={201: CallBackOut},
    summary=_("Demander un rappel"),
)
@scoped(
    Verb.DESK_USE,
    note=_(
        "Au nom du client, qui le demande : « wording » garde ce qu’il a accepté. La même "
        "« client_key » ne demande qu’une fois."
    ),
)
def ask(
    request: HttpRequest, workspace_id: Key, site_id: Key, body: CallBackIn
) -> Status[CallBack]:
    site = _site(request, workspace_id, site_id, write=True)
    now = timezone.now()
    made = request_call_back(
        site=site,
        asked=Asked(
            name=body.name,
            phone=body.phone,
            subject=body.subject,
            slot_start=body.slot_start,
            client_key=body.client_key or uuid4().hex,
            proof={
                "medium": "api",
                "wording": body.wording,
                "at": now.isoformat(),
            },
        ),
        by=caller(request).user,
        at=now,
    )
    return Status(201, made)


@router.post(
    "/workspaces/{workspace_id}/call-backs/{call_back_id}/cancel",
    response=CallBackOut,
    summary=_("Annuler un rappel"),
)
@scoped(Verb.DESK_USE)
def cancel(request: HttpRequest, workspace_id: Key, call_back_id: Key) -> CallBack:
    desk_for(request, workspace_id, write=True)
    user = caller(request).user
    _workspace, found = call_back_for(user, workspace_id, call_back_id, write=True)
    return cancel_call_back(call_back=found, by=user, at=timezone.now())
