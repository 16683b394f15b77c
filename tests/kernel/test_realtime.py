import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from acquis.kernel import outbox, realtime
from tests.factories import accounts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _room_guard(monkeypatch):
    def may_follow(user, key):
        if key == "404":
            raise Http404
        return int(key) == user.pk

    monkeypatch.setitem(realtime.GUARDS, "room", may_follow)


async def knock(user):
    page = ApplicationCommunicator(
        URLRouter(realtime.websocket_urlpatterns),
        {"type": "websocket", "path": "/ws/news/", "headers": [], "user": user},
    )
    await page.send_input({"type": "websocket.connect"})
    return page, await page.receive_output()


@asynccontextmanager
async def connected(user):
    page, answer = await knock(user)
    assert answer["type"] == "websocket.accept"
    yield page
    await page.send_input({"type": "websocket.disconnect", "code": 1000})
    await page.wait()


async def say(page, text):
    await page.send_input({"type": "websocket.receive", "text": text})


async def hear(page):
    return json.loads((await page.receive_output())["text"])


async def ask(page, **message):
    await say(page, json.dumps(message))
    return await hear(page)


def test_page_that_follows_a_topic_hears_its_news(now):
    user = accounts.user()

    async def story():
        async with connected(user) as page:
            answer = await ask(page, subscribe=[f"room:{user.pk}"])
            assert answer == {"subscribed": [f"room:{user.pk}"], "refused": []}
            await database_sync_to_async(realtime.publish)(f"room:{user.pk}", at=now, line=7)
            assert await page.receive_nothing(0.05)
            await database_sync_to_async(outbox.deliver)(now=now)
            return await hear(page)

    assert asyncio.run(story()) == {"topic": f"room:{user.pk}", "line": 7}


@pytest.mark.parametrize("topic", ["room:1000000", "room:404", "room:x", "nothing:1", "room", ""])
def test_page_is_refused_what_its_guard_does_not_open(now, topic):
    user = accounts.user()

    async def story():
        async with connected(user) as page:
            answer = await ask(page, subscribe=[topic])
            await database_sync_to_async(realtime.publish)(topic, at=now)
            await database_sync_to_async(outbox.deliver)(now=now)
            assert await page.receive_nothing(0.05)
            return answer

    assert asyncio.run(story()) == {"subscribed": [], "refused": [topic]}


def test_person_may_follow_what_concerns_them_alone():
    user, other = accounts.user(), accounts.user()

    async def story():
        async with connected(user) as page:
            return await ask(page, subscribe=[f"user:{user.pk}", f"user:{other.pk}"])

    answer = asyncio.run(story())
    assert answer == {"subscribed": [f"user:{user.pk}"], "refused": [f"user:{other.pk}"]}


def test_page_follows_sixty_topics_at_most(monkeypatch):
    monkeypatch.setitem(realtime.GUARDS, "open", lambda *_: True)

    async def story():
        async with connected(accounts.User(pk=1)) as page:
            return await ask(page, subscribe=[f"open:{number}" for number in range(100)])

    assert len(asyncio.run(story())["subscribed"]) == 60


def test_page_that_shows_something_else_hears_no_more_of_the_former(now):
    user = accounts.user()

    async def story():
        async with connected(user) as page:
            await ask(page, subscribe=[f"user:{user.pk}", f"room:{user.pk}"])
            left = await ask(
                page, unsubscribe=[f"room:{user.pk}", "room:x"], subscribe=[f"user:{user.pk}"]
            )
            assert left == {"subscribed": [f"user:{user.pk}"], "refused": []}
            await database_sync_to_async(realtime.publish)(f"room:{user.pk}", at=now)
            await database_sync_to_async(outbox.deliver)(now=now)
            assert await page.receive_nothing(0.05)
            return await ask(page, subscribe=[f"room:{user.pk}"])

    assert len(asyncio.run(story())["subscribed"]) == 2


def test_nobody_signed_in_is_turned_away():
    async def story():
        _page, answer = await knock(AnonymousUser())
        return answer

    assert asyncio.run(story()) == {"type": "websocket.close", "code": 4401}


def test_ping_is_answered():
    async def story():
        async with connected(accounts.User(pk=1)) as page:
            return await ask(page, ping=12)

    assert asyncio.run(story()) == {"pong": 12}


@pytest.mark.parametrize("text", ["not json", "[1]", '{"subscribe": 5}'])
def test_message_that_means_nothing_closes_the_socket(text):
    async def story():
        async with connected(accounts.User(pk=1)) as page:
            await say(page, text)
            return await page.receive_output()

    assert asyncio.run(story()) == {"type": "websocket.close", "code": 4400}


def test_news_that_no_layer_takes_are_tried_again(now, monkeypatch):
    class Layer:
        async def group_send(self, *_group_and_message):
            raise ConnectionError("down")

    monkeypatch.setattr(realtime, "get_channel_layer", Layer)
    realtime.publish("user:1", at=now)

    assert outbox.deliver(now=now) == 0
    with pytest.raises(ConnectionError):
        realtime.tell("user:1")


def test_what_a_running_server_tells_waits_for_nobody(monkeypatch, caplog):
    class Layer:
        async def group_send(self, *_group_and_message):
            raise ConnectionError("down")

    monkeypatch.setattr(realtime, "get_channel_layer", Layer)

    async def story():
        realtime.deliver_on(asyncio.get_running_loop())
        try:
            await asyncio.to_thread(realtime.tell, "user:1", who="adviser")
            await asyncio.sleep(0.05)
        finally:
            realtime.deliver_on(None)

    asyncio.run(story())

    assert "user:1: ConnectionError('down')" in caplog.text
