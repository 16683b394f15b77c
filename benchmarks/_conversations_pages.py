"""The two pages of an exchange, as their scripts behave.

`AdviserPage` follows static `conversations/follow.js`, `conversations/desk.js`, `queues/bar.js` and
`webchat/desk.js`; `VisitorPage` follows static `webchat/widget.js` and `webchat/server.js`.
"""

import asyncio
import contextlib
import itertools
import json
import random
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from benchmarks._conversations_hall import CSRF, Answer, Hall, Line, Written, listen

VISITOR_PACE = 10.0  # seconds between two messages of a visitor
ADVISER_PACE = 4.0  # seconds between two messages of an adviser
STAY = 20.0  # seconds on one exchange before looking at another
HEARTBEAT = 20.0
CROWD = 4.0  # seconds between two refreshes that only the whole desk's news ask for
QUEUE = 1.0  # seconds between two looks at the queue for messages of exchanges not shown
TOGETHER = 0.04  # seconds in which news make one refresh
NEVER = float("inf")
VISITOR_HEARTBEAT = 25.0
SIGN = 30.0
RETRY = (1.0, 2.0, 4.0, 8.0)
ROW = re.compile(r'<li data-row="(\d+)"(?:(?!<li).)*?queue-unread figures">(\d+)<', re.DOTALL)
POSITION = re.compile(r'data-position="(\d+)"')
VERSION = re.compile(r'id="queue"[^>]*data-version="([^"]*)"')
STATE = re.compile(r'data-state="([^"]*)"')
SENTENCES = (
    "Le colis est arrivé hier, il manque la rallonge commandée. ",
    "Votre numéro de commande commence par CMD, vous le lisez sur le bon de livraison. ",
    "Je regarde le suivi du transporteur et je reviens vers vous. ",
    "D’accord, merci : je préfère un échange à un remboursement. ",
)


def _text(key: str) -> str:
    return f"{random.choice(SENTENCES)}[{key}]"


def soon(news: dict[str, Any]) -> float:
    return CROWD if str(news.get("topic", "")).startswith("workspace:") else 0.0


