"""A desk full of chats: advisers who answer, visitors who write, one web process killed.

For each adviser two chats and a half. A visitor writes every ten seconds, an adviser every four, each
message under its own key, sent again until it is acknowledged. Advisers' pages and widgets behave as their
scripts do (`_conversations_adviser`, `_conversations_visitor`): they speak over their sockets, hear the lines there, tell what was read,
and go by requests when no socket answers. On
PostgreSQL two web processes share Redis; on SQLite there is one. In the middle one process is killed without
warning and started again. At the end every acknowledged message is looked up in the database.

`delivery_…` runs from the answer that acknowledges a message to the moment when the other side's page has it:
in the widget, in the thread shown, or in the queue when the adviser looks at another exchange. What the kill
disturbs is told apart, as `recovery_…`. The pages run in this process: on two cores they take their part of
what is measured (`pages_percent` of one core, `pages_processor_ms` a message, which are no cost of the desk). `asked_per_s` is what they would write if nothing made them wait:
`written_per_s` below it says that the desk is saturated. `requests_count` and `acts_count` are those of one
message in the measured time, over HTTP and over sockets.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psutil
import uvloop

from benchmarks._conversations_adviser import ADVISER_PACE, AdviserPage
from benchmarks._conversations_hall import Hall
from benchmarks._conversations_visitor import VISITOR_PACE, VisitorPage
from benchmarks._figures import latencies
from benchmarks._house import house, serving
from benchmarks._server import Place, Server

NAME = "conversations"
TITLE = "chats at full house, one web process killed in the middle; size = advisers (5 chats for 2)"
SIZES = (20, 50, 200)
WARMING = 3.0  # seconds of work that are not measured
BEFORE = 12.0  # seconds measured before a process is killed
AFTER = 8.0  # seconds of work once it is back
OUTAGE = 0.5  # seconds between the kill and the new start
PATIENCE = 68.0  # seconds that the last messages may take to be shown: past every heartbeat
FILES = 16_384  # open at most: two connections a page, in this process and in the web processes
OPENING = 12  # pages that open at the same time


def run(size: int, engine: str) -> dict[str, float]:
    _open_many_files()
    with house(engine) as (where, count):
        chats = size * 5 // 2
        people = json.loads(
            where.run("-m", "benchmarks._conversations_desk", str(size), str(chats))
        )
        with serving(where, count) as servers:
            hall = Hall(servers)
            watch = Watch(servers, engine, where)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_hold(hall, watch, people))
        told = where.folder / "told.json"
        rows = [(one.conversation, one.key, one.body) for one in hall.written.values()]
        told.write_text(json.dumps(rows), encoding="utf-8")
        found: dict[str, float] = json.loads(
            where.run("-m", "benchmarks._conversations_check", str(told))
        )
    if watch.share("pages") > 60:
        print(
            "The pages took more than half a core: a part of the delay is theirs.", file=sys.stderr
        )
    return _delivered(hall) | found | watch.figures(hall) | _kinds(hall)


def _open_many_files() -> None:
    """Let this process, and those it starts, hold the connections of every page."""
    _now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


@dataclass
class Watch:
    """Processor time and memory of the web processes, of the database and of the pages."""

    servers: Sequence[Server]
    engine: str
    where: Place
    used: dict[str, float] = field(default_factory=dict)
    begun: dict[str, float] = field(default_factory=dict)
    begun_at: float = 0.0
    lasted: float = 0.0
    connection_bytes: float = 0.0
    connections: int = 0
    restart: float = 0.0
    asked: float = 0.0
    asked_for: dict[str, int] = field(default_factory=dict)  # requests and acts, while it watches

    def memory(self) -> int:
        return sum(int(psutil.Process(one.pid).memory_info().rss) for one in self.servers)

    def begin(self, hall: Hall) -> None:
        self.begun, self.begun_at = self._times(), time.perf_counter()
        self.asked_for = dict(hall.asked_for)

    def end(self, hall: Hall) -> None:
        now = self._times()
        self.asked_for = {
            kind: count - self.asked_for.get(kind, 0) for kind, count in hall.asked_for.items()
        }
        self.lasted = time.perf_counter() - self.begun_at
        self.used = {name: now[name] - self.begun[name] for name in now}

    def _times(self) -> dict[str, float]:
        return {
            "web": sum(_time(psutil.Process(one.pid)) for one in self.servers),
            "pages": _time(psutil.Process()),
            "redis": sum(_time(one) for one in _children("redis-server")),
            "database": sum(_time(one) for one in self._database()),
        }

    def _database(self) -> list[psutil.Process]:
        """PostgreSQL's processes, where it runs on this machine."""
        port = str(urlsplit(self.where.environment["ACQUIS_DATABASE_URL"]).port)
        found = []
        for one in psutil.process_iter(["name", "cmdline"]):
            if one.info["name"] == "postgres" and port in (one.info["cmdline"] or ()):
                found += [one, *one.children()]
        return found

    def share(self, name: str) -> float:
        return round(100 * self.used.get(name, 0) / (self.lasted or 1), 1)

    def figures(self, hall: Hall) -> dict[str, float]:
        within = [
            one
            for one in hall.written.values()
            if self.begun_at <= one.at < self.begun_at + self.lasted
        ]
        count = len(within) or 1
        return {
            "asked_per_s": round(self.asked, 1),
            "written_per_s": round(len(within) / (self.lasted or 1), 1),
            "requests_count": round(self.asked_for.get("http", 0) / count, 2),
            "acts_count": round(self.asked_for.get("socket", 0) / count, 2),
            "web_processor_ms": round(1000 * self.used["web"] / count, 1),
            "database_processor_ms": round(1000 * self.used["database"] / count, 1),
            "redis_processor_ms": round(1000 * self.used["redis"] / count, 1),
            "pages_processor_ms": round(1000 * self.used["pages"] / count, 1),
            "web_percent": self.share("web"),
            "database_percent": self.share("database"),
            "pages_percent": self.share("pages"),
            "connections_count": self.connections,
            "connection_bytes": round(self.connection_bytes),
            "restart_s": round(self.restart, 2),
        }


