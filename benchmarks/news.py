"""From an act's commit to the sockets of the pages that follow it, server and outbox included."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import uvicorn
import websockets

from benchmarks import engines
from benchmarks._figures import latencies
from benchmarks._server import free_port

NAME = "news"
TITLE = "news from commit to socket; size = sockets that follow"
SIZES = (20, 100, 400)
NEWS = 40
PATIENCE = 5.0  # seconds before a news counts as lost


def run(size: int, engine: str) -> dict[str, float]:
    with engines.database(engine), _serving() as port:
        user, cookie = _signed_in()
        return asyncio.run(_measure(port, cookie, f"user:{user}", size))


async def _measure(port: int, cookie: str, topic: str, size: int) -> dict[str, float]:
    sockets = [await _follow(port, cookie, topic) for _ in range(size)]
    spent: list[float] = []
    for number in range(NEWS):
        start = await asyncio.to_thread(_publish, topic, number)
        heard = await asyncio.gather(*(_heard(socket, number, start) for socket in sockets))
        spent += [seconds for seconds in heard if seconds is not None]
        await asyncio.sleep(0.02)
    for socket in sockets:
        await socket.close()
    return {**latencies(spent), "heard_count": len(spent), "lost_count": size * NEWS - len(spent)}


async def _follow(port: int, cookie: str, topic: str) -> websockets.ClientConnection:
    socket = await websockets.connect(
        f"ws://127.0.0.1:{port}/ws/news/",
        additional_headers={"Cookie": f"sessionid={cookie}"},
        origin=websockets.Origin(f"http://127.0.0.1:{port}"),
    )
    await socket.send(json.dumps({"subscribe": [topic]}))
    answer = json.loads(await socket.recv())
    if answer["subscribed"] != [topic]:
        raise RuntimeError(f"the subscription was refused: {answer}")
    return socket


async def _heard(socket: websockets.ClientConnection, number: int, start: float) -> float | None:
    try:
        async with asyncio.timeout(PATIENCE):
            while json.loads(await socket.recv()).get("number") != number:
                pass
    except TimeoutError:
        return None
    return time.perf_counter() - start


def _publish(topic: str, number: int) -> float:
    """Publish as an action does; returns the instant of its commit."""
    from django.db import transaction

    from acquis.kernel import realtime

    with transaction.atomic():
        realtime.publish(topic, at=datetime.now(UTC), number=number)
    return time.perf_counter()


def _signed_in() -> tuple[int, str]:
    """A person and the cookie of their session."""
    from django.test import Client

    from acquis.accounts.models import User

    user = User.objects.create_user("mesure@centre.example", first_name="Mesure")
    client = Client()
    client.force_login(user)
    return user.pk, client.cookies["sessionid"].value


@contextmanager
def _serving() -> Iterator[int]:
    """The product served by this very process, whose bell the acts above ring."""
    from django.conf import settings

    settings.EMBEDDED_WORKER = True
    from acquis.config.asgi import application

    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(application, host="127.0.0.1", port=port, log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join()