class Follow:
    """`follow.js`: one refresh at a time for news that come together, another if news came meanwhile."""

    def __init__(
        self,
        refresh: Callable[[], Awaitable[None]],
        rest: Callable[[dict[str, Any]], float] = soon,
    ) -> None:
        self.refresh, self.rest = refresh, rest
        self.busy = self.again = False
        self.turned_at = 0.0
        self.planned_at = NEVER
        self.planned: asyncio.TimerHandle | None = None
        self.timer: asyncio.TimerHandle | None = None

    def turn(self) -> None:
        self.stop()
        self.turned_at = time.monotonic()
        if self.busy:
            self.again = True
            return
        self.busy = True
        _keep(self._run())

    async def _run(self) -> None:
        with contextlib.suppress(OSError):
            await self.refresh()
        self.busy = False
        if self.again:
            self.again = False
            self.turn()
            return
        self.timer = asyncio.get_running_loop().call_later(HEARTBEAT, self.turn)

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
        self.flying = self.heard = self.customer = 0
        self.follows = (
            Follow(self._thread, self._thread_rest),
            Follow(self._queue, self._queue_rest),
            Follow(self._bar, lambda news: NEVER if news.get("what") == "message" else soon(news)),
        )
        self.opened = asyncio.Event()
        self.listening: asyncio.Task[None] | None = None

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

    async def be_present(self) -> None:
        await self._post("presence", f"{self.base}/files/presence/", {"state": "available"})

    async def open(self, conversation: int) -> None:
        """A click in the queue: a whole page."""
        self.shown, self.position, self.tokens[conversation] = conversation, 0, 0
        self.heard = self.customer = 0
        answer = await self.line.ask("page", f"{self.base}/?c={conversation}")
        found = STATE.search(answer.text)
        self.state = found[1] if found else ""
        self._learn_queue(answer.text)
        self._add(answer.text.partition('id="thread"')[2])
        await self._bar()

    def follow(self) -> None:
        """The socket of the page now open."""
        if self.listening is not None:
            self.listening.cancel()
        topics = [f"workspace:{self.workspace}", f"user:{self.user}"]
        topics += [f"conversation:{self.shown}", f"typing:{self.shown}"]
        hello = {"subscribe": topics}
        self.listening = _keep(
            listen(self.line, "/ws/news/", hello, self.opened, self._hear, self._back)
        )

    def _hear(self, news: dict[str, Any]) -> None:
        topic = news.get("topic", "")
        if topic.startswith("typing:"):
            # How far was read comes with the news: only without it is it asked for.
            unknown = not news.get("position")
            if news.get("what") == "read" and news.get("side") != "adviser" and unknown:
                _keep(self._quietly(self._get("panel", self._panel)))
            return
        if topic:
            for follow in self.follows:
                follow.hear(news)

    def _is_of_the_shown(self, news: dict[str, Any]) -> bool:
        return bool(news.get("conversation") == self.shown)

    def _thread_rest(self, news: dict[str, Any]) -> float:
        own = str(news.get("topic", "")).startswith("conversation:") or self._is_of_the_shown(news)
        position = int(news.get("position", 0))
        if not own or not position:
            return 0.0 if own else NEVER
        self.heard = max(self.heard, position)
        return NEVER if self.flying or position <= self.position else 0.0

    async def _after_flight(self) -> None:
        self.flying -= 1
        if self.heard > self.position:
            await self._quietly(self._thread())

    def _queue_rest(self, news: dict[str, Any]) -> float:
        if news.get("what") != "message":
            return soon(news)
        return NEVER if self._is_of_the_shown(news) else max(QUEUE, soon(news))

    @property
    def _panel(self) -> str:
        return f"{self.base}/chat/conversations/{self.shown}/lecture/"

    def _back(self) -> None:
        for follow in self.follows:
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
            self.unread[pk] = unread.get(pk, 0)
            count = self.unread[pk]
            if count and pk != self.shown:
                first = 1 if pk in self.never_read else 0
                self.hall.notice(pk, self.read_to.get(pk, 0) + count - first)

    async def _thread(self) -> None:
        shown = self.shown
        answer = await self._get("thread", f"{self._place}/fil/?apres={self.position}&note=0")
        if shown != self.shown:
            return
        self._add(answer.text)
        state = answer.headers.get("x-conversation-state", "")
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
        _keep(self._quietly(self._read()))

    async def _read(self) -> None:
        """What is shown is read: told once for each place reached."""
        now = f"{self.shown} {self.customer}"
        if now == self.told or not self.customer:
            return
        self.told = now
        shown, tokens = self.shown, self.tokens[self.shown]
        try:
            await self._post(
                "read", f"{self._place}/lu/", {"position": str(self.customer), "note": "0"}
            )
        except OSError:
            self.told = ""
            raise
        self.read_to[shown] = max(tokens, self.read_to.get(shown, 0))
        self.never_read.discard(shown)
        if self.unread.get(self.shown):
            await self._queue()

    async def write(self) -> None:
        """One reply: « is writing », then the message, until it is acknowledged."""
        await self._quietly(
            self._post("typing", f"{self.base}/chat/conversations/{self.shown}/saisie/", {})
        )
        key = uuid4().hex
        body = _text(key)
        fields = {"body": body, "client_key": key, "apres": str(self.position), "note": "0"}
        for attempt in itertools.count():
            self.flying += 1
            try:
                answer = await self._post("send", f"{self._place}/messages/", fields)
                break
            except OSError:
                await self._after_flight()
                self.hall.sent_again += 1
                if self.hall.over:
                    return
                await asyncio.sleep(RETRY[min(attempt, len(RETRY) - 1)])
        if answer.status != 200:
            self.hall.refused += 1
        else:
            now = time.perf_counter()
            self.hall.acknowledge(Written(self.shown, key, body, "visitor", now))
            self._add(answer.text)
        await self._after_flight()

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
                await self._quietly(self._post("sign", f"{self.base}/files/presence/signe/", {}))
            waiting = max(self.chats, key=lambda pk: (pk != self.shown) * self.unread.get(pk, 0))
            moves = self.unread.get(waiting, 0) and waiting != self.shown
            if moves and time.monotonic() - moved_at > STAY:
                moved_at = time.monotonic()
                await self._quietly(self.open(waiting))
                self.follow()
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))

    def close(self) -> None:
        for follow in self.follows:
            follow.stop()
        if self.listening is not None:
            self.listening.cancel()
        self.line.close()

    async def _bar(self) -> None:
        await self._get("bar", f"{self.base}/files/barre/")


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
        self.last = self.heard = 0
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
        hello = {"hello": self.token, "site": self.site}
        self.listening = _keep(
            listen(self.line, "/ws/chat/", hello, self.opened, self._hear, self._turn)
        )
        self._beat()

    def _beat(self) -> None:
        if self.timer is not None:
            self._turn()
        self.timer = asyncio.get_running_loop().call_later(VISITOR_HEARTBEAT, self._beat)

    def _hear(self, told: dict[str, Any]) -> None:
        position = int(told.get("position", 0))
        self.heard = max(self.heard, position)
        known = position and (self.flying or position <= self.last)
        if told.get("changed") and not known:
            self._turn()

    def _turn(self) -> None:
        _keep(self.look())

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
        for item in state["items"]:
            if item["who"] == "adviser":
                self.hall.show(item["body"], "visitor")
        self.last = state["items"][-1]["position"]
        last = max((one["position"] for one in state["items"] if one["who"] != "me"), default=0)
        if last > max(state["seen"], self.told):
            self.told = last
            _keep(self._read(last))

    async def _read(self, position: int) -> None:
        try:
            await self._ask("seen", "lu/", {"position": str(position)})
        except OSError:
            self.told = 0

    async def write(self) -> None:
        key = uuid4().hex
        body = _text(key)
        for attempt in itertools.count():
            self.flying = True
            with contextlib.suppress(OSError):
                answer = await self._ask("say", "messages/", {"body": body, "client_key": key})
                if answer.status != 429:
                    break
            self._after_flight()
            self.hall.sent_again += 1
            if self.hall.over:
                return
            await asyncio.sleep(RETRY[min(attempt, len(RETRY) - 1)])
        if answer.status != 200:
            self.hall.refused += 1
        else:
            now = time.perf_counter()
            self.hall.acknowledge(Written(self.conversation, key, body, "adviser", now))
            self._learn(answer)
        self._after_flight()

    def _after_flight(self) -> None:
        self.flying = False
        if self.heard > self.last:
            self._turn()

    async def work(self) -> None:
        await asyncio.sleep(random.uniform(0, VISITOR_PACE))
        while not self.hall.closing.is_set():
            next_at = time.monotonic() + VISITOR_PACE * random.uniform(0.8, 1.2)
            await self.write()
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))

    def close(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        if self.listening is not None:
            self.listening.cancel()
        self.line.close()


_TASKS: set["asyncio.Task[Any]"] = set()


def _keep(act: Any) -> "asyncio.Task[Any]":
    """A task of its own, held until it is done."""
    task: asyncio.Task[Any] = asyncio.ensure_future(act)
    _TASKS.add(task)
    task.add_done_callback(_TASKS.discard)
    return task
