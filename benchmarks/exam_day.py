"""A day of exams at full house: rooms of ten, their invigilators, their chats, one web process killed.

In each room eight candidates write, each text leaving every two seconds and their page looking at the state of
the exam every ten, over the page's socket, or by requests while none is open; two are in their exchanges, where a juror as the customer and the candidate on the private
desk each write every ten seconds; the invigilator's wall asks every five whether it is still true. On PostgreSQL two web
processes share Redis and a browser whose process does not answer goes to the other, as a proxy would send it;
on SQLite there is one. In the middle one process is killed without warning and started again. At the end every
acknowledged text and message is looked up in the database. `asked_per_s` is what candidates would save if
nothing made them wait: `saved_per_s` below it says that the hall is saturated. The browsers run in this process:
on two cores they take their part of what is measured (`pages_percent` of one core).
"""

import asyncio
import itertools
import json
import random
import re
import secrets
import sys
import time
from typing import Any

import psutil

from benchmarks._exam_hall import (
    PACE,
    SENTENCES,
    Browser,
    Hall,
    close_hall,
    kill_and_restart,
    paced,
    write_on,
)
from benchmarks._exam_price import priced
from benchmarks._figures import latencies
from benchmarks._house import house, serving

NAME = "exam_day"
TITLE = "a day of exams in rooms of ten, one web process killed in the middle; size = candidates"
SIZES = (60, 200, 1000)
BEFORE = 12.0  # seconds before a process is killed
AFTER = 10.0  # seconds of work once it is back
PATIENCE = 60.0  # seconds that the last answers may take
WALL = 5.0  # seconds between two looks of an invigilator
SPEECH = 10.0  # seconds between two messages of one side of a chat
MARK = re.compile(r'data-mark="([^"]*)"')
POSITION = re.compile(r'data-position="(\d+)"')


def run(size: int, engine: str) -> dict[str, float]:
    with house(engine) as (where, count):
        people = json.loads(where.run("-m", "benchmarks._exam_day_room", str(size)))
        with serving(where, count) as servers:
            hall = Hall(servers)
            used = asyncio.run(_hold(hall, people))
        told = where.folder / "told.json"
        told.write_text(
            json.dumps({"saves": hall.saves, "marks": [], "said": hall.said}), encoding="utf-8"
        )
        found = json.loads(where.run("-m", "benchmarks._exam_check", str(told)))
        return _figures(hall, people) | used | found | priced(where, people)


def _figures(hall: Hall, people: dict[str, Any]) -> dict[str, float]:
    return {
        **latencies(hall.spent["save"], "autosave_"),
        **latencies(hall.spent["wall"], "wall_"),
        **latencies(hall.spent["said"], "said_"),
        **latencies(hall.spent["look"], "look_"),
        **latencies(hall.spent["recovery"], "recovery_"),
        "asked_per_s": round(len(people["candidates"]) / PACE, 1),
        "chats_count": len(people["talkers"]),
        "invigilators_count": len(people["invigilators"]),
        "acknowledged_count": len(hall.saves) + len(hall.said),
        "sent_again_count": hall.sent_again,
        "refused_count": hall.refused,
        "unanswered_count": hall.unanswered,
        "restart_s": round(hall.restart, 2),
    }


async def _hold(hall: Hall, people: dict[str, Any]) -> dict[str, float]:
    """Let everybody work; what they saved and used before the kill."""
    turns = itertools.count()
    work = [write_on(hall, one, next(turns)) for one in people["candidates"]]
    work += [_watch_the_wall(hall, one, next(turns)) for one in people["invigilators"]]
    for one in people["talkers"]:
        work += [_speak(hall, one, side, next(turns)) for side in ("juror", "candidate")]
    running = [asyncio.create_task(one) for one in work]
    await asyncio.sleep(PACE)
    begun, saved, before = time.perf_counter(), len(hall.saves), _processor(hall)
    await asyncio.sleep(BEFORE)
    lasted, saved = time.perf_counter() - begun, len(hall.saves) - saved
    used = {name: spent - before[name] for name, spent in _processor(hall).items()}
    await kill_and_restart(hall)
    await close_hall(hall, running, after=AFTER, patience=PATIENCE)
    if used["pages"] > 0.6 * lasted:
        print(
            "The browsers took more than half a core: a part of the times is theirs.",
            file=sys.stderr,
        )
    return {
        "saved_per_s": round(saved / lasted, 1),
        "web_percent": round(100 * used["web"] / lasted, 1),
        "pages_percent": round(100 * used["pages"] / lasted, 1),
    }


def _processor(hall: Hall) -> dict[str, float]:
    """Seconds of processor that the web processes and this one have used."""
    spent = {"web": 0.0, "pages": sum(psutil.Process().cpu_times()[:2])}
    for one in hall.servers:
        spent["web"] += sum(psutil.Process(one.pid).cpu_times()[:2])
    return spent


async def _watch_the_wall(hall: Hall, invigilator: dict[str, Any], turn: int) -> None:
    """As `sittings/wall.js`: fetched at first and when something changed, else a word over the socket."""
    browser = Browser(hall, invigilator["cookie"], turn=turn)
    browser.follow(f"session:{invigilator['session']}")
    mark = ""

    async def renew(_number: int) -> None:
        nonlocal mark
        shown = {"session": invigilator["session"], "mark": mark}
        act = ("wall.look", shown) if mark else None
        html = await browser.look(invigilator["wall"], "wall", "text/html", act)
        found = MARK.search(html)
        mark = found[1] if found else mark

    await paced(hall, WALL, renew)
    browser.close()


async def _speak(hall: Hall, talk: dict[str, Any], side: str, turn: int) -> None:
    """One side of a chat writes, each message under its own key until it is acknowledged."""
    browser = Browser(hall, talk[side]["cookie"], turn=turn)
    shown = [0]  # positions of the thread that the page has, the last one last
    if "act" in talk[side]:
        browser.follow(f"conversation:{talk['conversation']}")

    async def say(number: int) -> None:
        key = secrets.token_hex(16)
        body = {"body": f"{number} · {random.choice(SENTENCES)}".strip(), "client_key": key}
        act = None
        if "act" in talk[side]:
            act = "conversation.send", {**talk[side]["act"], **body, "after": shown[-1]}
        told = await browser.write("said", talk[side]["say"], body, "text/html", act)
        if told is not None:
            shown.extend(int(one) for one in POSITION.findall(str(told.get("lines", ""))))
            hall.said.append(
                {"conversation": talk["conversation"], "key": key, "body": body["body"]}
            )

    await paced(hall, SPEECH, say)
