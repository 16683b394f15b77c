"""One browser's open socket beside its requests: what the page says there, and what it hears."""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Mapping
from typing import Any, Protocol

import websockets

from benchmarks._server import Server
from benchmarks._wire import Answer, Wire

SLOWEST_SAID = 8.0  # seconds without a word before what was said over a socket goes over HTTP


class Hall(Protocol):
    """What a run keeps of what its browsers ask: seconds by kind, how many by way."""

    servers: list[Server]
    spent: dict[str, list[float]]
    asked_for: dict[str, int]
    over: bool


class Line(Wire):
    """The connections of one browser, its socket too, to whichever web process answers."""

    def __init__(self, hall: Hall, number: int) -> None:
        super().__init__(hall.servers, number)
        self.hall = hall
        self.live: websockets.ClientConnection | None = None
        self.cut_at = float("-inf")
        self.waiting: dict[Any, asyncio.Future[dict[str, Any]]] = {}
        self.patience: dict[Any, asyncio.Timeout] = {}

    def opened(self, socket: websockets.ClientConnection) -> None:
        self.live = socket

    def cut(self) -> None:
        """What was said over the socket and not answered goes over HTTP."""
        if self.live is not None:
            self.cut_at = time.monotonic()
        self.live = None
        for one in self.waiting.values():
            if not one.done():
                one.set_exception(ConnectionError("cut"))
        self.waiting.clear()

    def answered(self, told: dict[str, Any]) -> bool:
        """Whether it answers something that this page said, or says that it will."""
        if "subscribed" in told:  # what is followed now, and in `refused` what is not
            return True
        if "heard" in told:
            patience = self.patience.get(told["heard"])
            if patience is not None:
                patience.reschedule(asyncio.get_running_loop().time() + SLOWEST_SAID)
            return True
        for name in ("done", "refused", "failed", "said"):
            one = self.waiting.pop(told.get(name), None) if name in told else None
            if one is not None and not one.done():
                one.set_result(told)
                return True
        return False

    async def say(self, kind: str, name: Any, said: dict[str, Any]) -> dict[str, Any]:
        """Say something over the open socket. Raises OSError when it must go over HTTP."""
        if self.live is None:
            raise ConnectionError("no socket")
        start = time.perf_counter()
        self.hall.asked_for["socket"] += 1
        self.waiting[name] = answer = asyncio.get_running_loop().create_future()
        try:
            await self.live.send(json.dumps(said))
            async with asyncio.timeout(SLOWEST_SAID) as patience:
                self.patience[name] = patience
                told = await answer
        except (TimeoutError, websockets.ConnectionClosed) as error:
            raise ConnectionError(str(error)) from error
        finally:
            self.waiting.pop(name, None)
            self.patience.pop(name, None)
        self.hall.spent[kind].append(time.perf_counter() - start)
        if told.get("failed"):
            raise ConnectionError("failed")
        return told

    async def tell(self, said: dict[str, Any]) -> bool:
        """Say what asks for no answer; whether it left."""
        if self.live is None:
            return False
        self.hall.asked_for["socket"] += 1
        try:
            await self.live.send(json.dumps(said))
        except websockets.ConnectionClosed:
            return False
        return True

    async def ask(
        self,
        kind: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, a POST when it has a body. Raises OSError when no answer comes."""
        start = time.perf_counter()
        self.hall.asked_for["http"] += 1
        answer = await self.request(path, body, headers)
        self.hall.spent[kind].append(time.perf_counter() - start)
        if answer.status >= 500:
            raise ConnectionError(str(answer.status))
        return answer

    async def socket(self, path: str) -> websockets.ClientConnection:
        """A socket to whichever process answers. Raises OSError when none does."""
        for _turn in self.hall.servers:
            try:
                return await websockets.connect(
                    f"ws://127.0.0.1:{self.port}{path}",
                    additional_headers={"Cookie": self.cookies} if self.cookie else {},
                    origin=websockets.Origin(self.address),
                    ping_interval=None,
                )
            except (OSError, websockets.InvalidHandshake, EOFError):
                self.turn()
        raise ConnectionError("no web process answers")


async def listen(
    line: Line,
    path: str,
    hello: dict[str, Any],
    opened: asyncio.Event,
    hear: Any,
    again: Any,
    first: Any = None,
) -> None:
    """Follow a socket until the run is over; `first` is called once it follows, `again` when it is back."""
    hall = line.hall
    for turn in itertools.count():
        with contextlib.suppress(OSError, websockets.ConnectionClosed, EOFError):
            async with await line.socket(path) as socket:
                await socket.send(json.dumps(hello))
                line.opened(socket)  # as a browser: what is said now is done after it
                await socket.recv()
                opened.set()
                if turn:
                    again()
                elif first is not None:
                    first()
                async for text in socket:
                    told = json.loads(text)
                    if not line.answered(told):
                        hear(told)
        line.cut()
        if hall.over:
            return
        await asyncio.sleep(0.5)
