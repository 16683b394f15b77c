"""What leaves the process waits for commit here, and leaves at least once."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from acquis.kernel import wakeup
from acquis.kernel.models import OutboxMessage

logger = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any]], None]
HANDLERS: dict[str, Handler] = {}
# What delivers a batch of one topic at once: the fault of each that failed, by its place.
Together = Callable[[list[dict[str, Any]]], dict[int, Exception]]
TOGETHER: dict[str, Together] = {}
SLOW: set[str] = set()  # topics whose gateway is outside: news must not wait behind them
FIRST_DELAY = timedelta(seconds=5)  # doubled at each attempt
LAST_DELAY = timedelta(hours=6)
SLOW_DELAY = timedelta(minutes=2)  # at least: no other worker tries while a gateway is slow
LAST_ATTEMPT = 16  # with these delays, more than a day
KEPT = timedelta(days=7)  # how long a delivered message stays, for those who look into a fault


def handler(topic: str, *, slow: bool = False) -> Callable[[Handler], Handler]:
    """Declare what delivers the messages of a topic; it must bear being called twice.

    A `slow` one speaks with a server outside: it has a thread of its own, one message at a time.
    """

    def declare(function: Handler) -> Handler:
        HANDLERS[topic] = function
        if slow:
            SLOW.add(topic)
        return function

    return declare


def together(topic: str) -> Callable[[Together], Together]:
    """Declare what delivers the messages of a topic that are due at the same time, in their order."""

    def declare(function: Together) -> Together:
        TOGETHER[topic] = function
        return function

    return declare


def put(
    topic: str, payload: dict[str, Any], *, at: datetime, due: datetime | None = None
) -> OutboxMessage:
    """Keep a message in the act's transaction; it is delivered once the act is committed.

    With `due` it does not leave before that instant.
    """
    return put_all(topic, [payload], at=at, due=due)[0]


def put_all(
    topic: str,
    payloads: Iterable[dict[str, Any]],
    *,
    at: datetime,
    due: datetime | None = None,
) -> list[OutboxMessage]:
    """Several messages of one act, as `put` keeps one: one statement for all."""
    messages = OutboxMessage.objects.bulk_create(
        OutboxMessage(topic=topic, payload=payload, created_at=at, next_attempt_at=due or at)
        for payload in payloads
    )
    transaction.on_commit(wakeup.messages.ring)
    return messages


def deliver(*, now: datetime, limit: int = 200) -> int:
    """Deliver what is due, in order; a failed message comes back later. Returns how many left.

    Slow topics are left to `deliver_slow`.

    What was delivered is written down once for the whole batch: a process that dies in between
    delivers the batch again.
    """
    delivered: list[int] = []
    try:
        claimed = _claim(_due(now).exclude(topic__in=SLOW), now, limit)
        for topic, function in TOGETHER.items():
            alike = [message for message in claimed if message.topic == topic]
            delivered.extend(_handed_over_together(function, alike))
        alone = [message for message in claimed if message.topic not in TOGETHER]
        delivered.extend(message.pk for message in alone if _handed_over(message))
    finally:
        if delivered:
            OutboxMessage.objects.filter(pk__in=delivered).update(delivered_at=now)
    return len(delivered)


def deliver_slow(*, now: datetime) -> int:
    """Deliver one message that is due for a gateway outside. Returns 1, or 0 when none was."""
    claimed = _claim(_due(now).filter(topic__in=SLOW), now, 1)
    for message in claimed:
        if _handed_over(message):
            OutboxMessage.objects.filter(pk=message.pk).update(delivered_at=now)
    return len(claimed)


def _handed_over(message: OutboxMessage) -> bool:
    try:
        HANDLERS[message.topic](message.payload)
    except Exception as error:  # noqa: BLE001  any fault of a gateway is kept and tried again
        _note(message, error)
        return False
    return True


def _handed_over_together(function: Together, messages: list[OutboxMessage]) -> list[int]:
    """The keys of those that left."""
    try:
        faults = function([message.payload for message in messages]) if messages else {}
    except Exception as error:  # noqa: BLE001  the same for all of them
        faults = dict.fromkeys(range(len(messages)), error)
    for place, fault in faults.items():
        _note(messages[place], fault)
    return [message.pk for place, message in enumerate(messages) if place not in faults]


def _note(message: OutboxMessage, error: Exception) -> None:
    final = message.attempts >= LAST_ATTEMPT
    level = logging.ERROR if final else logging.WARNING
    logger.log(level, "outbox: %s %s: %r", message.topic, message.pk, error)
    message.last_error = f"{type(error).__name__}: {error}"[:2000]
    message.save(update_fields=["last_error"])


def _due(now: datetime) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(
        delivered_at__isnull=True, next_attempt_at__lte=now, attempts__lt=LAST_ATTEMPT
    ).order_by("pk")


def _claim(due: QuerySet[OutboxMessage], now: datetime, limit: int) -> list[OutboxMessage]:
    """Take due messages and postpone their next attempt, so that no other worker takes them."""
    # SQLite's transactions take the write lock at their start: only look, while nothing waits.
    looks_first = not connection.features.has_select_for_update_skip_locked
    return [] if looks_first and not due.exists() else _taken(due, now, limit)


@transaction.atomic
def _taken(due: QuerySet[OutboxMessage], now: datetime, limit: int) -> list[OutboxMessage]:
    skip = connection.features.has_select_for_update_skip_locked
    messages = list(due.select_for_update(skip_locked=skip)[:limit])
    together: dict[tuple[datetime, int], list[int]] = defaultdict(list)
    for message in messages:
        delay = min(FIRST_DELAY * 2**message.attempts, LAST_DELAY)
        if message.topic in SLOW:
            delay = max(delay, SLOW_DELAY)
        message.next_attempt_at = now + delay
        message.attempts += 1
        together[message.next_attempt_at, message.attempts].append(message.pk)
    # Nearly all are tried for the first time: one plain statement for them.
    for (next_attempt_at, attempts), keys in together.items():
        OutboxMessage.objects.filter(pk__in=keys).update(
            next_attempt_at=next_attempt_at, attempts=attempts
        )
    return messages


def forget_delivered(*, now: datetime) -> int:
    """Remove the messages delivered more than a week ago."""
    removed, _rows = OutboxMessage.objects.filter(delivered_at__lt=now - KEPT).delete()
    return removed
