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
from django.utils import timezone

from acquis.desk.conversations.errors import ConversationEnded, MessageEmpty, MessageTooLong
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.webchat import consumers, policy, queries
from acquis.desk.webchat.access import digest
from acquis.desk.webchat.actions import speak
from acquis.desk.webchat.consumers import websocket_urlpatterns
from acquis.desk.webchat.errors import TokenInvalid, TooFast
from acquis.desk.webchat.models import Chat, Site
from acquis.kernel import outbox, realtime
from tests.factories import accounts, webchat
from tests.factories import desk as make

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 10.0  # seconds, on a machine that does other work


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
    answer = await page.receive_output(PATIENCE)
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
            if heard is None:
                assert await page.receive_nothing(0.05)
                return None
            return await hear(page)

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


# What the visitor says over the socket


async def ask(page: Any, said: dict[str, Any]) -> Any:
    await say(page, said)
    return await hear(page)


def spoken(chat: Chat, token: str, *said: dict[str, Any], lang: str = "fr") -> list[Any]:
    async def story() -> list[Any]:
        async with connected() as page:
            hello = {"hello": token, "site": chat.visitor.site.key, "lang": lang}
            assert await ask(page, hello) == {"ready": True}
            return [await ask(page, one) for one in said]

    return list(run(story))


def test_what_a_visitor_says_is_acknowledged_once_it_is_kept_and_kept_once() -> None:
    token = webchat.token()
    chat = chat_with(token)
    said = {"say": "k1", "body": "Où est mon\x00\u2066 colis ?"}

    first, again = spoken(chat, token, said, said)

    kept = Message.objects.get(conversation=chat.conversation)
    assert kept.body == "Où est mon colis ?"
    assert first == again == {"said": "k1", "position": 1, "at": kept.sent_at.isoformat()}


def test_a_refusal_is_told_in_the_language_of_the_visitor() -> None:
    token = webchat.token()
    chat = chat_with(token)
    empty, long = (
        spoken(chat, token, {"say": "k1", "body": body}, lang="fr")[0]["refused"]
        for body in (" ", "x" * 5000)
    )
    (english,) = spoken(chat, token, {"say": "k1", "body": " "}, lang="en-GB")

    assert (empty["code"], empty["status"]) == (MessageEmpty.code, 422)
    assert long["code"] == MessageTooLong.code
    assert english["refused"]["code"] == MessageEmpty.code
    assert english["refused"]["detail"] != empty["detail"]
    assert not Message.objects.exists()


def test_a_flood_and_an_exchange_that_ended_are_refused(now: datetime) -> None:
    token = webchat.token()
    chat = chat_with(token)
    for _one in range(policy.MOST_MESSAGES):
        make.message(chat.conversation, sent_at=timezone.now())
    (flood,) = spoken(chat, token, {"say": "k1", "body": "Encore"})
    assert (flood["refused"]["code"], flood["refused"]["status"]) == (TooFast.code, 429)

    token = webchat.token()
    ended = chat_with(token)
    Conversation.objects.filter(pk=ended.conversation_id).update(state="ended", ended_at=now)
    (over,) = spoken(ended, token, {"say": "k1", "body": "Encore"})
    assert over["refused"]["code"] == ConversationEnded.code


def test_a_site_closed_meanwhile_takes_nothing_over_the_socket() -> None:
    token = webchat.token()
    chat = chat_with(token)

    async def story() -> list[Any]:
        async with connected() as page:
            await ask(page, {"hello": token, "site": chat.visitor.site.key})
            await database_sync_to_async(Site.objects.update)(is_active=False)
            await say(page, {"seen": 1})
            said = await ask(page, {"say": "k1", "body": "Encore"})
            return [said, await ask(page, {"look": [0, 0, "open", ""]})]

    assert run(story) == [{"said": "k1", "failed": True}, {"changed": True}]


