"""The page of a visitor, as its scripts behave.

It follows static `webchat/widget.js` and `webchat/server.js`.
"""

import asyncio
import contextlib
import itertools
import json
import random
import time
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from benchmarks._conversations_hall import Hall, Written
from benchmarks._conversations_pages import READ, RETRY, keep, worded
from benchmarks._line import Line, listen
from benchmarks._wire import Answer

VISITOR_PACE = 10.0  # seconds between two messages of a visitor
VISITOR_HEARTBEAT = 25.0
LATE = 4.0  # seconds that a message may come after those that follow it


class VisitorPage:
    """One visitor: the widget, open."""

    def __init__(self, hall: Hall, number: int, one: dict[str, Any], site: str) -> None:
        self.hall = hall
        self.line = Line(hall, number)
        self.token, self.conversation, self.site = one["token"], one["conversation"], site
        self.base = f"/chat/{site}"
        self.version = ""
        self.told = 0
        self.looking = self.look_again = self.flying = False
        self.last = self.heard = self.seen = 0
        self.mark: list[Any] = []
        self.early: set[int] = set()
        self.late: asyncio.TimerHandle | None = None
        self.told_at = 0.0
        self.opened = asyncio.Event()
        self.listening: asyncio.Task[None] | None = None
        self.timer: asyncio.TimerHandle | None = None

    async def _ask(self, kind: str, path: str, body: dict[str, str] | None = None) -> Answer:
        headers = {"Accept": "application/json", "Accept-Language": "fr", "X-Visitor": self.token}
        if body is None:
            return await self.line.ask(kind, f"{self.base}/{path}", None, headers)
        headers["Content-Type"] = "application/json"
        return await self.line.ask(kind, f"{self.base}/{path}", json.dumps(body).encode(), headers)

    def follow(self) -> None:
        hello = {"hello": self.token, "site": self.site, "lang": "fr"}
        self.listening = keep(
            listen(self.line, "/ws/chat/", hello, self.opened, self._hear, self._turn)
        )
        self._beat()

    def _beat(self) -> None:
        if self.timer is not None:
            keep(self._look_now())
        self.timer = asyncio.get_running_loop().call_later(VISITOR_HEARTBEAT, self._beat)

    async def _look_now(self) -> None:
        if not await self.line.tell({"look": self.mark}):
            await self.look()

    def _hear(self, told: dict[str, Any]) -> None:
        position = int(told.get("position", 0))
        self.heard = max(self.heard, position)
        if told.get("read") and self.mark:
            self.mark[1] = told["read"]
        if told.get("items"):
            self._take(told["items"], told.get("after"))
            return
        known = position and (self.flying or position <= self.last)
        if told.get("changed") and not known:
            self._turn()

    def _turn(self) -> None:
        keep(self.look())

    async def look(self) -> None:
        if self.looking:
            self.look_again = True
            return
        self.looking = True
        try:
            answer = await self._ask("look", f"fil/?v={quote(self.version)}")
            if answer.status == 200:
                self._learn(answer)
        except OSError:
            asyncio.get_running_loop().call_later(1.0, self._turn)
        self.looking = False
        if self.look_again:
            self.look_again = False
            await self.look()

    def _learn(self, answer: Answer) -> None:
        state = json.loads(answer.text)
        self.version = state["version"]
        self.mark = state["mark"]
        self.seen = state["seen"]
        self.last = max(self.mark[0], *(one["position"] for one in state["items"]), 0)
        self._show(state["items"])
        self._follow()
        if self.heard > self.mark[0]:
            self._look_later()

    def _take(self, items: list[dict[str, Any]], after: int | None = None) -> None:
        """What came over the socket is shown, and counted once nothing is missing before it."""
        self._show(items)
        positions = {item["position"] for item in items}
        if after is not None and after <= self.last:
            self.last = max(self.last, *positions)
            self.mark[0] = max(self.mark[0], self.last)
        else:
            self.early |= positions
        self._follow()
        if self.early:
            self._look_later()

    def _follow(self) -> None:
        for position in sorted(self.early):
            if position > self.last + 1:
                return
            self.early.discard(position)
            if position == self.last + 1:
                self.last = position
                self.mark[0] = max(self.mark[0], position)

    def _look_later(self) -> None:
        if self.late is None:
            self.late = asyncio.get_running_loop().call_later(LATE, self._look_if_missing)

    def _look_if_missing(self) -> None:
        self.late = None
        if self.early or self.heard > self.last:
            keep(self._look_now())

    def _show(self, items: list[dict[str, Any]]) -> None:
        for item in items:
            if item["who"] == "adviser":
                self.hall.show(item["body"], "visitor")
        last = max((one["position"] for one in items if one["who"] != "me"), default=0)
        if last > max(self.seen, self.told):
            self.told = last
            keep(self._read(last))

    async def _read(self, position: int) -> None:
        left = self.told_at + READ - time.monotonic()
        if left > 0:
            await asyncio.sleep(left)
            if position < self.told:
                return  # a later one tells it
        self.told_at = time.monotonic()
        if await self.line.tell({"seen": position}):
            return
        try:
            await self._ask("http_seen", "lu/", {"position": str(position)})
        except OSError:
            self.told = 0

    async def write(self) -> None:
        key = uuid4().hex
        body = worded(key)
        for attempt in itertools.count():
            self.flying = True
            with contextlib.suppress(OSError):
                status = await self._say(key, body)
                if status != 429:
                    break
            self._after_flight()
            self.hall.sent_again += 1
            if self.hall.over:
                return
            await asyncio.sleep(RETRY[min(attempt, len(RETRY) - 1)])
        if status != 200:
            self.hall.refused += 1
        self._after_flight()

    async def _say(self, key: str, body: str) -> int:
        """Over the socket, else by a request under the same key; the status of the answer."""
        try:
            told = await self.line.say("say", key, {"say": key, "body": body})
        except OSError:
            fields = {"body": body, "client_key": key}
            answer = await self._ask("http_say", "messages/", fields)
            if answer.status == 200:
                self._acknowledge(key, body)
                self._learn(answer)
            return answer.status
        if "refused" in told:
            return int(told["refused"]["status"])
        self._acknowledge(key, body)
        self.heard = max(self.heard, told["position"])
        own = {"who": "me", "body": body, "position": told["position"]}
        if told["position"] > self.last:
            self._take([own])
        return 200

    def _acknowledge(self, key: str, body: str) -> None:
        now = time.perf_counter()
        self.hall.acknowledge(Written(self.conversation, key, body, "adviser", now))

    def _after_flight(self) -> None:
        self.flying = False
        if self.heard > self.last:
            self._look_later()

    async def work(self) -> None:
        await asyncio.sleep(random.uniform(0, VISITOR_PACE))
        while not self.hall.closing.is_set():
            next_at = time.monotonic() + VISITOR_PACE * random.uniform(0.8, 1.2)
            await self.write()
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))

    def close(self) -> None:
        if self.late is not None:
            self.late.cancel()
        if self.timer is not None:
            self.timer.cancel()
        if self.listening is not None:
            self.listening.cancel()
        self.line.close()
