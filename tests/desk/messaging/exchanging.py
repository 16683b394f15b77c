"""Messages that come and go, for the tests of this folder."""

import json
from typing import Any

from django.urls import reverse
from django.utils import timezone

from acquis.accounts.models import User
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.messaging import policy
from acquis.desk.messaging.models import Gateway
from acquis.kernel import outbox
from acquis.kernel.models import OutboxMessage
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make
from tests.factories import messaging as known


def call(client: StrictClient, gateway: Gateway, event: Any, **headers: str) -> Any:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    stamp = str(int(timezone.now().timestamp()))
    given = {
        "X-Acquis-Timestamp": stamp,
        "X-Acquis-Signature": policy.signature(known.SECRET, stamp, body),
    }
    return client.post(
        reverse("gateways:receive", args=[gateway.key]),
        body,
        content_type="application/json",
        headers=given | headers,
    )


def incoming(event_id: str = "e1", **fields: Any) -> dict[str, Any]:
    values = {"id": event_id, "type": "message", "from": "06 39 98 00 11", "text": "Bonjour"}
    return values | fields


def send(conversation: Conversation, adviser: User, at: Any, body: str = "Bien reçu.") -> Message:
    return send_message(
        conversation=conversation,
        author="adviser",
        body=body,
        author_label="Camille",
        client_key=f"k-{conversation.messages.count()}",
        by=adviser,
        at=at,
    )


def deliver_all(times: int = 1) -> None:
    for _ in range(times):
        OutboxMessage.objects.update(next_attempt_at=make.NOW)
        outbox.deliver(now=timezone.now())
