"""The threads that answer requests: they stay, and a request keeps to one."""

import asyncio
import threading
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import RequestAborted

from acquis.kernel.serving import Handler


class Recorder(Handler):
    """Says on which thread it works, without pages or database."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        self.seen: list[list[str]] = []

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG002
        (await self.read_body(receive)).close()
        hops = [await sync_to_async(lambda: threading.current_thread().name)() for _ in range(3)]
        await asyncio.sleep(0.01)
        self.seen.append(hops)
        if scope.get("fails"):
            raise RuntimeError("a page that fails")


async def whole() -> dict[str, Any]:
    return {"type": "http.request", "body": b""}


def served(handler: Recorder, requests: int, **scope: Any) -> None:
    async def serve() -> None:
        calls = (handler({"type": "http", **scope}, whole, None) for _ in range(requests))
        await asyncio.gather(*calls)

    asyncio.run(serve())


def test_a_request_keeps_to_one_thread_and_threads_serve_again() -> None:
    handler = Recorder(2)
    served(handler, 7)
    assert all(len(set(hops)) == 1 for hops in handler.seen)
    assert len({hops[0] for hops in handler.seen}) == 2


def test_a_page_that_fails_gives_its_thread_back() -> None:
    handler = Recorder(1)

    async def serve() -> None:
        for _ in range(3):
            with pytest.raises(RuntimeError):
                await handler({"type": "http", "fails": True}, whole, None)

    asyncio.run(serve())
    assert len(handler.seen) == 3


def test_a_sender_that_never_ends_holds_no_thread() -> None:
    handler = Recorder(1)

    async def serve() -> None:
        gone = asyncio.Event()

        async def slowly() -> dict[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        slow = asyncio.create_task(handler({"type": "http"}, slowly, None))
        await asyncio.sleep(0)
        await asyncio.wait_for(handler({"type": "http"}, whole, None), 5)
        gone.set()
        with pytest.raises(RequestAborted):
            await slow

    asyncio.run(serve())
    assert len(handler.seen) == 1


def test_who_gave_up_waiting_for_a_thread_is_not_worked_for() -> None:
    handler = Recorder(1)

    async def serve() -> None:
        busy, left = asyncio.Event(), asyncio.Event()
        thread = await handler._queue().get()

        def sender(end: asyncio.Event) -> Any:
            arrived = iter([{"type": "http.request", "body": b""}])

            async def receive() -> dict[str, Any]:
                for message in arrived:
                    return message
                await end.wait()
                return {"type": "http.disconnect"}

            return receive

        impatient = asyncio.create_task(handler({"type": "http"}, sender(left), None))
        patient = asyncio.create_task(handler({"type": "http"}, sender(busy), None))
        await asyncio.sleep(0.05)
        left.set()
        with pytest.raises(RequestAborted):
            await asyncio.wait_for(impatient, 5)
        handler._queue().put_nowait(thread)
        await asyncio.wait_for(patient, 5)
        cut = asyncio.create_task(handler({"type": "http"}, sender(busy), None))
        cut.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cut
        await asyncio.wait_for(handler({"type": "http"}, sender(busy), None), 5)

    asyncio.run(serve())
    assert len(handler.seen) == 2
