"""Twelve jurors mark every criterion of every candidate as fast as they are answered, the server killed.

Each juror's tablet sends one mark at a time, as the grid's page does: a verdict, an observation, the
next as soon as this one is acknowledged, and the same again, unchanged, when it is not. When a third
of the marks are in, the server is killed without warning and started again. At the end every
acknowledged mark is looked up in the database, and every grid must hold all its verdicts.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from typing import Any

from benchmarks._exam_check import digest
from benchmarks._exam_hall import SENTENCES, SLOWEST, Browser, Hall, kill_and_restart
from benchmarks._exam_price import priced
from benchmarks._figures import latencies
from benchmarks._server import place, server

NAME = "grading"
TITLE = "12 jurors who each mark 53 criteria of every candidate at full speed; size = candidates"
SIZES = (10, 60)
JURORS = 12
KILLED_AT = 1 / 3  # of the marks


def run(size: int, engine: str) -> dict[str, float]:
    """`size` candidates: 636 marks each."""
    with place(engine) as where:
        people = json.loads(where.run("-m", "benchmarks._grading_room", str(size), str(JURORS)))
        asked = sum(len(grid["criteria"]) for one in people["jurors"] for grid in one["grids"])
        with server(where) as serving:
            hall = Hall([serving])
            start = time.perf_counter()
            asyncio.run(_mark_all(hall, people, asked))
            spent = time.perf_counter() - start
        told = where.folder / "told.json"
        told.write_text(json.dumps({"saves": [], "marks": hall.marks}), encoding="utf-8")
        found = json.loads(where.run("-m", "benchmarks._exam_check", str(told)))
        figures = {
            **latencies(hall.spent["mark"], "mark_"),
            **latencies(hall.spent["recovery"], "recovery_"),
            "marks_per_s": round(len(hall.marks) / (spent - hall.restart), 1),
            "whole_s": round(spent, 1),
            "restart_s": round(hall.restart, 2),
            "acknowledged_count": len(hall.marks),
            "unmarked_lost_count": asked - len(hall.marks),
            "sent_again_count": hall.sent_again,
            "refused_count": hall.refused,
        }
        return figures | found | priced(where, people)


async def _mark_all(hall: Hall, people: dict[str, Any], asked: int) -> None:
    third = asyncio.Event()

    def told() -> None:
        if len(hall.marks) >= asked * KILLED_AT:
            third.set()

    running = [asyncio.create_task(_mark(hall, one, told)) for one in people["jurors"]]
    await third.wait()
    await kill_and_restart(hall)
    await asyncio.gather(*running)


async def _mark(hall: Hall, juror: dict[str, Any], told: Callable[[], None]) -> None:
    """One juror goes down their grids, criterion after criterion."""
    browser = Browser(hall, juror["cookie"])
    browser.line.slowest = SLOWEST
    tab = f"{random.getrandbits(32)}-{random.getrandbits(32)}"
    for grid in juror["grids"]:
        for number, criterion in enumerate(grid["criteria"]):
            observation = f"{number} · {random.choice(SENTENCES)}"
            body = {
                "criterion": criterion,
                "verdict": random.choice(("acquired", "acquired", "acquired", "not_acquired")),
                "observation": observation,
                "seq": "0",
                "client_id": f"{tab}:{grid['grid']}:{number}",
            }
            answer = await browser.write("mark", grid["address"], body)
            if answer is not None:
                hall.marks.append(
                    {
                        "grid": grid["grid"],
                        "criterion": criterion,
                        "seq": answer["seq"],
                        "text": digest(observation),
                    }
                )
                told()
    browser.close()
