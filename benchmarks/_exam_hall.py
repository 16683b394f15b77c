"""What the benchmarks of an exam share: the browsers of a hall, what was sent and answered, the kill."""

import asyncio
import contextlib
import itertools
import json
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks._exam_check import digest
from benchmarks._line import Line, listen
from benchmarks._server import Server
from benchmarks._wire import CSRF

PACE = 2.0  # seconds between two writes of one person
LOOK = 10.0  # seconds between two looks of a page at the state of the exam
CROWD = 3.0  # seconds after the restart in which the crowd passes
OUTAGE = 0.5  # seconds between the kill and the new start
SLOWEST = 10.0  # seconds before a request counts as failed
BACKOFF = (1.0, 2.0, 4.0, 8.0)  # as the pages wait before they send again
LENGTH = (200, 2_400)  # characters of the first text that a field sends
SENTENCES = (
    "Le client signale que sa commande lui est parvenue incomplète. ",
    "Il demande une livraison du complément avant la fin de la semaine. ",
    "Le suivi du transporteur confirme deux colis sur trois. ",
    "Une réponse écrite lui a été promise sous quarante-huit heures. ",
)


@dataclass
class Hall:
    """The web processes, and all that was sent to them and answered."""

    servers: list[Server]
    saves: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    asked_for: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # http, socket
    over: bool = False
    restart: float = 0.0
    killed_at: float = 0.0
    back_at: float = 0.0
    sent_again: int = 0
    refused: int = 0
    unanswered: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def recovers(self, sent_at: float) -> bool:
        return bool(self.killed_at) and (
            self.killed_at <= sent_at < (self.back_at or sent_at + 1) + CROWD
        )


