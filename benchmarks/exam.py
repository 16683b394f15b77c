"""An exam at full house: candidates whose texts are saved, jurors who mark, the server killed.

Every person has their own browser's habits: a candidate's text leaves every two seconds, longer
each time, and their page looks at the state of the exam every ten; a juror marks a criterion every
two seconds. What is not acknowledged is sent again, unchanged, as the pages do. In the middle the
server is killed without warning and started again; at the end every acknowledged write is looked
up in the database. What had to be sent again after the kill arrives as a crowd: the times of
the three seconds in which it passes are told apart, as `recovery`.
"""

import asyncio
import itertools
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks._exam_check import digest
from benchmarks._figures import latencies
from benchmarks._server import Place, Server, place, server

NAME = "exam"
TITLE = "an exam at full house, the server killed in the middle; size = candidates (a juror for 5)"
SIZES = (10, 60, 120)
PACE = 2.0  # seconds between two writes of one person
LOOK = 10.0  # seconds between two looks of a page at the state of the exam
BEFORE = 10.0  # seconds before the server is killed
AFTER = 8.0  # seconds of work once it is back
CROWD = 3.0  # seconds after the restart in which the crowd passes
OUTAGE = 0.5  # seconds between the kill and the new start
PATIENCE = 20.0  # seconds that the last answers may take
BACKOFF = (1.0, 2.0, 4.0, 8.0)  # as the pages wait before they send again
CSRF = "m" * 32
LENGTH = (200, 2_400)  # characters of the first text that a field sends
SENTENCES = (
    "Le client signale que sa commande lui est parvenue incomplète. ",
    "Il demande une livraison du complément avant la fin de la semaine. ",
    "Le suivi du transporteur confirme deux colis sur trois. ",
    "Une réponse écrite lui a été promise sous quarante-huit heures. ",
)


