"""What would make a plan possible, found by letting go of one limit at a time (OR-Tools CP-SAT)."""

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

from acquis.certification.planning.problem import (
    Panel,
    Problem,
    Room,
    Tell,
    Unplaceable,
    silent,
)
from acquis.certification.planning.solving import solve

SECONDS = 60.0  # spent on remedies altogether
QUICK = 0.1  # of shortening a day: here only whether it holds counts
NEW = -1  # key of what is added


def remedies(problem: Problem, *, seconds: float = SECONDS, tell: Tell = silent) -> list[str]:
    """The limits each of which, let go of alone, leaves a timetable; those tried in time."""
    until = monotonic() + seconds
    tries = list(_without_one_limit(problem))
    helpful = []
    for rank, (code, other) in enumerate(tries):
        if monotonic() > until:
            break
        tell("remedy", rank, len(tries))
        if _is_held(other):
            helpful.append(code)
    return helpful


def _is_held(problem: Problem) -> bool:
    try:
        solve(problem, day_seconds=QUICK)
    except Unplaceable:
        return False
    return True


def _without_one_limit(problem: Problem) -> Iterator[tuple[str, Problem]]:
    yield "jury_room", replace(problem, rooms=(*problem.rooms, Room(NEW)))
    if problem.panels:
        size = len(problem.panels[0].members)
        fresh = Panel(max(problem.panel_of) + 1, tuple(NEW - rank for rank in range(size)))
        yield "jury", replace(problem, panels=(*problem.panels, fresh))
    wider = tuple(replace(room, seats=2 * room.seats) for room in problem.rooms)
    yield "workstations", replace(problem, rooms=wider)
    if any(day.invigilators is not None for day in problem.days):
        watched = tuple(replace(day, invigilators=None) for day in problem.days)
        yield "invigilators", replace(problem, days=watched)
    if problem.most_a_day is not None:
        yield "most_a_day", replace(problem, most_a_day=None)
    if any(problem.away.values()) or any(sitter.away for sitter in problem.sitters):
        there = tuple(replace(sitter, away=frozenset()) for sitter in problem.sitters)
        yield "absences", replace(problem, away={}, sitters=there)
    if any(sitter.barred for sitter in problem.sitters):
        free = tuple(replace(sitter, barred=frozenset()) for sitter in problem.sitters)
        yield "links", replace(problem, sitters=free)
    for further in (1, 2, 4):
        longest = max(problem.days, key=lambda day: day.minutes)
        yield f"days_{further}", replace(problem, days=problem.days + (longest,) * further)