class Browser:
    """One person's browser: its cookie, its socket if its page has one, its way of sending until it is answered.

    It keeps to one web process, and goes to the next when that one does not answer, as a proxy in
    front of them would send it.
    """

    def __init__(self, hall: Hall, cookie: str, *, turn: int = 0) -> None:
        self.hall = hall
        self.line = Line(hall, turn)
        self.line.slowest = SLOWEST
        self.line.cookie = cookie
        self.acts = itertools.count(1)
        self.opened = asyncio.Event()
        self.listening: asyncio.Task[None] | None = None

    def follow(self, *topics: str) -> None:
        """Hold a socket open for the news of the page, until the run is over."""
        hello = {"subscribe": [*topics]}

        def hear(_news: object) -> None:
            """What the page is told changes nothing that is measured."""

        self.listening = asyncio.create_task(
            listen(self.line, "/ws/news/", hello, self.opened, hear, lambda: None)
        )

    async def write(
        self,
        kind: str,
        address: str,
        body: dict[str, str],
        accept: str = "application/json",
        act: tuple[str, dict[str, Any]] | None = None,
    ) -> dict[str, Any] | None:
        """Send until it is answered, unchanged; the answer, or None when it was refused.

        With `act` over the socket while one is open, else by a request.
        """
        for attempt in itertools.count():
            start = time.perf_counter()
            told = await self._told(kind, act) or await self._asked(address, body, accept)
            if told is not None:
                kind = "recovery" if attempt or self.hall.recovers(start) else kind
                self.hall.spent[kind].append(time.perf_counter() - start)
                if "refused" not in told:
                    return told
                self.hall.refused += 1
                return None
            self.hall.sent_again += 1
            await asyncio.sleep(BACKOFF[min(attempt, len(BACKOFF) - 1)] * random.uniform(0.6, 1.0))
        return None

    async def _told(self, kind: str, act: tuple[str, dict[str, Any]] | None) -> dict[str, Any]:
        """What was answered over the socket; empty when it must go by a request."""
        if act is None or self.line.live is None:
            return {}
        name, given = act
        number = next(self.acts)
        said = {"act": name, "id": number, "csrf": CSRF, "with": given}
        with contextlib.suppress(OSError):
            told = await self.line.say(f"socket_{kind}", number, said)
            gave = dict(told.get("gave", {}))
            # With a text another tab is ahead: as over HTTP, that is no acknowledgement.
            return {"refused": True} if "refused" in told or "text" in gave else gave
        return {}

    async def _asked(
        self, address: str, body: dict[str, str], accept: str
    ) -> dict[str, Any] | None:
        """What a request was answered, None when it was not."""
        headers = {
            **_headers(accept),
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            answer = await self.line.request(address, urlencode(body).encode(), headers)
        except OSError:
            self.line.turn()
            return None
        if answer.status >= 500:
            return None
        if answer.status >= 300:
            return {"refused": answer.status}
        return dict(json.loads(answer.text)) if accept == "application/json" else {"html": True}

    async def look(
        self,
        address: str,
        kind: str = "look",
        accept: str = "application/json",
        act: tuple[str, dict[str, Any]] | None = None,
    ) -> str:
        """The page that was fetched; "" when the act over the socket told that nothing changed."""
        start = time.perf_counter()
        told = await self._told(kind, act)
        html = ""
        if told.get("same", bool(told)) is False:
            try:
                answer = await self.line.request(address, None, _headers(accept))
            except OSError:
                self.line.turn()
                return ""
            if answer.status >= 300:
                return ""
            html = answer.text
        kind = "recovery" if self.hall.recovers(start) else kind
        self.hall.spent[kind].append(time.perf_counter() - start)
        return html

    def close(self) -> None:
        if self.listening is not None:
            self.listening.cancel()
        self.line.close()


def _headers(accept: str) -> dict[str, str]:
    """As a page asks: for itself, or for what its scripts read."""
    return {"Accept": accept, **({"HX-Request": "true"} if accept == "text/html" else {})}


async def kill_and_restart(hall: Hall) -> None:
    """End the first web process without warning, and start it again."""
    start = hall.killed_at = time.perf_counter()
    await asyncio.to_thread(hall.servers[0].kill)
    await asyncio.sleep(OUTAGE)
    await asyncio.to_thread(hall.servers[0].start)
    hall.back_at = time.perf_counter()
    hall.restart = hall.back_at - start


async def close_hall(
    hall: Hall, running: list[asyncio.Task[None]], *, after: float, patience: float
) -> None:
    """Let people work for `after` seconds more, then wait `patience` seconds for the last answers.

    Raises what the work of one of them raised.
    """
    await asyncio.sleep(after)
    hall.closing.set()
    _done, late = await asyncio.wait(running, timeout=patience)
    hall.unanswered = len(late)
    hall.over = True
    for task in late:
        task.cancel()
    for task in running:
        if task.done() and not task.cancelled():
            task.result()


async def paced(hall: Hall, pace: float, act: Callable[[int], Awaitable[None]]) -> None:
    """Act about every `pace` seconds until the hall closes, each person at their own moment."""
    await asyncio.sleep(random.uniform(0, pace))
    for number in itertools.count(1):
        if hall.closing.is_set():
            return
        next_at = time.monotonic() + pace * random.uniform(0.8, 1.2)
        await act(number)
        await asyncio.sleep(max(0.0, next_at - time.monotonic()))


async def write_on(hall: Hall, candidate: dict[str, Any], turn: int = 0) -> None:
    """One candidate's page: a field for a while, then the next; now and then a look at the exam."""
    browser = Browser(hall, candidate["cookie"], turn=turn)
    sitting = candidate["sitting"]
    browser.follow(f"sitting:{sitting}")
    watching = asyncio.create_task(_watch(hall, browser, candidate))
    tab = f"{random.getrandbits(64)}"
    keys = [*candidate["fields"]]
    texts = {key: typed(random.randint(*LENGTH)) for key in keys}
    numbers = dict.fromkeys(keys, 0)
    lasts: dict[str, dict[str, Any]] = {}

    async def save(number: int) -> None:
        key = keys[number // 4 % len(keys)]
        texts[key] += random.choice(SENTENCES)
        version = {"base_seq": numbers[key], "client_id": f"{tab}:{number}"}
        body = {
            key: texts[key],
            "seq": str(numbers[key] + 1),
            **{name: str(value) for name, value in version.items()},
        }
        given = {"sitting": sitting, "key": key, "text": texts[key], **version}
        answer = await browser.write(
            "save", candidate["fields"][key], body, act=("room.save", given)
        )
        if answer is not None:
            numbers[key] = answer["seq"]
            lasts[key] = {
                "sitting": sitting,
                "key": key,
                "client": f"{tab}:{number}",
                "text": digest(texts[key]),
                "is_the_last": False,
            }
            hall.saves.append(lasts[key])

    await browser.opened.wait()
    await paced(hall, PACE, save)
    for told in lasts.values():
        told["is_the_last"] = True
    await watching
    browser.close()


async def _watch(hall: Hall, browser: Browser, candidate: dict[str, Any]) -> None:
    """The candidate's page compares its state with the server's."""
    end = asyncio.create_task(hall.closing.wait())
    await asyncio.sleep(random.uniform(0, LOOK))
    while not hall.closing.is_set():
        act = ("room.look", {"sitting": candidate["sitting"]})
        await browser.look(candidate["state"], act=act)
        await asyncio.wait([end], timeout=LOOK)
    end.cancel()


def typed(length: int) -> str:
    return ("".join(SENTENCES) * (length // 100))[:length]
