"""What a page does over its open socket, by the same rules as over HTTP."""

import asyncio
import json
import threading
import time
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
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


class Desk:
    """Acts done together: what each turn was given, and a door that holds the first one."""

    def __init__(self):
        self.turns = []
        self.begun, self.door = threading.Event(), threading.Event()

    def __call__(self, asked):
        self.turns.append([one.said["text"] for one in asked])
        self.begun.set()
        self.door.wait(PATIENCE)
        if len(asked) > 1 and any(one.said.get("spoils") for one in asked):
            raise RuntimeError
        return [self.outcome(one) for one in asked]

    @staticmethod
    def outcome(one):
        if one.said.get("refuse"):
            return TooLate(name=one.user.first_name)
        if one.said.get("spoils"):
            raise RuntimeError
        return Http404() if one.said.get("missing") else {"heard": one.said["text"]}


def said_together(desk, first, *others):
    """What is answered to acts of which the others come while the first is done."""

    async def story():
        line = live._Line(desk)
        begun = asyncio.create_task(line.answer(*first))
        await asyncio.to_thread(desk.begun.wait, PATIENCE)
        waiting = [asyncio.create_task(line.answer(*one)) for one in others]
        await asyncio.sleep(0)
        desk.door.set()
        return await asyncio.wait_for(asyncio.gather(begun, *waiting), PATIENCE)

    return asyncio.run(story())


def test_acts_that_wait_are_done_together_each_answered_for_itself():
    desk = Desk()
    ines = live.Person(scope(accounts.user(first_name="Inès")))
    others = [act(text="2"), act(text="3", refuse=1), act(text="4", missing=1)]
    stranger = live.Person(scope(accounts.user()))
    waiting = [*((ines, one) for one in others), (stranger, act(csrf="", text="5"))]
    heard = said_together(desk, (ines, act(text="1")), *waiting)
    assert desk.turns == [["1"], ["2", "3", "4"]]
    assert [one.get("gave") for one in heard[:2]] == [{"heard": "1"}, {"heard": "2"}]
    assert heard[2]["detail"] == "Trop tard pour Inès."
    assert heard[3:] == [{"failed": 7}, {"failed": 7}]


def test_what_spoils_a_turn_is_undone_alone():
    desk = Desk()
    person = live.Person(scope(accounts.user()))
    heard = said_together(
        desk, (person, act(text="1")), (person, act(text="2")), (person, act(text="3", spoils=1))
    )
    assert desk.turns == [["1"], ["2", "3"], ["2"], ["3"]]
    assert [one.get("gave") for one in heard] == [{"heard": "1"}, {"heard": "2"}, None]
    assert heard[2] == {"failed": 7}


def test_who_cannot_be_looked_up_is_told_to_go_by_a_request(monkeypatch):
    desk = Desk()
    person, lost = (live.Person(scope(accounts.user())) for _ in range(2))

    def away():
        raise OperationalError("connection refused")

    monkeypatch.setattr(lost, "now", away)
    heard = said_together(desk, (person, act(text="1")), (lost, act(text="2")))
    assert heard == [{"done": 7, "gave": {"heard": "1"}}, {"failed": 7}]


def test_a_declared_line_answers_over_the_socket(monkeypatch):
    desk = Desk()
    desk.door.set()
    monkeypatch.setattr(live, "TOGETHER", {})
    assert live.acts_together("room.say")(desk) is desk
    heard = told(accounts.user(), act(text="Bon\x00\u202ejour"))
    assert heard == [{"done": 7, "gave": {"heard": "Bonjour"}}]


def test_a_page_whose_act_waits_is_told_that_it_is_heard(monkeypatch):
    desk = Desk()
    monkeypatch.setattr(live, "TOGETHER", {"room.say": live._Line(desk)})
    monkeypatch.setattr(realtime, "HEARD", 0.01)

    async def story():
        page = ApplicationCommunicator(
            URLRouter(realtime.websocket_urlpatterns), scope(accounts_user)
        )
        await page.send_input({"type": "websocket.connect"})
        await page.receive_output(PATIENCE)
        await page.send_input({"type": "websocket.receive", "text": json.dumps(act(text="1"))})
        first = json.loads((await page.receive_output(PATIENCE))["text"])
        desk.door.set()
        while "heard" in (last := json.loads((await page.receive_output(PATIENCE))["text"])):
            pass
        await page.send_input({"type": "websocket.disconnect", "code": 1000})
        await page.wait()
        return first, last

    accounts_user = accounts.user()
    assert asyncio.run(story()) == ({"heard": 7}, {"done": 7, "gave": {"heard": "1"}})


def test_what_a_gathering_raises_is_heard_by_each_who_asked():
    def function(asked):
        raise RuntimeError(len(asked))

    async def story():
        gathering = live.Gathering(function)
        return await asyncio.gather(*(gathering.of(n) for n in range(3)), return_exceptions=True)

    assert [str(one) for one in asyncio.run(story())] == ["3", "3", "3"]
