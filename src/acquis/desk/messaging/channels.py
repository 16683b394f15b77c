"""SMS, WhatsApp and social networks as the desk shows them and lets them out."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from acquis.accounts.models import User
from acquis.desk.conversations.channels import ChannelRoom, Mark
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.knowledge import presentation as knowledge
from acquis.desk.knowledge import snippets
from acquis.desk.messaging import policy, queries
from acquis.desk.messaging.actions.depart import depart
from acquis.desk.messaging.models import Channel, Delivery
from acquis.desk.shell import day_in_paris

TONES = {
    Delivery.State.QUEUED: "neutral",
    Delivery.State.SENT: "info",
    Delivery.State.DELIVERED: "success",
    Delivery.State.FAILED: "danger",
}


def context(conversation: Conversation, user: User) -> Mapping[str, Any]:
    """What the composer says: where it goes, STOP, the 24 hours, the templates."""
    workspace = conversation.workspace
    now = timezone.now()
    told: dict[str, Any] = {
        "address": conversation.contact_address,
        "stopped": queries.stopped_by(conversation),
        "counts": conversation.channel == Channel.SMS,
        "templates": [],
        "window_ends": None,
        "window_open": True,
        "gateway": queries.gateway_of(workspace, conversation.channel),
    }
    if conversation.channel == Channel.WHATSAPP:
        last = queries.last_word_at(conversation)
        told["window_ends"] = policy.window_ends(last)
        told["window_open"] = policy.is_open(last, now)
        values = knowledge.values_for(
            workspace, user, conversation.customer, subject=conversation.subject,
            today=day_in_paris(now),
        )  # fmt: skip
        told["templates"] = [
            {"name": one.name, "text": snippets.filled(one.body, values).text}
            for one in queries.templates_of(workspace)
        ]
    return told


def marks(messages: Sequence[Message]) -> Mapping[int, Mark]:
    """What became of each message, in words."""
    return {
        pk: Mark(str(row.get_state_display()), TONES[Delivery.State(row.state)], row.reason)
        for pk, row in queries.deliveries_of(messages).items()
    }


CHANNELS = [
    ChannelRoom(
        channel=channel,
        composer="messaging/_composer.html",
        context=context,
        sent=depart,
        marks=marks,
        script="messaging/composer.js",
        in_place=True,
        files=() if channel == Channel.SMS else policy.MEDIA,
    )
    for channel in Channel.values
]
