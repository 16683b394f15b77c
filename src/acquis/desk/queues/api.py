"""Queues, who is at the desk, and what is offered: how another system follows and answers."""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema
from ninja.pagination import paginate
from ninja.responses import Status

from acquis.accounts.api_kit import Key, Window, caller, scoped
from acquis.accounts.verbs import Verb
from acquis.desk.api_kit import desk_for
from acquis.desk.queues import policy, queries
from acquis.desk.queues.access import offer_for
from acquis.desk.queues.actions.answer_offer import accept_offer, refuse_offer
from acquis.desk.queues.actions.be_present import be_present, leave
from acquis.desk.queues.models import Offer, Presence, Queue
from acquis.desk.shell import supervises

router = Router(tags=[_("files")])


class QueueOut(Schema):
    id: int
    key: str
    name: str
    channels: list[str]
    priority: int
    skill: str
    target_seconds: int
    target_percent: int
    wrapup_seconds: int
    offer_seconds: int
    opens_by_itself: bool
    overflow_queue_id: int | None


class PresenceOut(Schema):
    adviser_id: int
    adviser_label: str
    state: Presence.State
    reason: str
    takes_next: bool | None
    started_at: datetime
    seen_at: datetime


class PresenceIn(Schema):
    """À redire avant 90 secondes : sans signe de vie, personne n’est plus là."""

    state: Literal["available", "paused", "outbound", "casework"]
    reason: Annotated[str, Field(max_length=10)] = ""
    takes_next: bool | None = None


class OfferOut(Schema):
    id: int
    conversation_id: int
    adviser_id: int
    adviser_label: str
    queue_id: int | None
    reasons: list[str]
    state: Offer.State
    offered_at: datetime
    expires_at: datetime
    ended_at: datetime | None


@router.get(
    "/workspaces/{workspace_id}/queues", response=list[QueueOut], summary=_("Les files d’un poste")
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def queues(request: HttpRequest, workspace_id: Key) -> QuerySet[Queue]:
    return queries.of_workspace(desk_for(request, workspace_id))


@router.get(
    "/workspaces/{workspace_id}/presences",
    response=list[PresenceOut],
    summary=_("Qui est au poste"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def presences(request: HttpRequest, workspace_id: Key) -> QuerySet[Presence]:
    workspace = desk_for(request, workspace_id)
    seen_since = timezone.now() - policy.SEEN_FOR
    return Presence.objects.filter(workspace=workspace, ended_at=None, seen_at__gte=seen_since)


@router.post(
    "/workspaces/{workspace_id}/presence", response=PresenceOut, summary=_("Dire son état")
)
@scoped(Verb.DESK_USE)
def present(request: HttpRequest, workspace_id: Key, body: PresenceIn) -> Presence:
    workspace = desk_for(request, workspace_id, write=True)
    return be_present(
        workspace=workspace,
        state=body.state,
        reason=body.reason,
        takes_next=body.takes_next,
        by=caller(request).user,
        at=timezone.now(),
    )


@router.delete(
    "/workspaces/{workspace_id}/presence", response={204: None}, summary=_("Quitter le poste")
)
@scoped(Verb.DESK_USE)
def away(request: HttpRequest, workspace_id: Key) -> Status[None]:
    workspace = desk_for(request, workspace_id, write=True)
    leave(workspace=workspace, by=caller(request).user, at=timezone.now())
    return Status(204, None)


@router.get(
    "/workspaces/{workspace_id}/offers",
    response=list[OfferOut],
    summary=_("Les contacts proposés en ce moment"),
)
@paginate(Window)
@scoped(Verb.DESK_USE, note=_("Les siens ; tous, pour le superviseur."))
def offers(request: HttpRequest, workspace_id: Key) -> QuerySet[Offer]:
    workspace = desk_for(request, workspace_id)
    user = caller(request).user
    found = queries.pending(workspace)
    return found if supervises(user, workspace) else found.filter(adviser=user)


@router.post(
    "/workspaces/{workspace_id}/offers/{offer_id}/accept",
    response=OfferOut,
    summary=_("Prendre le contact proposé"),
)
@scoped(Verb.DESK_USE)
def accept(request: HttpRequest, workspace_id: Key, offer_id: Key) -> Offer:
    offer = _mine(request, workspace_id, offer_id)
    accept_offer(offer=offer, by=caller(request).user, at=timezone.now())
    return offer


@router.post(
    "/workspaces/{workspace_id}/offers/{offer_id}/refuse",
    response=OfferOut,
    summary=_("Laisser le contact proposé"),
)
@scoped(Verb.DESK_USE)
def refuse(request: HttpRequest, workspace_id: Key, offer_id: Key) -> Offer:
    offer = _mine(request, workspace_id, offer_id)
    return refuse_offer(offer=offer, by=caller(request).user, at=timezone.now())


def _mine(request: HttpRequest, workspace_id: int, offer_id: int) -> Offer:
    desk_for(request, workspace_id, write=True)
    return offer_for(caller(request).user, workspace_id, offer_id)[1]
