"""The page of an adviser, as its scripts behave.

It follows static `conversations/follow.js`, `conversations/desk.js`, `conversations/opening.js`, `queues/bar.js`
and `webchat/desk.js`.
"""

import asyncio
import contextlib
import itertools
import random
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks._conversations_hall import Hall, Written
from benchmarks._conversations_pages import READ, RETRY, keep, worded
from benchmarks._line import Line, listen
from benchmarks._wire import CSRF, Answer

ADVISER_PACE = 4.0  # seconds between two messages of an adviser
STAY = 20.0  # seconds on one exchange before looking at another
HEARTBEAT = 20.0
LIVE_HEARTBEAT = 60.0  # while news come
LOOK = 20.0  # between two looks at the thread while news come
CROWD = 4.0  # seconds between two refreshes that only the whole desk's news ask for
SHORT_CUT = 20.0  # seconds after a cut in which a socket is likely to come back
QUEUE = 1.0  # seconds between two looks at the queue for messages of exchanges not shown
TOGETHER = 0.04  # seconds in which news make one refresh
NEVER = float("inf")
SIGN = 30.0
ROW = re.compile(r'<li data-row="(\d+)"(?:(?!<li).)*?queue-unread figures">(\d+)<', re.DOTALL)
POSITION = re.compile(r'data-position="(\d+)"')
VERSION = re.compile(r'id="queue"[^>]*data-version="([^"]*)"')
STATE = re.compile(r'data-state="([^"]*)"')


def soon(news: dict[str, Any]) -> float:
    return CROWD if str(news.get("topic", "")).startswith("workspace:") else 0.0


