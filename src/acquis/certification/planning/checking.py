"""What a plan breaks, whoever made it: the solver or a hand that drags; pure.

The checker knows nothing of how plans are found: it reads the problem and the times.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TypeVar

from acquis.certification.planning.problem import GRID, Day, Duty, Placed, Problem

Span = tuple[int, int]
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule not kept: its code, who and what it concerns, when."""

    code: str
    day: int
    sitters: tuple[int, ...] = ()
    panel: int | None = None
    juror: int | None = None
    room: int | None = None
    at: int | None = None


def violations(
    problem: Problem, placed: Iterable[Placed], duties: Iterable[Duty] | None = None
) -> list[Violation]:
    """All that is not kept; empty: the plan may be held. Duties are checked where they are given."""
    rows = list(placed)
    found = [*_who(problem, rows)]
    for one in rows:
        found += _own(problem, one)
    for day in sorted({one.day for one in rows}):
        those = [one for one in rows if one.day == day]
        found += _juries(problem, day, those)
        found += _rooms(problem, day, those)
    if duties is not None:
        found += _duties(problem, rows, list(duties))
    return found


def _who(problem: Problem, rows: list[Placed]) -> Iterator[Violation]:
    seen: set[int] = set()
    for one in rows:
        if one.sitter in seen:
            yield Violation("placed_twice", one.day, (one.sitter,))
        seen.add(one.sitter)
    for sitter in problem.sitters:
        if sitter.key not in seen:
            yield Violation("not_placed", -1, (sitter.key,))
    days = {one.sitter: one.day for one in rows}
    for first, second in chain.from_iterable(combinations(keys, 2) for keys in problem.twins):
        if first in days and days[first] == days.get(second):
            yield Violation("two_exams_a_day", days[first], (first, second))


def _own(problem: Problem, one: Placed) -> Iterator[Violation]:
    """What concerns this candidate alone: their day, their jury, the order of their steps."""
    yield from _may_judge(problem, one)
    yield from _cut(problem, one)
    exam, day = problem.exam_of(one), problem.days[one.day]
    where = (one.sitter,)
    runs = list(_run(problem, one))
    if exam.together:
        if one.together_at is None:
            yield Violation("not_placed", one.day, where)
            return
        runs.append((one.together_at, one.together_at + exam.together_minutes))
        if runs[-1][1] > one.alone_at:
            yield Violation("out_of_order", one.day, where, at=one.alone_at)
    if exam.marking:
        written = runs[-1][1] if exam.together else 0
        yield from _marking(one, exam.marks_due, written, exam.marking)
        if one.marking_at is not None:
            runs.append((one.marking_at, one.marking_at + exam.marking))
    for start, end in runs:
        if start % GRID:
            yield Violation("off_grid", one.day, where, at=start)
        if not _open(day, (start, end)):
            yield Violation("closed", one.day, where, at=start)


def _may_judge(problem: Problem, one: Placed) -> Iterator[Violation]:
    sitter, panel = problem.sitter_of[one.sitter], problem.panel_of[one.panel]
    if not panel.hears(sitter.bench, one.day):
        yield Violation("jury_not_regular", one.day, (one.sitter,), panel.key)
    if one.day in sitter.away:
        yield Violation("candidate_away", one.day, (one.sitter,))
    for member in panel.members:
        if member in sitter.barred:
            yield Violation("not_independent", one.day, (one.sitter,), panel.key, member)
        if one.day in problem.away.get(member, ()):
            yield Violation("juror_away", one.day, (one.sitter,), panel.key, member)


def _run(problem: Problem, one: Placed) -> Iterator[Span]:
    """The run, in one piece or on both sides of the pause that cuts it."""
    exam = problem.sitter_of[one.sitter].exam
    if not one.cut or one.resumes_at is None:
        yield one.alone_at, one.alone_at + exam.alone_minutes
        return
    before = exam.minutes_before(one.cut)
    yield one.alone_at, one.alone_at + before
    yield one.resumes_at, one.resumes_at + exam.alone_minutes - before


def _cut(problem: Problem, one: Placed) -> Iterator[Violation]:
    """A run is cut between two of its phases only, and by a pause of the day only."""
    if not one.cut or one.resumes_at is None:
        return
    exam, day = problem.sitter_of[one.sitter].exam, problem.days[one.day]
    stops = one.alone_at + exam.minutes_before(one.cut)
    pauses = any(stops <= begin and end <= one.resumes_at for begin, end in day.pauses)
    if one.cut not in exam.cuts or not pauses:
        yield Violation("cut_elsewhere", one.day, (one.sitter,), at=stops)


def _marking(one: Placed, due: int, written: int, minutes: int) -> Iterator[Violation]:
    at = one.marking_at
    if at is None or at < written or at + minutes > one.alone_at + due:
        yield Violation("marked_too_late", one.day, (one.sitter,), one.panel, at=at)


