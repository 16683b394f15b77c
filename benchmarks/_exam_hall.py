"""What the benchmarks of an exam share: the browsers of a hall, what was sent and answered, the kill."""

import asyncio
import itertools
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks._exam_check import digest
from benchmarks._server import Server

PACE = 2.0  # seconds between two writes of one person
LOOK = 10.0  # seconds between two looks of a page at the state of the exam
CROWD = 3.0  # seconds after the restart in which the crowd passes
OUTAGE = 0.5  # seconds between the kill and the new start
SLOWEST = 10.0  # seconds before a request counts as failed
BACKOFF = (1.0, 2.0, 4.0, 8.0)  # as the pages wait before they send again
CSRF = "m" * 32
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
    """One person's browser: its cookie, and its way of sending until it is answered.

    It keeps to one web process, and goes to the next when that one does not answer, as a proxy in
    front of them would send it.
    """

    def __init__(
        self, hall: Hall, client: httpx.AsyncClient, cookie: str, *, turn: int = 0
    ) -> None:
        self.hall = hall
        self.client = client
        self.turn = turn
        self.cookie = cookie

    def _headers(self, accept: str) -> dict[str, str]:
        return {
            "Cookie": f"sessionid={self.cookie}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Origin": self._address,
            "Accept": accept,
            **({"HX-Request": "true"} if accept == "text/html" else {}),
        }

    @property
    def _address(self) -> str:
        return self.hall.servers[self.turn % len(self.hall.servers)].address

    async def write(
        self, kind: str, address: str, body: dict[str, str], accept: str = "application/json"
    ) -> httpx.Response | None:
        """Send until it is answered, unchanged; the answer, or None when it was refused."""
        for attempt in itertools.count():
            start = time.perf_counter()
            try:
                answer = await self.client.post(
                    self._address + address, data=body, headers=self._headers(accept)
                )
            except httpx.TransportError:
                answer = None
                self.turn += 1
            if answer is not None and answer.status_code < 500:
                kind = "recovery" if attempt or self.hall.recovers(start) else kind
                self.hall.spent[kind].append(time.perf_counter() - start)
                if answer.is_success:
                    return answer
                self.hall.refused += 1
                return None
            self.hall.sent_again += 1
            await asyncio.sleep(BACKOFF[min(attempt, len(BACKOFF) - 1)] * random.uniform(0.6, 1.0))
        return None

    async def look(
        self, address: str, kind: str = "look", accept: str = "application/json"
    ) -> None:
        start = time.perf_counter()
        try:
            answer = await self.client.get(self._address + address, headers=self._headers(accept))
        except httpx.TransportError:
            self.turn += 1
            return
        if answer.is_success:
            kind = "recovery" if self.hall.recovers(start) else kind
            self.hall.spent[kind].append(time.perf_counter() - start)


@asynccontextmanager
async def browsers() -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(limits=limits, timeout=SLOWEST, trust_env=False) as client:
        yield client


async def kill_and_restart(hall: Hall) -> None:
    """End the first web process without warning, and start it again."""
    start = hall.killed_at = time.perf_counter()
    await asyncio.to_thread(hall.servers[0].kill)
    await asyncio.sleep(OUTAGE)
    await asyncio.to_thread(hall.servers[0].start)
    hall.back_at = time.perf_counter()
    hall.restart = hall.back_at - start


async def paced(hall: Hall, pace: float, act: Callable[[int], Awaitable[None]]) -> None:
    """Act about every `pace` seconds until the hall closes, each person at their own moment."""
    await asyncio.sleep(random.uniform(0, pace))
    for number in itertools.count(1):
        if hall.closing.is_set():
            return
        next_at = time.monotonic() + pace * random.uniform(0.8, 1.2)
        await act(number)
        await asyncio.sleep(max(0.0, next_at - time.monotonic()))


async def write_on(
    hall: Hall, client: httpx.AsyncClient, candidate: dict[str, Any], turn: int = 0
) -> None:
    """One candidate types: a field for a while, then the next."""
    browser = Browser(hall, client, candidate["cookie"], turn=turn)
    tab = f"{random.getrandbits(64)}"
    keys = [*candidate["fields"]]
    texts = {key: typed(random.randint(*LENGTH)) for key in keys}
    numbers = dict.fromkeys(keys, 0)
    lasts: dict[str, dict[str, Any]] = {}

    async def save(number: int) -> None:
        key = keys[number // 4 % len(keys)]
        texts[key] += random.choice(SENTENCES)
        body = {
            key: texts[key],
            "seq": str(numbers[key] + 1),
            "base_seq": str(numbers[key]),
            "client_id": f"{tab}:{number}",
        }
        answer = await browser.write("save", candidate["fields"][key], body)
        if answer is not None:
            numbers[key] = answer.json()["seq"]
            lasts[key] = {
                "sitting": candidate["sitting"],
                "key": key,
                "client": body["client_id"],
                "text": digest(texts[key]),
                "is_the_last": False,
            }
            hall.saves.append(lasts[key])

    await paced(hall, PACE, save)
    for told in lasts.values():
        told["is_the_last"] = True


async def watch(
    hall: Hall, client: httpx.AsyncClient, candidate: dict[str, Any], turn: int = 0
) -> None:
    """The candidate's page compares its state with the server's."""
    browser = Browser(hall, client, candidate["cookie"], turn=turn)
    end = asyncio.create_task(hall.closing.wait())
    await asyncio.sleep(random.uniform(0, LOOK))
    while not hall.closing.is_set():
        await browser.look(candidate["state"])
        await asyncio.wait([end], timeout=LOOK)
    end.cancel()


def typed(length: int) -> str:
    return ("".join(SENTENCES) * (length // 100))[:length]
