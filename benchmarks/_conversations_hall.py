"""What the pages of a run share: the web processes, what was acknowledged, what was shown, when."""

import asyncio
import contextlib
import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import websockets

from benchmarks._server import Server

TOKEN = re.compile(r"\[([0-9a-f]{32})\]")  # ends each text that is written
SLOWEST = 15.0  # seconds before a request counts as failed
SLOWEST_SAID = 8.0  # seconds before what was said over a socket goes over HTTP
CROWD = 3.0  # seconds after the restart in which what waited passes
CSRF = "m" * 32


@dataclass(slots=True)
class Written:
    """One acknowledged message, and when the other side's page had it."""

    conversation: int
    key: str
    body: str
    to: str  # adviser or visitor
    at: float
    shown_at: float | None = None
    shown_by: str = ""  # thread, queue (the exchange is not the one shown), or visitor


@dataclass
class Hall:
    """The web processes, and all that was written and shown."""

    servers: list[Server]
    written: dict[str, Written] = field(default_factory=dict)  # by key
    shown: dict[str, tuple[float, str]] = field(default_factory=dict)  # before the answer came
    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    asked_for: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # http, socket
    said: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    noticed: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    sent_again: int = 0
    refused: int = 0
    killed_at: float = 0.0
    back_at: float = 0.0
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False

    def acknowledge(self, one: Written) -> None:
        self.written[one.key] = one
        if one.to == "adviser":
            self.said[one.conversation].append(one.key)
            if len(self.said[one.conversation]) <= self.noticed[one.conversation]:
                self._show(one, one.at, "queue")
        early = self.shown.pop(one.key, None)
        if early is not None:
            self._show(one, *early)

    def show(self, text: str, by: str) -> None:
        """A page has these texts now."""
        now = time.perf_counter()
        for key in TOKEN.findall(text):
            one = self.written.get(key)
            if one is None:
                self.shown.setdefault(key, (now, by))
            else:
                self._show(one, now, by)

    def notice(self, conversation: int, count: int) -> None:
        """A queue says that the visitor has written so many messages."""
        now = time.perf_counter()
        for key in self.said[conversation][self.noticed[conversation] : count]:
            self._show(self.written[key], now, "queue")
        self.noticed[conversation] = max(count, self.noticed[conversation])

    def _show(self, one: Written, at: float, by: str) -> None:
        # The writer's own page has it too: that is no delivery.
        if one.shown_at is None and (by == "visitor") == (one.to == "visitor"):
            one.shown_at, one.shown_by = max(at, one.at), by

    def recovers(self, at: float) -> bool:
        """Whether an instant lies in what the kill disturbs."""
        return bool(self.killed_at) and self.killed_at <= at < (self.back_at or at + 1) + CROWD


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


class Line:
    """The connections of one browser, kept open, to whichever web process answers."""

    def __init__(self, hall: Hall, number: int) -> None:
        self.hall = hall
        self.place = number % len(hall.servers)
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.cookie = ""
        self.live: websockets.ClientConnection | None = None
        self.waiting: dict[Any, asyncio.Future[dict[str, Any]]] = {}

    def opened(self, socket: websockets.ClientConnection) -> None:
        self.live = socket

    def cut(self) -> None:
        """What was said over the socket and not answered goes over HTTP."""
        self.live = None
        for one in self.waiting.values():
            if not one.done():
                one.set_exception(ConnectionError("cut"))
        self.waiting.clear()

    def answered(self, told: dict[str, Any]) -> bool:
        """Whether it answers something that this page said."""
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
            async with asyncio.timeout(SLOWEST_SAID):
                told = await answer
        except (TimeoutError, websockets.ConnectionClosed) as error:
            raise ConnectionError(str(error)) from error
        finally:
            self.waiting.pop(name, None)
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
        try:
            async with asyncio.timeout(SLOWEST):
                answer = await self._exchange(path, body, headers or {})
        except (TimeoutError, EOFError, asyncio.IncompleteReadError) as error:
            raise ConnectionError(str(error)) from error
        self.hall.spent[kind].append(time.perf_counter() - start)
        if answer.status >= 500:
            raise ConnectionError(str(answer.status))
        return answer

    async def _exchange(self, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        reader, writer = self._kept() or await self._open()
        try:
            writer.write(self._head(path, body, headers) + (body or b""))
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            found = {
                name.lower(): value
                for name, _colon, value in (line.partition(": ") for line in head[1:] if line)
            }
            content = await reader.readexactly(int(found.get("content-length", "0")))
        except BaseException:
            writer.close()
            raise
        if found.get("connection") == "close":
            writer.close()
        else:
            self.idle.append((reader, writer))
        return Answer(int(head[0].split()[1]), found, content.decode())

    def _head(self, path: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        address = self.address
        lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", f"Host: {address[7:]}"]
        if self.cookie:
            lines.append(f"Cookie: {self._cookies}")
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body is not None:
            lines += [f"Origin: {address}", f"Content-Length: {len(body)}"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _kept(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection that the server has not closed meanwhile."""
        while self.idle:
            reader, writer = self.idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return None

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for _turn in self.hall.servers:
            try:
                return await asyncio.open_connection("127.0.0.1", self._port)
            except OSError:
                self._turn()
        raise ConnectionError("no web process answers")

    async def socket(self, path: str) -> websockets.ClientConnection:
        """A socket to whichever process answers. Raises OSError when none does."""
        for _turn in self.hall.servers:
            try:
                return await websockets.connect(
                    f"ws://127.0.0.1:{self._port}{path}",
                    additional_headers={"Cookie": self._cookies} if self.cookie else {},
                    origin=websockets.Origin(self.address),
                    ping_interval=None,
                )
            except (OSError, websockets.InvalidHandshake, EOFError):
                self._turn()
        raise ConnectionError("no web process answers")

    def _turn(self) -> None:
        """As a proxy does: the next process serves whom this one no longer does."""
        self.place = (self.place + 1) % len(self.hall.servers)
        while self.idle:
            self.idle.pop()[1].close()

    @property
    def _cookies(self) -> str:
        return f"sessionid={self.cookie}; csrftoken={CSRF}"

    @property
    def _port(self) -> int:
        return self.hall.servers[self.place].port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def close(self) -> None:
        while self.idle:
            self.idle.pop()[1].close()


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
                await socket.recv()
                line.opened(socket)
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
