"""News over websockets: « conversation 12 changed », and the acts of the pages that hear them.

What is published says what changed, never how: it passes through the outbox and the channel layer. The
socket that hands a piece of news to a page may add what this reader may read of it (`live.tells`).
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404
from django.urls import path

from acquis.kernel import live, outbox
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.layers import NewsLayer

logger = logging.getLogger(__name__)
Guard = Callable[[Any, str], bool]
GUARDS: dict[str, Guard] = {}
MOST_TOPICS = 60  # that one page may follow
HEARD = 4.0  # seconds after which a page is told that its act is not forgotten
HANDING_OVER = 10.0  # seconds before a news that the loop does not take is tried again later


class _Place:
    """The loop where channel layers live: they bear no other, and no thread beside it."""

    loop: asyncio.AbstractEventLoop | None = None


def deliver_on(loop: asyncio.AbstractEventLoop | None) -> None:
    """Say on which running loop news are handed to the channel layer; None: on one of its own."""
    _Place.loop = loop


def guard(kind: str) -> Callable[[Guard], Guard]:
    """Declare who may follow the topics `<kind>:<key>`."""

    def declare(function: Guard) -> Guard:
        GUARDS[kind] = function
        return function

    return declare


@guard("user")
def _is_oneself(user: Any, key: str) -> bool:
    """What concerns one person alone."""
    return str(user.pk) == key


def publish(topic: str, *, at: datetime, **data: Any) -> None:
    """Tell the pages that follow `topic`, once the act is committed."""
    publish_all([topic], at=at, **data)


def publish_all(topics: Iterable[str], *, at: datetime, **data: Any) -> None:
    """The same news to the pages that follow any of `topics`."""
    publish_each([{"topic": topic, **data} for topic in topics], at=at)


def publish_each(news: Iterable[dict[str, Any]], *, at: datetime) -> None:
    """Several news of one act, each with its `topic`: one statement for all."""
    outbox.put_all("news", news, at=at)


def tell(topic: str, **data: Any) -> None:
    """Tell the pages that follow `topic` at once; nothing is kept, and nobody may be there to hear.

    For what is worth nothing a moment later (somebody is writing), and told again or asked for when
    it is lost: where a server runs, nothing waits until it is told. Anything else is published.
    """
    tell_each([{"topic": topic, **data}])


def tell_each(payloads: list[dict[str, Any]]) -> None:
    """`tell` several news, each with its `topic`, in one turn of the loop."""
    if _Place.loop is None:
        faults = async_to_sync(_sent)(payloads)
        if faults:
            raise faults[0]
        return
    asyncio.run_coroutine_threadsafe(_sent_or_said(payloads), _Place.loop)


async def _sent_or_said(payloads: list[dict[str, Any]]) -> None:
    """What nobody waits for: a fault is said in the log."""
    for place, fault in (await _sent(payloads)).items():
        logger.warning("realtime: %s: %r", payloads[place]["topic"], fault)


@outbox.together("news")
def _deliver(payloads: list[dict[str, Any]]) -> dict[int, Exception]:
    """Hand news to the channel layer, in their order, in one turn of its loop."""
    if _Place.loop is None:
        return async_to_sync(_sent)(payloads)
    return asyncio.run_coroutine_threadsafe(_sent(payloads), _Place.loop).result(HANDING_OVER)


async def _sent(payloads: list[dict[str, Any]]) -> dict[int, Exception]:
    layer = get_channel_layer()
    news = [
        (group_name(payload["topic"]), {"type": "news", "text": json.dumps(payload)})
        for payload in payloads
    ]
    if isinstance(layer, NewsLayer):
        return await layer.group_send_each(news)
    faults: dict[int, Exception] = {}
    for place, (group, message) in enumerate(news):
        try:
            await layer.group_send(group, message)
        except Exception as error:  # noqa: BLE001  kept by the outbox, and tried again
            faults[place] = error
    return faults


def group_name(topic: str) -> str:
    """Channel layers allow few characters in a name."""
    return "topic." + hashlib.sha256(topic.encode()).hexdigest()[:40]


class Socket(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """A socket that leaves the database to other threads (`live.run`, `live.read`).

    Channels looks after connections at each message and each piece of news, by a turn on one thread
    that all sockets share; no connection of a socket lies there.
    """

    async def dispatch(self, message: dict[str, Any]) -> None:
        await getattr(self, get_handler_name(message))(message)

    async def waited(self, act: Coroutine[Any, Any, dict[str, Any]], name: Any) -> dict[str, Any]:
        """What the act gives; while it waits for its turn the page is told that it is heard.

        It need not be sent again then: that would only lengthen the queue. What was begun when the
        page goes away is committed all the same.
        """
        answer = asyncio.ensure_future(act)
        try:
            while not (await asyncio.wait([answer], timeout=HEARD))[0]:
                await self.send(json.dumps({"heard": name}))
        finally:
            answer.cancel()
        return answer.result()


class NewsConsumer(Socket):
    """`{"subscribe": ["sitting:5"], "unsubscribe": ["sitting:4"]}` in; `{"topic": "sitting:5", …}` out.

    `{"act": name, "id": 3, "csrf": token, "with": {…}}` in; `{"done": 3, "gave": {…}}`,
    `{"refused": 3, "detail": …}` or `{"failed": 3}` out, once it is committed; `{"heard": 3}` before,
    every few seconds while it waits.
    """

    async def connect(self) -> None:
        self.topics: set[str] = set()
        if not self.scope["user"].is_authenticated:
            await self.close(code=4401)
            return
        self.person = live.Person(self.scope)
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002
        try:
            message = json.loads(text_data or "{}")
            wanted = [str(topic) for topic in message.get("subscribe", [])][:MOST_TOPICS]
            left = [str(topic) for topic in message.get("unsubscribe", [])]
        except (ValueError, AttributeError, TypeError):
            await self.close(code=4400)
            return
        if "ping" in message:
            await self.send(json.dumps({"pong": message["ping"]}))
        if "act" in message:
            said = live.answer(self.person, message)
            await self.send(json.dumps(await self.waited(said, message.get("id"))))
        for topic in self.topics.intersection(left):
            self.topics.discard(topic)
            await self.channel_layer.group_discard(group_name(topic), self.channel_name)
        refused = []
        for topic in wanted:
            if topic in self.topics:
                continue
            if len(self.topics) < MOST_TOPICS and await live.read(self._may, topic):
                self.topics.add(topic)
                await self.channel_layer.group_add(group_name(topic), self.channel_name)
            else:
                refused.append(topic)
        if wanted:
            await self.send(json.dumps({"subscribed": sorted(self.topics), "refused": refused}))

    async def disconnect(self, code: int) -> None:  # noqa: ARG002
        for topic in getattr(self, "topics", ()):
            await self.channel_layer.group_discard(group_name(topic), self.channel_name)

    async def news(self, event: dict[str, Any]) -> None:
        """Hand over what is published, with what this reader may be told besides."""
        news = json.loads(event["text"])
        topics = frozenset(self.topics)
        if live.wanted(self.scope["user"], news, topics):
            news = await live.read(live.told, self.person, news, topics)
        await self.send(json.dumps(news))

    def _may(self, topic: str) -> bool:
        kind, _colon, key = topic.partition(":")
        allowed = GUARDS.get(kind)
        try:
            return allowed is not None and bool(allowed(self.scope["user"], key))
        except (ValueError, ObjectDoesNotExist, Http404, PermissionDenied, DomainRefusal):
            return False  # a key that means nothing opens nothing


websocket_urlpatterns = [path("ws/news/", NewsConsumer.as_asgi())]
