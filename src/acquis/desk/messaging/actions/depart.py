"""What leaves: refused or put in the outbox in the transaction that keeps the message."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from acquis.desk.conversations.models import Message
from acquis.desk.messaging import policy, queries
from acquis.desk.messaging.errors import AddressUnknown, OptedOut, WindowClosed
from acquis.desk.messaging.models import Channel, Delivery
from acquis.kernel import outbox

TOPIC = "messaging.deliver"


def depart(message: Message, at: datetime) -> None:
    """Put an adviser's message on its way.

    Raises AddressUnknown, OptedOut (STOP, and nothing written since) or WindowClosed (WhatsApp,
    more than 24 hours, no template); the message is not kept then.
    """
    conversation = message.conversation
    workspace = conversation.workspace
    gateway = queries.gateway_of(workspace, conversation.channel)
    recipient = conversation.contact_address
    if not recipient and gateway is not None:
        raise AddressUnknown
    stopped = queries.stopped_by(conversation)
    if stopped is not None:
        on = date_format(timezone.localtime(stopped.said_at), "d/m/Y H:i")
        raise OptedOut(on=on)
    if conversation.channel == Channel.WHATSAPP:
        templates = queries.templates_of(workspace).values_list("body", flat=True)
        if not policy.is_open(queries.last_word_at(conversation), at) and not (
            policy.says_a_template(message.body, templates)
        ):
            raise WindowClosed
    delivery = Delivery.objects.create(
        workspace_id=message.workspace_id,
        message=message,
        gateway=gateway,
        recipient=recipient,
        segments=policy.length_of(message.body).segments
        if conversation.channel == Channel.SMS
        else 0,
        queued_at=at,
        changed_at=at,
    )
    outbox.put(TOPIC, {"delivery": delivery.pk}, at=at)
