"""An exam at full house: candidates whose texts are saved, jurors who mark, the server killed.

Every person has their own browser's habits: a candidate's text leaves every two seconds, longer
each time, and their page looks at the state of the exam every ten; a juror marks a criterion every
two seconds. What is not acknowledged is sent again, unchanged, as the pages do. In the middle the
server is killed without warning and started again; at the end every acknowledged write is looked
up in the database. What had to be sent again after the kill arrives as a crowd: the times of
the three seconds in which it passes are told apart, as `recovery`.
"""

import asyncio
import json
import random
from typing import Any

from benchmarks._exam_check import digest
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
from benchmarks._server import place, server

NAME = "exam"
TITLE = "an exam at full house, the server killed in the middle; size = candidates (a juror for 5)"
SIZES = (10, 60, 120)
BEFORE = 10.0  # seconds before the server is killed
AFTER = 8.0  # seconds of work once it is back
PATIENCE = 20.0  # seconds that the last answers may take


def run(size: int, engine: str) -> dict[str, float]:
    jurors = max(2, size // 5 // 2 * 2)
    with place(engine) as where:
        people = json.loads(where.run("-m", "benchmarks._exam_room", str(size), str(jurors)))
        with server(where) as serving:
            hall = Hall([serving])
            asyncio.run(_hold(hall, people))
        told = where.folder / "told.json"
        told.write_text(json.dumps({"saves": hall.saves, "marks": hall.marks}), encoding="utf-8")
        found = json.loads(where.run("-m", "benchmarks._exam_check", str(told)))
        return _figures(hall) | found | priced(where, people)


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


async def _hold(hall: Hall, people: dict[str, Any]) -> None:
    work = [write_on(hall, one) for one in people["candidates"]]
    work += [_mark(hall, one) for one in people["jurors"]]
    running = [asyncio.create_task(one) for one in work]
    await asyncio.sleep(BEFORE)
    await kill_and_restart(hall)
    await close_hall(hall, running, after=AFTER, patience=PATIENCE)


async def _mark(hall: Hall, juror: dict[str, Any]) -> None:
    """One juror goes down the grids: a verdict, an observation, the next criterion."""
    browser = Browser(hall, juror["cookie"])
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

    await paced(hall, PACE, mark)
