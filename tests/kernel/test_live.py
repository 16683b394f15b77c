"""What a page does over its open socket, by the same rules as over HTTP."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from acquis.kernel import live, realtime
from acquis.kernel.errors import DomainRefusal
from tests.factories import accounts

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "t" * 32
PATIENCE = 10.0  # seconds, on a machine that does other work


class TooLate(DomainRefusal):
    code = "live.too_late"
    message = "Trop tard pour %(name)s."
    kept: ClassVar[str] = "Votre texte est gardé."


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    def echo(user, said):
        if said.get("refuse"):
            raise TooLate(name=user.first_name)
        if said.get("missing"):
            raise Http404
        if said.get("closed"):
            raise PermissionDenied
        if said.get("broken"):
            raise RuntimeError
        return {"heard": said["text"]}

    def teller(user, news, topics):
        if news.get("secret"):
            raise Http404
        if news.get("broken"):
            raise RuntimeError
        return {"for": user.pk, "topics": len(topics)} if news.get("more") else None

    monkeypatch.setitem(live.ACTS, "room.say", echo)
    monkeypatch.setitem(live.ACTS, "room.nothing", lambda *_: None)
    monkeypatch.setitem(live.TELLERS, "room", teller)
    monkeypatch.setitem(realtime.GUARDS, "room", lambda *_: True)


def scope(user, *, token=TOKEN, origin="http://testserver", **more):
    headers = [
        (b"host", b"testserver"),
        (b"origin", origin.encode()),
        (b"cookie", f"csrftoken={token}".encode()),
    ]
    return {
        "type": "websocket",
        "path": "/ws/news/",
        "headers": headers,
        "user": user,
        **more,
    }


def told(user, *messages, then=None, **fields):
    """What the socket answers to each message, and to the news sent afterwards."""

    async def story():
        page = ApplicationCommunicator(
            URLRouter(realtime.websocket_urlpatterns), scope(user, **fields)
        )
        await page.send_input({"type": "websocket.connect"})
        await page.receive_output(PATIENCE)
        heard = []
        for message in messages:
            await page.send_input({"type": "websocket.receive", "text": json.dumps(message)})
            heard.append(json.loads((await page.receive_output(PATIENCE))["text"]))
        for news in then or ():
            await live_news(page, news)
            heard.append(json.loads((await page.receive_output(PATIENCE))["text"]))
        await page.send_input({"type": "websocket.disconnect", "code": 1000})
        await page.wait()
        return heard

    return asyncio.run(story())


async def live_news(_page: Any, news: Mapping[str, Any]) -> None:
    from channels.layers import get_channel_layer  # noqa: PLC0415  beside its only use

    group = realtime.group_name(news["topic"])
    await get_channel_layer().group_send(group, {"type": "news", "text": json.dumps(news)})


def act(name="room.say", csrf=TOKEN, **given):
    return {"act": name, "id": 7, "csrf": csrf, "with": given}


def test_an_act_is_answered_with_what_it_gave():
    heard = told(accounts.user(), act(text="Bon\x00\u202ejour"), act("room.nothing"))
    assert heard == [{"done": 7, "gave": {"heard": "Bonjour"}}, {"done": 7, "gave": {}}]


def test_a_refusal_is_told_in_its_words():
    (heard,) = told(accounts.user(first_name="Inès"), act(refuse=1))
    assert heard == {
        "refused": 7,
        "code": "live.too_late",
        "detail": "Trop tard pour Inès.",
        "kept": "Votre texte est gardé.",
        "status": 422,
    }


@pytest.mark.parametrize(
    "message",
    [
        act("room.unknown", text="x"),
        act(missing=1),
        act(closed=1),
        act(broken=1),
        act(csrf="", text="x"),
        act(csrf="f" * 32, text="x"),
        {"act": "room.say", "id": 7, "csrf": TOKEN, "with": "text"},
    ],
)
def test_what_the_socket_does_not_do_goes_over_http(message):
    heard = told(accounts.user(), message, act("room.nothing"))
    assert heard == [{"failed": 7}, {"done": 7, "gave": {}}]  # the socket stays


def test_a_page_of_another_site_does_nothing():
    assert told(accounts.user(), act(text="x"), origin="https://ailleurs.example") == [
        {"failed": 7}
    ]


def test_a_page_served_over_tls_is_ours_too():
    heard = told(accounts.user(), act(text="x"), origin="https://testserver", scheme="wss")
    assert heard == [{"done": 7, "gave": {"heard": "x"}}]


def test_who_signed_out_does_nothing_and_is_told_nothing_more(monkeypatch):
    monkeypatch.setattr(live, "FRESH", 0.0)
    user = accounts.user()
    client = Client()
    client.force_login(user)
    session = SessionStore(client.session.session_key)
    topic = f"room:{user.pk}"
    ask = ({"subscribe": [topic]}, act(text="x"))
    news = [{"topic": topic, "more": True}]

    signed_in = told(user, *ask, then=news, session=session)
    client.logout()
    signed_out = told(user, *ask, then=news, session=session)

    assert signed_in[1:] == [
        {"done": 7, "gave": {"heard": "x"}},
        {"topic": topic, "more": True, "for": user.pk, "topics": 1},
    ]
    assert signed_out[1:] == [{"failed": 7}, {"topic": topic, "more": True}]


def test_news_carry_what_this_reader_may_be_told():
    user = accounts.user()
    topics = [f"room:{user.pk}", "room:5"]
    bare = [
        {"topic": "room:5"},
        {"topic": "room:5", "secret": True},
        {"topic": "room:5", "broken": True},
    ]
    heard = told(user, {"subscribe": topics}, then=[{"topic": "room:5", "more": True}, *bare])
    assert heard[1:] == [{"topic": "room:5", "more": True, "for": user.pk, "topics": 2}, *bare]


def test_a_memory_holds_an_answer_for_a_few_seconds(monkeypatch):
    asked = []
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    memory = live.Memory(5.0)

    def ask():
        asked.append(1)
        return len(asked)

    assert [memory.of("a", ask), memory.of("a", ask), memory.of("b", ask)] == [1, 1, 2]
    clock[0] += 5.0
    assert memory.of("a", ask) == 3
    memory.forget()
    assert memory.of("a", ask) == 4
    monkeypatch.setattr(live, "REMEMBERED", 0)
    assert [memory.of("c", ask), memory.of("a", ask)] == [5, 6]
