"""The socket of a visitor."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.routing import URLRouter

from acquis.desk.webchat.access import digest
from acquis.desk.webchat.consumers import websocket_urlpatterns
from acquis.desk.webchat.models import Chat
from acquis.kernel import outbox, realtime
from tests.factories import accounts, webchat
from tests.factories import desk as make

pytestmark = pytest.mark.django_db(transaction=True)


@asynccontextmanager
async def connected() -> AsyncIterator[Any]:
    page = ApplicationCommunicator(
        URLRouter(websocket_urlpatterns), {"type": "websocket", "path": "/ws/chat/", "headers": []}
    )
    await page.send_input({"type": "websocket.connect"})
    assert (await page.receive_output())["type"] == "websocket.accept"
    yield page
    await page.send_input({"type": "websocket.disconnect", "code": 1000})
    await page.wait()


async def say(page: Any, text: Any) -> None:
    sent = text if isinstance(text, str) else json.dumps(text)
    await page.send_input({"type": "websocket.receive", "text": sent})


async def hear(page: Any) -> Any:
    answer = await page.receive_output()
    return json.loads(answer["text"]) if answer["type"] == "websocket.send" else answer["code"]


def run(story: Callable[[], Awaitable[Any]]) -> Any:
    return asyncio.run(story())  # type: ignore[arg-type]  # a coroutine function


def chat_with(token: str) -> Chat:
    site = webchat.site(make.desk())
    visitor = webchat.visitor(site, token_digest=digest(token))
    return webchat.chat(visitor, conversation=make.conversation(site.workspace))


def test_a_visitor_hears_that_their_exchange_changed(now: datetime) -> None:
    token = webchat.token()
    chat, other = chat_with(token), chat_with(webchat.token())

    async def story() -> Any:
        async with connected() as page:
            await say(page, {"hello": token, "site": chat.visitor.site.key})
            assert await hear(page) == {"ready": True}
            for one in (other, chat):
                topic = f"conversation:{one.conversation_id}"
                await database_sync_to_async(realtime.publish)(topic, at=now, what="message")
            await database_sync_to_async(outbox.deliver)(now=now)
            heard = await hear(page)
            assert await page.receive_nothing(0.05)
            return heard

    assert run(story) == {"changed": True}


@pytest.mark.parametrize(
    ("news", "heard"),
    [
        ({"what": "message", "position": 4}, {"changed": True, "position": 4}),
        ({"what": "read", "side": "adviser", "position": 4}, {"read": 4}),
        ({"what": "read", "side": "adviser"}, {"changed": True}),
        ({"what": "read", "side": "customer"}, None),
    ],
)
def test_a_visitor_hears_what_they_do_not_know_yet(
    now: datetime, news: dict[str, Any], heard: dict[str, Any] | None
) -> None:
    token = webchat.token()
    chat = chat_with(token)

    async def story() -> Any:
        async with connected() as page:
            await say(page, {"hello": token, "site": chat.visitor.site.key})
            await hear(page)
            topic = f"conversation:{chat.conversation_id}"
            await database_sync_to_async(realtime.publish)(topic, at=now, **news)
            await database_sync_to_async(outbox.deliver)(now=now)
            return None if await page.receive_nothing(0.05) else await hear(page)

    assert run(story) == heard


def test_both_sides_know_that_the_other_writes() -> None:
    token = webchat.token()
    chat = chat_with(token)
    topic = f"typing:{chat.conversation_id}"

    async def story() -> Any:
        layer = get_channel_layer()
        await layer.group_add(realtime.group_name(topic), "desk")
        async with connected() as page:
            await say(page, {"hello": token, "site": chat.visitor.site.key})
            await hear(page)
            await say(page, {"typing": True})
            await say(page, {"typing": True})  # too soon: told once
            told = json.loads((await layer.receive("desk"))["text"])
            assert told == {"topic": topic, "who": "customer"}
            news = {"type": "news", "text": json.dumps({"topic": topic, "who": "adviser"})}
            await layer.group_send(realtime.group_name(topic), news)
            return await hear(page)

    assert run(story) == {"typing": True}


def test_a_chat_not_yet_handed_over_is_followed_once_it_is() -> None:
    token = webchat.token()
    site = webchat.site(make.desk(), automatic=True)
    chat = webchat.chat(webchat.visitor(site, token_digest=digest(token)))

    async def story() -> Any:
        async with connected() as page:
            hello = {"hello": token, "site": site.key}
            await say(page, hello)
            assert await hear(page) == {"ready": True}
            await say(page, {"typing": True})  # to nobody
            conversation = await database_sync_to_async(make.conversation)(site.workspace)
            chat.conversation = conversation
            await database_sync_to_async(chat.save)()
            await say(page, hello)
            assert await hear(page) == {"ready": True}
            await say(page, hello)
            assert await hear(page) == {"ready": True}
            await say(page, {"ping": 1})
            return await hear(page)

    assert run(story) == {"pong": True}


@pytest.mark.parametrize("text", ["{", "[1]", "3"])
def test_what_means_nothing_ends_the_socket(text: str) -> None:
    async def story() -> Any:
        async with connected() as page:
            await say(page, text)
            return await hear(page)

    assert run(story) == 4400


@pytest.mark.parametrize("case", ["token", "site", "elsewhere", "sealed"])
def test_a_token_that_opens_nothing_ends_the_socket(case: str) -> None:
    token = webchat.token()
    chat = chat_with(token)
    other = webchat.site(make.desk())
    if case == "sealed":
        accounts.sealed(chat.workspace)
    hello = {
        "token": {"hello": webchat.token(), "site": chat.visitor.site.key},
        "site": {"hello": token, "site": "nulle-part"},
        "elsewhere": {"hello": token, "site": other.key},
        "sealed": {"hello": token, "site": chat.visitor.site.key},
    }[case]

    async def story() -> Any:
        async with connected() as page:
            await say(page, hello)
            return await hear(page)

    assert run(story) == 4401