def _children(name: str) -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if one.name() == name]


def _time(process: psutil.Process) -> float:
    try:
        spent = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(spent.user + spent.system)


async def _hold(hall: Hall, watch: Watch, people: dict[str, Any]) -> None:
    advisers = [
        AdviserPage(hall, number, one, people["workspace"])
        for number, one in enumerate(people["advisers"])
    ]
    visitors = [
        VisitorPage(hall, number // len(advisers), one, people["site"])
        for number, one in enumerate(people["visitors"])
    ]
    pages: list[AdviserPage | VisitorPage] = [*advisers, *visitors]
    await _open(advisers, visitors)
    before = watch.memory()
    for page in pages:
        page.follow()
        await asyncio.sleep(0.002)
    await asyncio.gather(*(page.opened.wait() for page in pages))
    await asyncio.sleep(0.5)
    watch.connections = len(pages)
    watch.asked = len(advisers) / ADVISER_PACE + len(visitors) / VISITOR_PACE
    watch.connection_bytes = max(0, watch.memory() - before) / len(pages)
    hall.spent.clear()
    working = [asyncio.create_task(page.work()) for page in pages]
    await asyncio.sleep(WARMING)
    watch.begin(hall)
    await asyncio.sleep(BEFORE)
    watch.end(hall)
    await _kill_and_restart(hall, watch)
    await asyncio.sleep(AFTER)
    hall.closing.set()
    await _until_shown(hall, working)
    hall.over = True
    for task in working:
        task.cancel()
    for page in pages:
        page.close()
    for failed in await asyncio.gather(*working, return_exceptions=True):
        if isinstance(failed, Exception):
            raise failed


async def _open(advisers: Sequence[AdviserPage], visitors: Sequence[VisitorPage]) -> None:
    """Every page, as a browser opens it; a few at a time."""
    room = asyncio.Semaphore(OPENING)

    pages: list[AdviserPage | VisitorPage] = [*advisers, *visitors]

    async def arrive(page: AdviserPage | VisitorPage) -> None:
        async with room:
            if isinstance(page, VisitorPage):
                await page.look()
            else:
                await page.be_present()
                await page.open(page.chats[0])

    await asyncio.gather(*(arrive(page) for page in pages))


async def _kill_and_restart(hall: Hall, watch: Watch) -> None:
    killed = hall.servers[-1]
    hall.killed_at = time.perf_counter()
    await asyncio.to_thread(killed.kill)
    await asyncio.sleep(OUTAGE)
    await asyncio.to_thread(killed.start)
    hall.back_at = time.perf_counter()
    watch.restart = hall.back_at - hall.killed_at


async def _until_shown(hall: Hall, working: Sequence["asyncio.Task[None]"]) -> None:
    """Let what was begun end, and what was written be shown."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        shown = all(one.shown_at is not None for one in hall.written.values())
        if shown and all(task.done() for task in working):
            return
        await asyncio.sleep(0.1)


def _delivered(hall: Hall) -> dict[str, float]:
    calm = [one for one in hall.written.values() if not hall.recovers(one.at)]
    troubled = [one for one in hall.written.values() if hall.recovers(one.at)]

    def spent(found: list[Any], by: str = "") -> list[float]:
        return [
            one.shown_at - one.at
            for one in found
            if one.shown_at is not None and by in ("", one.shown_by)
        ]

    return {
        **latencies(spent(calm), "delivery_"),
        **_half(spent(calm, "visitor"), "to_visitor_"),
        **_half(spent(calm, "thread"), "to_thread_"),
        **_half(spent(calm, "queue"), "to_queue_"),
        **_half(spent(troubled), "recovery_"),
        "acknowledged_count": len(hall.written),
        "sent_again_count": hall.sent_again,
        "refused_count": hall.refused,
        "undelivered_count": sum(one.shown_at is None for one in hall.written.values()),
    }


def _half(seconds: Sequence[float], prefix: str) -> dict[str, float]:
    found = latencies(seconds, prefix)
    return {name: value for name, value in found.items() if "p50" in name or "p95" in name}


def _kinds(hall: Hall) -> dict[str, float]:
    """For each kind of request: how many, how long each, its part of all the time waited."""
    total = sum(sum(seconds) for seconds in hall.spent.values()) or 1
    found: dict[str, float] = {}
    for kind, seconds in sorted(hall.spent.items(), key=lambda one: -sum(one[1])):
        found[f"{kind}_count"] = len(seconds)
        found |= {f"{kind}_p50_ms": latencies(seconds)["p50_ms"]}
        found[f"{kind}_percent"] = round(100 * sum(seconds) / total, 1)
    return found
