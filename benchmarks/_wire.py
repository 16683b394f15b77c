"""One browser's requests, as cheap as can be: who plays a thousand leaves the machine to what is measured.

An HTTP client for all looks at every connection of its pool at each request; here each browser has its own.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks._server import Server

SLOWEST = 15.0  # seconds before a request counts as failed
CSRF = "m" * 32


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


class Wire:
    """The connections of one browser, kept open, to one web process; to the next when it is turned."""

    def __init__(self, servers: Sequence[Server], number: int, *, slowest: float = SLOWEST) -> None:
        self.servers = servers
        self.slowest = slowest
        self.place = number % len(servers)
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.cookie = ""

    async def request(
        self,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, a POST when it has a body. Raises OSError when no answer comes."""
        try:
            async with asyncio.timeout(self.slowest):
                return await self._exchange(path, body, headers or {})
        except (TimeoutError, EOFError, asyncio.IncompleteReadError) as error:
            raise ConnectionError(str(error)) from error

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
            lines.append(f"Cookie: {self.cookies}")
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
        for _turn in self.servers:
            try:
                return await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                self.turn()
        raise ConnectionError("no web process answers")

    def turn(self) -> None:
        """As a proxy does: the next process serves whom this one no longer does."""
        self.place = (self.place + 1) % len(self.servers)
        self.close()

    @property
    def cookies(self) -> str:
        return f"sessionid={self.cookie}; csrftoken={CSRF}"

    @property
    def port(self) -> int:
        return self.servers[self.place].port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        while self.idle:
            self.idle.pop()[1].close()
