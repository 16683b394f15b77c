"""Rooms and invigilators of a timetable whose hours are known; pure.

Workstations are alike, so stays are given rooms in the order of their beginning, into the room
already watched that has one free: a greedy choice that never fails while no more people sit at once
than there are workstations, and that opens a further room, and calls a further invigilator, only when
all the watched ones are full.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from acquis.certification.planning.problem import Duty, Placed, Problem, Unplaceable


def with_rooms(problem: Problem, placed: Iterable[Placed]) -> list[Placed]:
    """The same with a room for each stay and each jury. Raises Unplaceable(`capacity`)."""
    by_day: dict[int, list[Placed]] = defaultdict(list)
    for one in placed:
        by_day[one.day].append(one)
    rows: list[Placed] = []
    for _day, those in sorted(by_day.items()):
        rows += _seated(problem, _with_juries(problem, those))
    return sorted(rows, key=lambda one: (one.day, one.panel, one.alone_at, one.sitter))


def _with_juries(problem: Problem, rows: Sequence[Placed]) -> list[Placed]:
    panels = sorted({one.panel for one in rows})
    rooms = [room.key for room in problem.jury_rooms]
    if len(panels) > len(rooms):
        raise Unplaceable("capacity")
    room_of = dict(zip(panels, rooms, strict=False))
    return [replace(one, jury_room=room_of[one.panel]) for one in rows]


def _seated(problem: Problem, rows: Sequence[Placed]) -> list[Placed]:
    """Each stay in the room that has people already, has a free seat and holds the most of them."""
    rooms = {room.key: room.seats for room in problem.open_rooms(rows[0].day)}
    held: dict[int, list[int]] = {key: [] for key in rooms}  # when those inside leave
    given: dict[int, list[tuple[int, int]]] = defaultdict(list)
    stays = [
        (span, rank, one)
        for one in rows
        for rank, span in enumerate(problem.exam_of(one).stays(one.together_at, one.alone_at))
    ]
    for (start, end), rank, one in sorted(stays, key=lambda stay: (stay[0], stay[2].sitter)):
        held = {
            key: [leaves for leaves in inside if leaves > start] for key, inside in held.items()
        }
        free = [key for key, seats in rooms.items() if len(held[key]) < seats]
        if not free:
            raise Unplaceable("capacity", one.sitter)
        chosen = max(free, key=lambda key: (len(held[key]), rooms[key] if held[key] else 0, -key))
        held[chosen].append(end)
        given[one.sitter].append((rank, chosen))
    return [
        replace(one, seat_rooms=tuple(room for _rank, room in sorted(given[one.sitter])))
        for one in rows
    ]


Stay = tuple[int, int, int, int, int]  # day, room, start, end, candidate


def workstations(
    problem: Problem, placed: Iterable[Placed], former: Mapping[Stay, int] | None = None
) -> dict[tuple[int, int], int]:
    """The number of the workstation of each stay, by candidate and rank: the lowest one free.

    A stay that was there already keeps its number (`former`), unless the others then find no room.
    """
    stays: dict[tuple[int, int], list[tuple[int, int, int, int]]] = defaultdict(list)
    for one in placed:
        spans = problem.exam_of(one).stays(one.together_at, one.alone_at)
        for rank, (room, (start, end)) in enumerate(zip(one.seat_rooms, spans, strict=True)):
            stays[one.day, room].append((start, end, one.sitter, rank))
    seats = {room.key: room.seats for room in problem.rooms}
    numbers: dict[tuple[int, int], int] = {}
    for (day, room), those in stays.items():
        kept = {
            (sitter, rank): number
            for start, end, sitter, rank in those
            if (number := (former or {}).get((day, room, start, end, sitter)))
        }
        given = _numbered(those, kept)
        if max(given.values()) > seats[room]:
            given = _numbered(those, {})
        numbers |= given
    return numbers


def _numbered(
    stays: list[tuple[int, int, int, int]], kept: Mapping[tuple[int, int], int]
) -> dict[tuple[int, int], int]:
    """Those of one room and day: numbers kept first, each other one the lowest free."""
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    numbers = dict(kept)
    for start, end, sitter, rank in stays:
        if (sitter, rank) in kept:
            taken[kept[sitter, rank]].append((start, end))
    for start, end, sitter, rank in sorted(stays):
        if (sitter, rank) in kept:
            continue
        number = next(
            n
            for n in range(1, len(stays) + len(taken) + 1)
            if not any(start < until and since < end for since, until in taken[n])
        )
        taken[number].append((start, end))
        numbers[sitter, rank] = number
    return numbers


def duties_for(problem: Problem, placed: Iterable[Placed]) -> list[Duty]:
    """An invigilator wherever somebody sits: as few people a day as rooms are watched at once."""
    spans: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for one in placed:
        stays = problem.exam_of(one).stays(one.together_at, one.alone_at)
        for room, span in zip(one.seat_rooms, stays, strict=True):
            spans[one.day, room].append(span)
    turns = [
        (day, start, end, room)
        for (day, room), those in spans.items()
        for start, end in joined(those)
    ]
    duties: list[Duty] = []
    until: dict[int, list[int]] = defaultdict(list)  # by day: when each invigilator is free again
    for day, start, end, room in sorted(turns):
        free = [rank for rank, leaves in enumerate(until[day]) if leaves <= start]
        if free:
            rank = min(free, key=lambda number: (-until[day][number], number))
            until[day][rank] = end
        else:
            rank = len(until[day])
            until[day].append(end)
        duties.append(Duty(day, rank + 1, room, start, end))
    return duties


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch or overlap, as one."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole
