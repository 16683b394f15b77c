"""Invented timetables to make: the title of TP-00483 by its minutes (X-04), and a short oral exam."""

import math
from dataclasses import replace
from random import Random
from typing import Any

from acquis.certification.planning.problem import Day, Exam, Panel, Problem, Room, Sitter, Step

LUNCH = (750, 810)
DAY = Day(510, 1110, (LUNCH,))  # 8:30 to 18:30


def title_exam(extra: float = 0) -> Exam:
    """75 minutes written, then 45 to prepare, 60 of exchanges, 10 to prepare, 20 and 15 of interview."""

    def own(minutes: int) -> int:
        return math.ceil(minutes * (1 + extra))

    return Exam(
        together=(Step("roleplay.1", own(75), seat=True),),
        alone=(
            Step("roleplay.2", own(45), seat=True),
            Step("roleplay.3", own(60), jury=True),
            Step("technical_interview.1", own(10), seat=True),
            Step("technical_interview.2", own(20), jury=True),
            Step("final_interview.1", own(15), jury=True),
        ),
        marking=15,
        marked_before="technical_interview.2",
    )


def oral(minutes: int = 60) -> Exam:
    return Exam((), (Step("oral_defence.1", minutes, jury=True),))


def problem(**fields: Any) -> Problem:
    """Six candidates, two juries of two, two days, one exam room of four and two jury rooms."""
    exam = fields.pop("exam", None) or title_exam()
    values: dict[str, Any] = {
        "sitters": tuple(Sitter(number, exam) for number in range(1, 7)),
        "panels": (Panel(1, (11, 12)), Panel(2, (21, 22))),
        "rooms": (Room(1, 4), Room(101), Room(102)),
        "days": (DAY, DAY),
    }
    return Problem(**(values | fields))


def block_exam(exchanges: int = 15) -> Exam:
    """75 minutes written, then 15 to prepare, exchanges, 10 to prepare, 15 of interview: as CCP1."""
    return Exam(
        together=(Step("roleplay.1", 75, seat=True),),
        alone=(
            Step("roleplay.2", 15, seat=True),
            Step("roleplay.3", exchanges, jury=True),
            Step("technical_interview.1", 10, seat=True),
            Step("technical_interview.2", 15, jury=True),
        ),
        marking=15,
        marked_before="technical_interview.2",
    )


def shared_season(candidates: int) -> Problem:
    """The same season, half of it titles, a quarter of each block; half of the juries hear all three."""
    asked = season(candidates)
    exams = (title_exam(), block_exam(), title_exam(), block_exam(45))
    benches = (1, 2, 1, 3)
    return replace(
        asked,
        sitters=tuple(
            replace(sitter, exam=exams[sitter.key % 4], bench=benches[sitter.key % 4])
            for sitter in asked.sitters
        ),
        panels=tuple(
            replace(
                panel,
                unfit=frozenset((3, day) for day in range(len(asked.days)) if panel.key % 2),
            )
            for panel in asked.panels
        ),
    )


def season(candidates: int, seed: int = 2) -> Problem:
    """A season of titles: one candidate in ten with a third more time, jurors shared and away at times.

    12 candidates: 4 juries of 12 jurors, 60: 6 of 16, 200: 12 of 30, each with two links that bar.
    """
    juries, jurors, days, rooms = {12: (4, 12, 4, 1), 60: (6, 16, 8, 2), 200: (12, 30, 13, 4)}[
        candidates
    ]
    random = Random(seed)  # noqa: S311  an instance to try, nothing secret
    people = range(jurors)
    panels = tuple(
        Panel(number, tuple(random.sample(people, random.choice((2, 2, 3)))))
        for number in range(juries)
    )
    away = {
        juror: frozenset(day for day in range(days) if random.random() < 0.12) for juror in people
    }
    usual, longer = title_exam(), title_exam(1 / 3)
    sitters = tuple(
        Sitter(number, usual if number % 10 else longer, frozenset(random.sample(people, 2)))
        for number in range(candidates)
    )
    jury_rooms = {12: 2, 60: 4, 200: 6}[candidates]
    return Problem(
        sitters=sitters,
        panels=panels,
        rooms=(
            *(Room(number, 6) for number in range(rooms)),
            *(Room(100 + number) for number in range(jury_rooms)),
        ),
        days=(DAY,) * days,
        away=away,
        turnover=5,
    )
