"""A season of a title and two of its blocks, planned together before the same juries."""

from tests.certification.planning.instances import shared_season

from benchmarks import planning

NAME = "planning_shared"
TITLE = "a timetable of three exams that share juries, rooms and days, and its bound"
SIZES = planning.SIZES


def run(size: int, engine: str) -> dict[str, float]:
    """`size` is one of SIZES; no database is asked, whatever the engine."""
    del engine
    return planning.measured(shared_season(size))
