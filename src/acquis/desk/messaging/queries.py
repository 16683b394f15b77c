"""Gateways, what left through them, who said STOP."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max, QuerySet

from acquis.accounts.models import Workspace
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.messaging.models import ApprovedTemplate, Delivery, Gateway, OptOut


def gateway_of(workspace: Workspace, channel: str) -> Gateway | None:
    """The gateway that carries a channel; None: the embedded one, as in every copy of a desk."""
    return Gateway.objects.filter(
        workspace=workspace, channel=channel, is_active=True, origin_id=None
    ).first()


def gateway_of_key(key: str) -> Gateway | None:
    """The gateway that calls us under this key; never a row that came with a copy."""
    return (
        Gateway.objects.filter(key=key, is_active=True, origin_id=None)
        .select_related("workspace")
        .first()
    )


def opt_out_of(workspace: Workspace, channel: str, address: str) -> OptOut | None:
    return OptOut.objects.filter(workspace=workspace, channel=channel, address=address).first()


def stopped_by(conversation: Conversation) -> OptOut | None:
    """The STOP that holds; who writes again after it is answered again."""
    stop = opt_out_of(conversation.workspace, conversation.channel, conversation.contact_address)
    if stop is None:
        return None
    last = last_word_at(conversation)
    return stop if last is None or last <= stop.said_at else None


def last_word_at(conversation: Conversation) -> datetime | None:
    """When this address last wrote on this channel, in whichever exchange."""
    said = Message.objects.filter(
        workspace_id=conversation.workspace_id,
        conversation__channel=conversation.channel,
        conversation__contact_address=conversation.contact_address,
        author=Message.Author.CUSTOMER,
    )
    found: datetime | None = said.aggregate(last=Max("sent_at"))["last"]
    return found


def under_way(workspace: Workspace, channel: str, address: str) -> Conversation | None:
    """The exchange to which a message of this address belongs."""
    return (
        Conversation.objects.filter(workspace=workspace, channel=channel, contact_address=address)
        .exclude(state=Conversation.State.ENDED)
        .order_by("-started_at", "-pk")
        .first()
    )


def templates_of(workspace: Workspace) -> QuerySet[ApprovedTemplate]:
    return ApprovedTemplate.objects.filter(workspace=workspace)


def deliveries_of(messages: Sequence[Message]) -> dict[int, Delivery]:
    rows = Delivery.objects.filter(message__in=[message.pk for message in messages])
    return {row.message_id: row for row in rows}


def deliveries(workspace: Workspace, *, channel: str = "", state: str = "") -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(workspace=workspace).select_related(
        "message__conversation", "gateway"
    )
    if channel:
        rows = rows.filter(message__conversation__channel=channel)
    return rows.filter(state=state) if state else rows