def _open(day: Day, span: Span) -> bool:
    start, end = span
    if start < day.opens or end > day.closes:
        return False
    return not any(start < stop and begin < end for begin, stop in day.pauses)


def _juries(problem: Problem, day: int, rows: list[Placed]) -> Iterator[Violation]:
    """A jury, and each of its members, is before one candidate at a time."""
    panels: dict[int, set[int]] = defaultdict(set)
    by_panel: dict[int, list[Placed]] = defaultdict(list)
    for one in rows:
        by_panel[one.panel].append(one)
        for member in problem.panel_of[one.panel].members:
            panels[member].add(one.panel)
    for member, several in sorted(panels.items()):
        if len(several) > 1:
            yield Violation("juror_in_two_juries", day, juror=member)
    for key, those in sorted(by_panel.items()):
        yield from _jury(problem, day, key, those)


def _jury(problem: Problem, day: int, key: int, rows: list[Placed]) -> Iterator[Violation]:
    if problem.most_a_day is not None and len(rows) > problem.most_a_day:
        yield Violation("too_many_a_day", day, panel=key)
    busy = [(one.sitter, span) for one in rows for span in _jury_spans(problem, one)]
    begins = problem.days[day].opens + problem.days[day].briefing
    for sitter, span in busy:
        if span[0] < begins:
            yield Violation("not_briefed", day, (sitter,), key, at=span[0])
    for (first, a), (second, b) in combinations(busy, 2):
        if a[0] < b[1] and b[0] < a[1]:
            both = tuple(sorted({first, second}))
            yield Violation("jury_busy", day, both, key, at=max(a[0], b[0]))


def _jury_spans(problem: Problem, one: Placed) -> list[Span]:
    exam = problem.exam_of(one)
    spans = exam.hearings(one.alone_at, problem.turnover)
    if exam.marking and one.marking_at is not None:
        spans.append((one.marking_at, one.marking_at + exam.marking))
    return spans


def _rooms(problem: Problem, day: int, rows: list[Placed]) -> Iterator[Violation]:
    """No room holds more people than workstations, no jury room two juries."""
    rooms = {room.key: room for room in problem.rooms}
    taken: dict[int, list[Span]] = defaultdict(list)
    juries: dict[int, set[int]] = defaultdict(set)
    for one in rows:
        spans = _stays(problem, one)
        if len(one.seat_rooms) != len(spans) or not all(rooms[key].seats for key in one.seat_rooms):
            yield Violation("no_seat", day, (one.sitter,))
        else:
            for key, span in zip(one.seat_rooms, spans, strict=True):
                taken[key].append(span)
        if one.jury_room is None or rooms[one.jury_room].seats:
            yield Violation("no_jury_room", day, (one.sitter,), one.panel)
        else:
            juries[one.jury_room].add(one.panel)
    for key, spans in sorted(taken.items()):
        at = _over(spans, rooms[key].seats)
        if at is not None:
            yield Violation("room_full", day, room=key, at=at)
    for key, panels in sorted(juries.items()):
        if len(panels) > 1:
            yield Violation("jury_room_taken", day, room=key)


def _stays(problem: Problem, one: Placed) -> list[Span]:
    return problem.exam_of(one).stays(one.together_at, one.alone_at)


def _over(spans: list[Span], most: int) -> int | None:
    """The first minute at which more than `most` spans are under way."""
    held = 0
    for at, change in sorted([(s, 1) for s, _e in spans] + [(e, -1) for _s, e in spans]):
        held += change
        if held > most:
            return at
    return None


def _duties(problem: Problem, rows: list[Placed], duties: list[Duty]) -> Iterator[Violation]:
    """Every minute somebody works in an exam room, an invigilator is there, in one room at a time."""
    watched: Mapping[tuple[int, int], list[Span]] = _grouped(
        ((duty.day, duty.room), (duty.starts, duty.ends)) for duty in duties
    )
    for one in rows:
        for room, span in zip(one.seat_rooms, _stays(problem, one), strict=False):
            if not _covered(span, watched.get((one.day, room), [])):
                yield Violation("not_invigilated", one.day, (one.sitter,), room=room, at=span[0])
    for day, kind in enumerate(problem.days):
        needed = max((duty.invigilator for duty in duties if duty.day == day), default=0)
        if kind.invigilators is not None and needed > kind.invigilators:
            yield Violation("too_few_invigilators", day)
    people = _grouped(((duty.day, duty.invigilator), (duty.starts, duty.ends)) for duty in duties)
    for (day, _person), turns in sorted(people.items()):
        if _over(turns, 1) is not None:
            yield Violation("invigilator_in_two_rooms", day)


def _grouped(pairs: Iterable[tuple[K, Span]]) -> dict[K, list[Span]]:
    groups: dict[K, list[Span]] = defaultdict(list)
    for key, span in pairs:
        groups[key].append(span)
    return groups


def _covered(span: Span, turns: Iterable[Span]) -> bool:
    at, end = span
    for start, stop in sorted(turns):
        if start <= at < stop:
            at = stop
    return at >= end