def run(size: int, engine: str) -> dict[str, float]:
    jurors = max(2, size // 5 // 2 * 2)
    with place(engine) as where:
        people = json.loads(where.run("-m", "benchmarks._exam_room", str(size), str(jurors)))
        with server(where) as serving:
            hall = Hall(serving)
            asyncio.run(_hold(hall, people))
        told = where.folder / "told.json"
        told.write_text(json.dumps({"saves": hall.saves, "marks": hall.marks}), encoding="utf-8")
        found = json.loads(where.run("-m", "benchmarks._exam_check", str(told)))
        return _figures(hall) | found | _price(where, people)


def _figures(hall: "Hall") -> dict[str, float]:
    return {
        **latencies(hall.spent["save"], "autosave_"),
        **latencies(hall.spent["mark"], "mark_"),
        **latencies(hall.spent["look"], "look_"),
        **latencies(hall.spent["recovery"], "recovery_"),
        "acknowledged_count": len(hall.saves) + len(hall.marks),
        "sent_again_count": hall.sent_again,
        "refused_count": hall.refused,
        "unanswered_count": hall.unanswered,
        "restart_s": round(hall.restart, 2),
    }


def _price(where: Place, people: dict[str, Any]) -> dict[str, float]:
    """What one more save and one more mark cost, in a process of their own."""
    priced = where.folder / "people.json"
    priced.write_text(json.dumps(people), encoding="utf-8")
    found: dict[str, float] = json.loads(where.run("-m", "benchmarks._exam_price", str(priced)))
    return found


@dataclass
class Hall:
    """The server, and all that was sent to it and answered."""

    serving: Server
    saves: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    spent: dict[str, list[float]] = field(
        default_factory=lambda: {"save": [], "mark": [], "look": [], "recovery": []}
    )
    restart: float = 0.0
    back_at: float = 0.0
    sent_again: int = 0
    refused: int = 0
    unanswered: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def recovers(self, sent_at: float) -> bool:
        return self.back_at <= sent_at < self.back_at + CROWD


class Browser:
    """One person's browser: its cookie, and its way of sending until it is answered."""

    def __init__(self, hall: Hall, client: httpx.AsyncClient, cookie: str) -> None:
        self.hall = hall
        self.client = client
        self.headers = {
            "Cookie": f"sessionid={cookie}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Origin": hall.serving.address,
            "Accept": "application/json",
        }

    async def write(self, kind: str, address: str, body: dict[str, str]) -> dict[str, Any] | None:
        """Send until it is answered, unchanged; the answer, or None when it was refused."""
        for attempt in itertools.count():
            start = time.perf_counter()
            try:
                answer = await self.client.post(address, data=body, headers=self.headers)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code < 500:
                kind = "recovery" if attempt or self.hall.recovers(start) else kind
                self.hall.spent[kind].append(time.perf_counter() - start)
                if answer.is_success:
                    return dict(answer.json())
                self.hall.refused += 1
                return None
            self.hall.sent_again += 1
            await asyncio.sleep(BACKOFF[min(attempt, len(BACKOFF) - 1)] * random.uniform(0.6, 1.0))
        return None

    async def look(self, address: str) -> None:
        start = time.perf_counter()
        try:
            answer = await self.client.get(address, headers=self.headers)
        except httpx.TransportError:
            return
        if answer.is_success:
            self.hall.spent["look"].append(time.perf_counter() - start)


async def _hold(hall: Hall, people: dict[str, Any]) -> None:
    async with _browsers(hall) as client:
        work = [
            task
            for one in people["candidates"]
            for task in (_write(hall, client, one), _watch(hall, client, one))
        ]
        work += [_mark(hall, client, one) for one in people["jurors"]]
        running = [asyncio.create_task(one) for one in work]
        await asyncio.sleep(BEFORE)
        await _kill_and_restart(hall)
        await asyncio.sleep(AFTER)
        hall.closing.set()
        _done, late = await asyncio.wait(running, timeout=PATIENCE)
        hall.unanswered = len(late)
        for task in late:
            task.cancel()
        for task in running:
            if task.done() and not task.cancelled():
                task.result()


@asynccontextmanager
async def _browsers(hall: Hall) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(
        base_url=hall.serving.address, limits=limits, timeout=10, trust_env=False
    ) as client:
        yield client


async def _kill_and_restart(hall: Hall) -> None:
    start = time.perf_counter()
    await asyncio.to_thread(hall.serving.kill)
    await asyncio.sleep(OUTAGE)
    await asyncio.to_thread(hall.serving.start)
    hall.back_at = time.perf_counter()
    hall.restart = hall.back_at - start


async def _paced(hall: Hall, pace: float, act: Callable[[int], Awaitable[None]]) -> None:
    """Act about every `pace` seconds until the hall closes, each person at their own moment."""
    await asyncio.sleep(random.uniform(0, pace))
    for number in itertools.count(1):
        if hall.closing.is_set():
            return
        next_at = time.monotonic() + pace * random.uniform(0.8, 1.2)
        await act(number)
        await asyncio.sleep(max(0.0, next_at - time.monotonic()))


async def _write(hall: Hall, client: httpx.AsyncClient, candidate: dict[str, Any]) -> None:
    """One candidate types: a field for a while, then the next."""
    browser = Browser(hall, client, candidate["cookie"])
    tab = f"{random.getrandbits(64)}"
    keys = [*candidate["fields"]]
    texts = {key: _typed(random.randint(*LENGTH)) for key in keys}
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
            numbers[key] = answer["seq"]
            lasts[key] = {
                "sitting": candidate["sitting"],
                "key": key,
                "client": body["client_id"],
                "text": digest(texts[key]),
                "is_the_last": False,
            }
            hall.saves.append(lasts[key])

    await _paced(hall, PACE, save)
    for told in lasts.values():
        told["is_the_last"] = True


async def _watch(hall: Hall, client: httpx.AsyncClient, candidate: dict[str, Any]) -> None:
    """The candidate's page compares its state with the server's."""
    browser = Browser(hall, client, candidate["cookie"])
    end = asyncio.create_task(hall.closing.wait())
    await asyncio.sleep(random.uniform(0, LOOK))
    while not hall.closing.is_set():
        await browser.look(candidate["state"])
        await asyncio.wait([end], timeout=LOOK)
    end.cancel()


async def _mark(hall: Hall, client: httpx.AsyncClient, juror: dict[str, Any]) -> None:
    """One juror goes down the grids: a verdict, an observation, the next criterion."""
    browser = Browser(hall, client, juror["cookie"])
    tab = f"{random.getrandbits(32)}-{random.getrandbits(32)}"
    places = [(grid, criterion) for grid in juror["grids"] for criterion in grid["criteria"]]
    numbers = dict.fromkeys(((grid["grid"], criterion) for grid, criterion in places), 0)

    async def mark(number: int) -> None:
        grid, criterion = places[number % len(places)]
        place_of = (grid["grid"], criterion)
        observation = f"{number} · {random.choice(SENTENCES)}"
        body = {
            "criterion": criterion,
            "verdict": random.choice(("acquired", "not_acquired")),
            "observation": observation,
            "seq": str(numbers[place_of]),
            "client_id": f"{tab}:{number}",
        }
        answer = await browser.write("mark", grid["address"], body)
        if answer is not None:
            numbers[place_of] = answer["seq"]
            hall.marks.append(
                {
                    "grid": grid["grid"],
                    "criterion": criterion,
                    "seq": answer["seq"],
                    "text": digest(observation),
                }
            )

    await _paced(hall, PACE, mark)


def _typed(length: int) -> str:
    return ("".join(SENTENCES) * (length // 100))[:length]
