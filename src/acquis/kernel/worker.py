"""The background worker: threads of the one process, or `acquis worker` beside many."""

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone

from acquis.kernel import jobs, outbox, realtime, rounds, wakeup

logger = logging.getLogger(__name__)
EMBEDDED_PAUSE = 0.5  # seconds between two looks: the bell of this process rings in between
ASIDE_PAUSE = 2.0  # nobody waits for these
SEPARATE_PAUSE = 0.05  # no bell is heard from other processes
SILENCE = 60.0  # seconds without a look after which the worker counts as dead
HOUSEKEEPING = timedelta(hours=1)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


class Worker:
    """One thread each: news must wait neither behind a long job nor behind a slow server."""

    def __init__(self, pause: float = EMBEDDED_PAUSE) -> None:
        self.pause = pause
        self.stopping = threading.Event()
        self.seen_at = 0.0
        self.threads: list[threading.Thread] = []

    def start(self) -> None:
        self.stopping.clear()
        self.seen_at = time.monotonic()
        self.threads = [
            threading.Thread(target=target, name=name, daemon=True)
            for target, name in (
                (self._deliver, "acquis-outbox"),
                (self._work, "acquis-jobs"),
                (self._work_aside, "acquis-jobs-aside"),
                (self._speak_outside, "acquis-gateways"),
                (self._make_rounds, "acquis-rounds"),
            )
        ]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Let each thread end what it is at, for five seconds; a longer job is taken up again."""
        self.stopping.set()
        wakeup.messages.ring()
        wakeup.work.ring()
        for thread in self.threads:
            thread.join(timeout=5)
        self.threads = []

    @property
    def alive(self) -> bool:
        """Whether the worker gave a sign in the last minute."""
        running = bool(self.threads) and all(thread.is_alive() for thread in self.threads)
        return running and time.monotonic() - self.seen_at < SILENCE

    def _deliver(self) -> None:
        tidied_at = timezone.now()
        while not self.stopping.is_set():
            now = timezone.now()
            self.seen_at = time.monotonic()
            if now - tidied_at > HOUSEKEEPING:
                tidied_at = now
                self._safely(lambda: outbox.forget_delivered(now=now))  # noqa: B023  called at once
            if not self._safely(lambda: outbox.deliver(now=timezone.now())):
                wakeup.messages.wait(self.pause)
        connections.close_all()

    def _work(self) -> None:
        while not self.stopping.is_set():
            if not self._safely(lambda: jobs.run_due(now=timezone.now())):
                wakeup.work.wait(self.pause)
        connections.close_all()

    def _work_aside(self) -> None:
        while not self.stopping.is_set():
            if not self._safely(lambda: jobs.run_due(now=timezone.now(), aside=True)):
                self.stopping.wait(ASIDE_PAUSE)
        connections.close_all()

    def _speak_outside(self) -> None:
        while not self.stopping.is_set():
            if not self._safely(lambda: outbox.deliver_slow(now=timezone.now())):
                self.stopping.wait(EMBEDDED_PAUSE)
        connections.close_all()

    def _make_rounds(self) -> None:
        while not self.stopping.is_set():
            self._safely(lambda: rounds.make(now=timezone.now()))
            self.stopping.wait(EMBEDDED_PAUSE)
        connections.close_all()

    def _safely(self, act: Callable[[], int | bool]) -> int | bool:
        """A fault must not end the thread: it is told, and the next look comes a little later."""
        try:
            close_old_connections()
            return act()
        except Exception:
            logger.exception("worker: trying again")
            self.stopping.wait(EMBEDDED_PAUSE)
            return False


embedded = Worker()


def with_embedded_worker(application: ASGIApp) -> ASGIApp:
    """Answer the server's lifespan messages and run the worker between them, where settings ask."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await application(scope, receive, send)
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                realtime.deliver_on(asyncio.get_running_loop())
                if settings.EMBEDDED_WORKER:
                    embedded.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                # News still under way need this loop: wait for the threads beside it.
                await asyncio.to_thread(embedded.stop)
                realtime.deliver_on(None)
                await send({"type": "lifespan.shutdown.complete"})
                return

    return wrapped


def drain() -> None:
    """Deliver and run what is due, until nothing is left."""
    while (
        outbox.deliver(now=timezone.now())
        or jobs.run_due(now=timezone.now())
        or jobs.run_due(now=timezone.now(), aside=True)
        or outbox.deliver_slow(now=timezone.now())
    ):
        pass


def run_forever(*, once: bool = False) -> None:
    """Serve the queues until asked to stop (SIGTERM, SIGINT); with `once`, until they are empty."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="acquis-news", daemon=True).start()
    realtime.deliver_on(loop)
    try:
        if once:
            drain()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        worker = Worker(SEPARATE_PAUSE)
        worker.start()
        stop.wait()
        worker.stop()
    finally:
        realtime.deliver_on(None)
        loop.call_soon_threadsafe(loop.stop)
