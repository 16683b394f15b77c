"""What leaves the process waits for commit here, and leaves at least once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from acquis.kernel import wakeup
from acquis.kernel.models import OutboxMessage

Handler = Callable[[dict[str, Any]], None]
HANDLERS: dict[str, Handler] = {}
LAST_ATTEMPT = 12  # with the delays below, about a day


def handler(topic: str) -> Callable[[Handler], Handler]:
    """Declare what delivers the messages of a topic; it must bear being called twice."""

    def declare(function: Handler) -> Handler:
        HANDLERS[topic] = function
        return function

    return declare


def put(topic: str, payload: dict[str, Any], *, at: datetime) -> OutboxMessage:
    """Keep a message in the act's transaction; it is delivered once the act is committed."""
    message = OutboxMessage.objects.create(
        topic=topic, payload=payload, created_at=at, next_attempt_at=at
    )
    transaction.on_commit(wakeup.ring)
    return message


def deliver(*, now: datetime, limit: int = 200) -> int:
    """Deliver what is due, in order; a failed message comes back later. Returns how many left."""
    delivered = 0
    for message in _claim(now, limit):
        try:
            HANDLERS[message.topic](message.payload)
        except Exception as error:  # noqa: BLE001  any fault of a gateway is kept and retried
            message.last_error = f"{type(error).__name__}: {error}"[:2000]
            message.save(update_fields=["last_error"])
        else:
            message.delivered_at = timezone.now()
            message.save(update_fields=["delivered_at"])
            delivered += 1
    return delivered


@transaction.atomic
def _claim(now: datetime, limit: int) -> list[OutboxMessage]:
    """Take due messages and postpone their next attempt, so that no other worker takes them."""
    due = OutboxMessage.objects.filter(
        delivered_at__isnull=True, next_attempt_at__lte=now, attempts__lt=LAST_ATTEMPT
    ).order_by("pk")
    locked = due.select_for_update(
        skip_locked=connection.features.has_select_for_update_skip_locked
    )
    messages = list(locked[:limit])
    for message in messages:
        delay = timedelta(seconds=min(5 * 2**message.attempts, 6 * 3600))
        OutboxMessage.objects.filter(pk=message.pk).update(
            attempts=F("attempts") + 1, next_attempt_at=now + delay
        )
    return messages