def test_what_visitors_say_at_once_is_answered_each_for_itself() -> None:
    """Two of one visitor under two keys, one under a key of before, one who speaks to the automatic answer."""
    tokens = [webchat.token() for _ in range(3)]
    chats = [chat_with(token) for token in tokens[:2]]
    alone = webchat.chat(webchat.visitor(chats[0].visitor.site, token_digest=digest(tokens[2])))
    asked = [
        _asked(chats[0], tokens[0], "k1", "Bonjour"),
        _asked(chats[0], tokens[0], "k2", "Où est-il ?"),
        _asked(chats[1], tokens[1], "k1", " "),
        _asked(alone, tokens[2], "k1", "Mon colis ?"),
        _asked(chats[0], tokens[0], "k1", "Bonjour"),
        _asked(chats[1], "un autre", "k1", "Bonjour"),
    ]

    told = consumers._say_all(asked)

    assert [one.get("position") for one in told] == [1, 2, None, 0, 1, None]
    assert told[2]["refused"]["code"] == MessageEmpty.code
    assert told[5]["refused"]["code"] == TokenInvalid.code
    assert list(messages(chats[0])) == ["Bonjour", "Où est-il ?"]
    assert alone.lines.filter(client_key="k1").exists()


def _asked(chat: Chat, token: str, key: str, body: str) -> Any:
    said = {"say": key, "body": body}
    return consumers._Asked(chat.visitor.site.key, token, "fr", chat.conversation_id, said)


def messages(chat: Chat) -> Any:
    rows = Message.objects.filter(conversation=chat.conversation_id)
    return rows.order_by("position").values_list("body", flat=True)


def test_a_fault_sends_the_words_by_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_spoken: object, **_values: object) -> None:
        raise RuntimeError

    token = webchat.token()
    chat = chat_with(token)
    monkeypatch.setattr(speak, "say_to_advisers", broken)
    assert spoken(chat, token, {"say": "k1", "body": "Encore"}) == [{"said": "k1", "failed": True}]


def test_who_said_no_hello_says_nothing() -> None:
    async def story() -> Any:
        async with connected() as page:
            return await ask(page, {"say": "k1", "body": "Encore"})

    assert run(story) == {"said": "k1", "failed": True}


def test_the_automatic_answer_leaves_the_whole_to_be_looked_at() -> None:
    token = webchat.token()
    site = webchat.site(make.desk(), automatic=True)
    chat = webchat.chat(webchat.visitor(site, token_digest=digest(token)))
    assert spoken(chat, token, {"say": "k1", "body": "abc"}) == [{"said": "k1", "position": 0}]


@pytest.mark.parametrize(("said", "reached"), [(1, 1), ("9", 1), ("x", 0), ("9" * 9, 0)])
def test_how_far_the_visitor_read(said: Any, reached: int) -> None:
    token = webchat.token()
    chat = chat_with(token)
    make.message(chat.conversation, author="adviser")

    spoken(chat, token, {"seen": said, "ping": 1})  # heard once it is kept: one act after the other

    async def wait() -> None:
        async with connected() as page:
            await ask(page, {"ping": 1})

    run(wait)
    chat.refresh_from_db()
    assert chat.read_by_visitor == reached


def test_a_look_says_whether_anything_changed() -> None:
    token = webchat.token()
    chat = chat_with(token)
    mark = queries.mark_of(chat)
    assert spoken(chat, token, {"look": mark}, {"look": None}) == [
        {"same": True},
        {"changed": True},
    ]
    alone = webchat.chat(webchat.visitor(webchat.site(make.desk())))
    assert queries.mark_of(alone) == [0, 1, "automatic", ""]
    alone.closed_at = alone.begun_at
    assert queries.mark_of(alone)[2] == "closed"


def test_a_look_brings_what_is_missing() -> None:
    token = webchat.token()
    chat = chat_with(token)
    for body in ("Bonjour", "Je regarde", "Voilà"):
        make.message(chat.conversation, author="adviser", body=body)
    Chat.objects.update(read_by_adviser=1)
    chat.read_by_adviser = 1
    mark = queries.mark_of(chat)
    assert mark[:2] == [3, 1]

    first, read, both, whole, strange = spoken(
        chat,
        token,
        {"look": [1, *mark[1:]]},
        {"look": [3, 0, *mark[2:]]},
        {"look": [2, 0, *mark[2:]]},
        {"look": [1, 0, "ended", ""]},
        {"look": [-1, 0, *mark[2:]]},
    )

    assert [item["body"] for item in first.pop("items")] == ["Je regarde", "Voilà"]
    assert first == {"changed": True, "position": 3, "after": 1}
    assert read == {"read": 1}
    assert ([item["body"] for item in both["items"]], both["read"]) == (["Voilà"], 1)
    assert whole == strange == {"changed": True}


