"""Messages handed to their gateways, after commit."""

from typing import Any

from django.utils import timezone

from acquis.desk.messaging import outgoing
from acquis.desk.messaging.actions.depart import TOPIC
from acquis.desk.messaging.actions.receive import settle
from acquis.desk.messaging.models import Delivery
from acquis.kernel import outbox

MOST_ATTEMPTS = 10  # with the outbox's delays, about an hour and a half


@outbox.handler(TOPIC)
def deliver(payload: dict[str, Any]) -> None:
    """Hand one message over; called again until the gateway takes it or refuses it for good."""
    found = Delivery.objects.filter(pk=payload["delivery"]).select_related(
        "message__conversation", "gateway"
    )
    delivery = found.first()
    if delivery is None or delivery.state != Delivery.State.QUEUED:
        return
    at = timezone.now()
    delivery.attempts += 1
    try:
        outcome = outgoing.hand_over(delivery, at=at)
    except outgoing.GatewayUnreachable as trouble:
        if delivery.attempts >= MOST_ATTEMPTS:
            settle(delivery=delivery, state=Delivery.State.FAILED, reason=str(trouble), at=at)
            return
        Delivery.objects.filter(pk=delivery.pk).update(
            attempts=delivery.attempts, reason=str(trouble)[:300], changed_at=at
        )
        raise
    settle(
        delivery=delivery,
        state=outcome.state,
        reason=outcome.reason,
        remote_id=outcome.remote_id,
        at=at,
    )
