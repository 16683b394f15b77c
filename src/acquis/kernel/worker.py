"""The background worker: a thread of the one process, or `acquis worker` beside many."""

import logging
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.db.utils import DatabaseError
from django.utils import timezone

from acquis.kernel import jobs, outbox, wakeup

logger = logging.getLogger(__name__)
PAUSE = 0.5  # seconds between two looks when nothing rings
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


class Worker:
    """Two threads: news must not wait behind a long job."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.seen_at = 0.0
        self.threads: list[threading.Thread] = []

    def start(self) -> None:
        for target in (self._deliver, self._work):
            thread = threading.Thread(target=target, name=f"acquis{target.__name__}", daemon=True)
            thread.start()
            self.threads.append(thread)

    def stop(self) -> None:
        self.stopping.set()
        wakeup.ring()
        for thread in self.threads:
            thread.join(timeout=5)

    @property
    def alive(self) -> bool:
        """Whether the worker gave a sign in the last minute."""
        return bool(self.threads) and time.monotonic() - self.seen_at < 60

    def _deliver(self) -> None:
        while not self.stopping.is_set():
            self.seen_at = time.monotonic()
            if not self._safely(lambda: outbox.deliver(now=timezone.now())):
                wakeup.wait(PAUSE)

    def _work(self) -> None:
        while not self.stopping.is_set():
            if not self._safely(lambda: jobs.run_due(now=timezone.now())):
                self.stopping.wait(PAUSE)

    def _safely(self, act: Callable[[], int | bool]) -> int | bool:
        try:
            close_old_connections()
            return act()
        except DatabaseError:
            logger.warning("worker: the database does not answer, trying again", exc_info=True)
            self.stopping.wait(PAUSE)
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
                if settings.EMBEDDED_WORKER:
                    embedded.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                embedded.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    return wrapped


def run_forever(*, once: bool = False) -> None:
    """Serve the queues until interrupted; with `once`, until they are empty."""
    while True:
        left = outbox.deliver(now=timezone.now())
        worked = jobs.run_due(now=timezone.now())
        if not left and not worked:
            if once:
                return
            wakeup.wait(PAUSE)