def test_a_page_far_behind_asks_for_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    token = webchat.token()
    chat = chat_with(token)
    monkeypatch.setattr(consumers, "MOST_MISSING", 2)
    for _number in range(3):
        make.message(chat.conversation, author="adviser")
    mark = queries.mark_of(chat)

    near, far = spoken(chat, token, {"look": [1, *mark[1:]]}, {"look": [0, *mark[1:]]})

    assert len(near["items"]) == 2
    assert far == {"changed": True}


def test_what_precedes_ones_own_words_is_told_after_them() -> None:
    token = webchat.token()
    chat = chat_with(token)
    make.message(chat.conversation, author="adviser", body="Bonjour")

    async def story() -> Any:
        layer = get_channel_layer()
        group = realtime.group_name(f"conversation:{chat.conversation_id}")
        async with connected() as page:
            await ask(page, {"hello": token, "site": chat.visitor.site.key})
            said = await ask(page, {"say": "k1", "body": "Encore"})
            for position in (said["position"], 1):
                news = {"what": "message", "position": position}
                await layer.group_send(group, {"type": "news", "text": json.dumps(news)})
            return said["position"], await hear(page), await page.receive_nothing(0.05)

    own, heard, silent = run(story)
    assert (own, silent) == (2, True)
    assert (heard["position"], heard["items"][0]["body"]) == (1, "Bonjour")


def test_a_socket_forgets_the_oldest_of_what_it_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "MOST_GIVEN", 4)
    page = consumers.VisitorConsumer()
    page.given = set()
    page._give(range(5))
    assert page.given == {3, 4}


def told_of(chat: Chat, token: str, *news: dict[str, Any]) -> list[Any]:
    async def story() -> list[Any]:
        layer = get_channel_layer()
        group = realtime.group_name(f"conversation:{chat.conversation_id}")
        async with connected() as page:
            await ask(page, {"hello": token, "site": chat.visitor.site.key})
            heard = []
            for one in news:
                event = {"type": "news", "text": json.dumps({"what": "message", **one})}
                await layer.group_send(group, event)
                silent = heard and await page.receive_nothing(0.3)
                heard.append(None if silent else await hear(page))
            return heard

    return list(run(story))


def test_a_visitor_is_told_the_words_of_the_adviser() -> None:
    token = webchat.token()
    chat = chat_with(token)
    make.message(chat.conversation, author="adviser", author_label="Inès", body="Bonjour")

    first, again = told_of(chat, token, {"position": 1}, {"position": 1})

    (item,) = first["items"]
    assert (item["id"], item["who"], item["label"], item["body"]) == (
        "m1",
        "adviser",
        "Inès",
        "Bonjour",
    )
    assert again is None  # told already


@pytest.mark.parametrize("case", ["hidden", "closed", "moved"])
def test_a_visitor_is_told_no_words_that_are_not_theirs(case: str) -> None:
    token = webchat.token()
    chat = chat_with(token)
    key = queries.BEFORE if case == "hidden" else "k"
    make.message(chat.conversation, author="system", client_key=key)

    async def story() -> Any:
        layer = get_channel_layer()
        group = realtime.group_name(f"conversation:{chat.conversation_id}")
        async with connected() as page:
            await ask(page, {"hello": token, "site": chat.visitor.site.key})
            if case == "closed":
                await database_sync_to_async(Site.objects.update)(is_active=False)
            if case == "moved":
                await database_sync_to_async(Chat.objects.update)(conversation=None)
            news = {"what": "message", "position": 1}
            await layer.group_send(group, {"type": "news", "text": json.dumps(news)})
            return await hear(page)

    assert run(story) == {"changed": True, "position": 1}