class Follow:
    """`follow.js`: one refresh at a time for news that come together, another if news came meanwhile."""

    def __init__(
        self,
        refresh: Callable[[], Awaitable[None]],
        rest: Callable[[dict[str, Any]], float] = soon,
        *,
        live: Callable[[], bool],
        every: float = LIVE_HEARTBEAT,
        look: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.refresh, self.rest = refresh, rest
        self.live, self.every, self.look = live, every, look or refresh
        self.looks_first = look is not None
        self.busy = self.again = False
        self.turned_at = 0.0
        self.planned_at = NEVER
        self.planned: asyncio.TimerHandle | None = None
        self.timer: asyncio.TimerHandle | None = None

    def turn(self) -> None:
        self._turn(self.refresh)

    def beat(self) -> None:
        self._turn(self.look if self.live() else self.refresh)

    def _turn(self, act: Callable[[], Awaitable[None]]) -> None:
        self.stop()
        self.turned_at = time.monotonic()
        if self.busy:
            self.again = True
            return
        self.busy = True
        keep(self._run(act))

    async def _run(self, act: Callable[[], Awaitable[None]]) -> None:
        with contextlib.suppress(OSError):
            await act()
        self.busy = False
        if self.again:
            self.again = False
            self.turn()
            return
        pause = self.every if self.live() else HEARTBEAT
        self.timer = asyncio.get_running_loop().call_later(pause, self.beat)

    def begin(self) -> None:
        self.timer = asyncio.get_running_loop().call_later(HEARTBEAT, self.beat)

    def hear(self, news: dict[str, Any]) -> None:
        left = self.turned_at + self.rest(news) - time.monotonic()
        if left == NEVER:
            return
        wait = left * random.uniform(1, 1.25) if left > TOGETHER else TOGETHER
        if time.monotonic() + wait >= self.planned_at:
            return
        if self.planned is not None:
            self.planned.cancel()
        self.planned_at = time.monotonic() + wait
        self.planned = asyncio.get_running_loop().call_later(wait, self.turn)

    def stop(self) -> None:
        for handle in (self.planned, self.timer):
            if handle is not None:
                handle.cancel()
        self.planned = self.timer = None
        self.planned_at = NEVER


class AdviserPage:
    """One adviser, one page: an exchange shown, the others in the queue beside it."""

    def __init__(self, hall: Hall, number: int, one: dict[str, Any], workspace: int) -> None:
        self.hall = hall
        self.line = Line(hall, number)
        self.line.cookie = one["cookie"]
        self.user, self.chats, self.workspace = one["user"], one["chats"], workspace
        self.base = f"/poste/{workspace}"
        self.shown = self.chats[0]
        self.unread: dict[int, int] = {}
        self.read_to: dict[int, int] = {}  # tokens that the server knows to be read
        self.never_read = set(self.chats)
        self.tokens: dict[int, int] = {}
        self.position = 0
        self.state = ""
        self.told = ""
        self.version = ""
        self.bar_version = ""
        self.flying = self.heard = self.customer = 0
        self.told_at = 0.0
        self.acts = itertools.count(1)

        def live() -> bool:
            return self.line.live is not None

        self.follows = (
            Follow(self._thread, self._thread_rest, live=live, every=LOOK, look=self._look),
            Follow(self._queue, self._queue_rest, live=live, look=self._look_at_queue),
            Follow(
                self._bar,
                lambda news: NEVER if news.get("what") == "message" else soon(news),
                live=live,
                look=self._look_at_bar,
            ),
        )
        self.opened = asyncio.Event()
        self.listening: asyncio.Task[None] | None = None
        self.hello: dict[str, Any] = {}  # what its socket follows

    @property
    def _place(self) -> str:
        return f"{self.base}/conversations/{self.shown}"

    async def _get(self, kind: str, path: str) -> Answer:
        return await self.line.ask(kind, path, None, {"HX-Request": "true"})

    async def _post(self, kind: str, path: str, fields: dict[str, str]) -> Answer:
        headers = {
            "HX-Request": "true",
            "X-CSRFToken": CSRF,
            "Accept": "text/html",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return await self.line.ask(kind, path, urlencode(fields).encode(), headers)

    async def _act(self, kind: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """`act` of `news.js`. Raises OSError when the same must go over HTTP."""
        number = next(self.acts)
        given = {"workspace": self.workspace, **given}
        said = {"act": name, "id": number, "csrf": CSRF, "with": given}
        return await self.line.say(kind, number, said)

    async def be_present(self) -> None:
        await self._post("presence", f"{self.base}/files/presence/", {"state": "available"})

    async def open(self, conversation: int) -> None:
        """The desk with an exchange shown: a whole page."""
        self.shown, self.position, self.tokens[conversation] = conversation, 0, 0
        self.heard = self.customer = 0
        answer = await self.line.ask("page", f"{self.base}/?c={conversation}")
        found = STATE.search(answer.text)
        self.state = found[1] if found else ""
        self._learn_queue(answer.text)
        self._add(answer.text.partition('id="thread"')[2])
        await self._bar()

    @property
    def _of_the_shown(self) -> list[str]:
        return [f"conversation:{self.shown}", f"typing:{self.shown}"]

    def follow(self) -> None:
        """The socket of the page."""
        topics = [f"workspace:{self.workspace}", f"user:{self.user}", *self._of_the_shown]
        self.hello["subscribe"] = topics
        self.listening = keep(
            listen(
                self.line, "/ws/news/", self.hello, self.opened, self._hear, self._back, self._first
            )
        )
        for follow in self.follows:
            follow.begin()

    async def switch(self, conversation: int) -> None:
        """A click in the queue: `opening.js` shows the exchange in place."""
        place = f"{self.base}/conversations/{conversation}/ouvert/"
        answer = await self._get("opened", place)
        left = self._of_the_shown
        self.shown, self.position, self.tokens[conversation] = conversation, 0, 0
        self.heard = self.customer = 0
        found = STATE.search(answer.text)
        self.state = found[1] if found else ""
        kept = [topic for topic in self.hello["subscribe"] if topic not in left]
        self.hello["subscribe"] = [*kept, *self._of_the_shown]
        await self.line.tell({"unsubscribe": left, "subscribe": self._of_the_shown})
        self._add(answer.text.partition('id="thread"')[2])
        await self._look()

    def _hear(self, news: dict[str, Any]) -> None:
        topic = news.get("topic", "")
        if topic.startswith("typing:"):
            # How far was read comes with the news: only without it is it asked for.
            unknown = not news.get("position")
            if news.get("what") == "read" and news.get("side") != "adviser" and unknown:
                keep(self._quietly(self._get("panel", self._panel)))
            return
        if topic:
            for follow in self.follows:
                follow.hear(news)

    def _is_of_the_shown(self, news: dict[str, Any]) -> bool:
        return bool(news.get("conversation") == self.shown)

    def _thread_rest(self, news: dict[str, Any]) -> float:
        own = news.get("topic") == f"conversation:{self.shown}"  # not of the page left just now
        position = int(news.get("position", 0))
        own = own or (not position and self._is_of_the_shown(news))
        if not own or not position:
            return 0.0 if own else NEVER
        self.heard = max(self.heard, position)
        if news.get("lines") and position == self.position + 1:
            self._add(news["lines"])
        return NEVER if self.flying or position <= self.position else 0.0

    async def _after_flight(self) -> None:
        self.flying -= 1
        if self.heard > self.position:
            await self._quietly(self._thread())

    def _queue_rest(self, news: dict[str, Any]) -> float:
        if news.get("what") != "message":
            return soon(news)
        if self._is_of_the_shown(news):
            return NEVER
        row = ROW.search(news.get("row", ""))
        if news.get("row") and news.get("conversation") in self.unread:
            self.version = ""
            self._learn_row(int(news["conversation"]), int(row[2]) if row else 0)
            return NEVER
        return max(QUEUE, soon(news))

    @property
    def _panel(self) -> str:
        return f"{self.base}/chat/conversations/{self.shown}/lecture/"

    def _first(self) -> None:
        for follow in self.follows:
            if follow.looks_first:
                follow.beat()

    def _back(self) -> None:
        for follow in self.follows:
            if follow.looks_first:
                follow.beat()
            else:
                follow.turn()

    async def _quietly(self, act: Awaitable[Any]) -> None:
        with contextlib.suppress(OSError):
            await act

    async def _queue(self) -> None:
        asked = f"?v={self.version}&c={self.shown}"
        answer = await self._get("queue", f"{self.base}/file/{asked}")
        if answer.status == 200:
            self._learn_queue(answer.text)

    def _learn_queue(self, html: str) -> None:
        version = VERSION.search(html)
        self.version = version[1] if version else ""
        unread = {int(pk): int(count) for pk, count in ROW.findall(html)}
        for pk in self.chats:
            self._learn_row(pk, unread.get(pk, 0))

    def _learn_row(self, pk: int, count: int) -> None:
        self.unread[pk] = count
        if count and pk != self.shown:
            first = 1 if pk in self.never_read else 0
            self.hall.notice(pk, self.read_to.get(pk, 0) + count - first)

    async def _look_at_queue(self) -> None:
        if self.version:
            shown = {"conversation": self.shown, "version": self.version}
            with contextlib.suppress(OSError):
                told = await self._act("look_queue", "conversation.look_at_queue", shown)
                if told.get("gave", {}).get("same"):
                    return
        await self._queue()

    async def _look(self) -> None:
        """`lookAtThread`: what the thread lacks, over the socket."""
        shown = self.shown
        said = {"conversation": shown, "position": self.position, "note": 0, "state": self.state}
        try:
            gave = (await self._act("look", "conversation.look", said)).get("gave", {})
        except OSError:
            if not self._coming:
                await self._ask_for_thread()
            return
        if gave.get("same"):
            keep(self._quietly(self._read()))
        elif shown == self.shown:
            await self._show_lacking(gave["lines"], gave["state"])

    @property
    def _coming(self) -> bool:
        return self.line.live is None and time.monotonic() - self.line.cut_at < SHORT_CUT

    async def _thread(self) -> None:
        await (self._look() if self.line.live is not None else self._ask_for_thread())

    async def _ask_for_thread(self) -> None:
        shown = self.shown
        answer = await self._get("thread", f"{self._place}/fil/?apres={self.position}&note=0")
        if shown == self.shown:
            state = answer.headers.get("x-conversation-state", "")
            await self._show_lacking(answer.text, state)

    async def _show_lacking(self, lines: str, state: str) -> None:
        self._add(lines)
        if state and state != self.state:
            await self._get("exchange", f"{self._place}/etat/")
            self.state = state

    def _add(self, html: str) -> None:
        fresh = [
            article
            for article in html.split("<article ")[1:]
            if (found := POSITION.search(article)) and int(found[1]) > self.position
        ]
        for article in fresh:
            found = POSITION.search(article)
            self.position = max(self.position, int(found[1]) if found else 0)
            if "message-from-customer" in article[:120]:
                self.customer = self.position
                self.tokens[self.shown] += len(re.findall(r"\[[0-9a-f]{32}\]", article))
                self.hall.show(article, "thread")
        keep(self._quietly(self._read()))

    async def _read(self) -> None:
        """What is shown is read: told once for each place reached."""
        left = self.told_at + READ - time.monotonic()
        if left > 0:
            await asyncio.sleep(left)
        now = f"{self.shown} {self.customer}"
        if now == self.told or not self.customer:
            return
        self.told = now
        self.told_at = time.monotonic()
        shown, tokens = self.shown, self.tokens[self.shown]
        reached = {"position": str(self.customer), "note": "0"}
        try:
            await self._act("read", "conversation.read", {"conversation": shown, **reached})
        except OSError:
            if self._coming:
                self.told = ""
                return
            try:
                await self._post("http_read", f"{self.base}/conversations/{shown}/lu/", reached)
            except OSError:
                self.told = ""
                raise
        self.read_to[shown] = max(tokens, self.read_to.get(shown, 0))
        self.never_read.discard(shown)
        if self.unread.get(shown):
            self.unread[shown], self.version = 0, ""  # the row is patched, the rest looked at later

    async def write(self) -> None:
        """One reply: « is writing », then the message, until it is acknowledged."""
        await self._quietly(self._type())
        key = uuid4().hex
        body = worded(key)
        fields = {"body": body, "client_key": key, "apres": str(self.position), "note": "0"}
        for attempt in itertools.count():
            self.flying += 1
            try:
                lines = await self._send(fields)
                break
            except OSError:
                await self._after_flight()
                self.hall.sent_again += 1
                if self.hall.over:
                    return
                await asyncio.sleep(RETRY[min(attempt, len(RETRY) - 1)])
        if lines is None:
            self.hall.refused += 1
        else:
            now = time.perf_counter()
            self.hall.acknowledge(Written(self.shown, key, body, "visitor", now))
            self._add(lines)
        await self._after_flight()

    async def _type(self) -> None:
        if self.line.live is not None:
            await self._act("typing", "webchat.typing", {"conversation": self.shown})
            return
        if self._coming:
            return
        await self._post("http_typing", f"{self.base}/chat/conversations/{self.shown}/saisie/", {})

    async def _send(self, fields: dict[str, str]) -> str | None:
        """The lines that the page lacks once it is sent; None when it was refused."""
        said = {"conversation": self.shown, **fields, "after": fields["apres"]}
        try:
            told = await self._act("send", "conversation.send", said)
        except OSError:
            answer = await self._post("http_send", f"{self._place}/messages/", fields)
            return answer.text if answer.status == 200 else None
        return None if "refused" in told else str(told["gave"]["lines"])

    async def _sign(self) -> None:
        try:
            await self._act("sign", "queues.sign", {})
        except OSError:
            if self._coming:
                return
            await self._post("http_sign", f"{self.base}/files/presence/signe/", {})

    async def work(self) -> None:
        """Reply, and look now and then at the exchange that has most to read."""
        moved_at = time.monotonic() - random.uniform(0, STAY)
        signed_at = time.monotonic()
        await asyncio.sleep(random.uniform(0, ADVISER_PACE))
        while not self.hall.closing.is_set():
            next_at = time.monotonic() + ADVISER_PACE * random.uniform(0.8, 1.2)
            await self.write()
            if time.monotonic() - signed_at > SIGN:
                signed_at = time.monotonic()
                await self._quietly(self._sign())
            waiting = max(self.chats, key=lambda pk: (pk != self.shown) * self.unread.get(pk, 0))
            moves = self.unread.get(waiting, 0) and waiting != self.shown
            if moves and time.monotonic() - moved_at > STAY:
                moved_at = time.monotonic()
                await self._quietly(self.switch(waiting))
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))

    def close(self) -> None:
        for follow in self.follows:
            follow.stop()
        if self.listening is not None:
            self.listening.cancel()
        self.line.close()

    async def _bar(self) -> None:
        answer = await self._get("bar", f"{self.base}/files/barre/")
        self.bar_version = answer.headers.get("x-bar-version", "")

    async def _look_at_bar(self) -> None:
        if self.bar_version:
            told: dict[str, Any] = {}
            with contextlib.suppress(OSError):
                told = await self._act("look_bar", "queues.look", {"version": self.bar_version})
            if told.get("gave", {}).get("same") or self._coming:
                return
        await self._bar()
