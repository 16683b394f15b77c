"""One candidate put elsewhere by hand; the others keep their hours. Pure.

What follows from the new hour is found again: when the jury marks, in which rooms, who watches.
Whether it may be so is for `checking.violations` to say.
"""

from collections.abc import Sequence
from dataclasses import replace

from acquis.certification.planning.placing import duties_for
from acquis.certification.planning.problem import GRID, Day, Exam, Placed, Plan, Problem, Proof

Span = tuple[int, int]


def moved(
    problem: Problem,
    plan: Plan,
    sitter: int,
    *,
    day: int,
    panel: int,
    alone_at: int,
    together_at: int | None,
) -> Plan:
    """The timetable with this candidate before that jury, that day, at these hours."""
    before = next(one for one in plan.placed if one.sitter == sitter)
    others = [one for one in plan.placed if one.sitter != sitter]
    written = None if before.together_at is None else together_at
    code, resumes = _around_pause(problem.sitter_of[sitter].exam, problem.days[day], alone_at)
    wanted = replace(
        before,
        day=day,
        panel=panel,
        alone_at=alone_at,
        together_at=written,
        cut=code,
        resumes_at=resumes,
    )
    there = [one for one in others if one.day == day]
    wanted = replace(wanted, marking_at=_marking(problem, there, wanted, before))
    wanted = _housed(problem, there, wanted, before)
    placed = tuple(wanted if one.sitter == sitter else one for one in plan.placed)
    touched = {before.day, day}
    stay = [duty for duty in plan.duties if duty.day not in touched]
    again = duties_for(
        problem, [one for one in placed if one.day in touched and _seated(problem, one)]
    )
    after = replace(plan, placed=placed, duties=(*stay, *again))
    return replace(after, proofs=_still_proven(plan.proofs, after, touched))


def _around_pause(exam: Exam, day: Day, alone_at: int) -> tuple[str, int | None]:
    """How a run that begins at this hour goes around the pause that it meets, if it can.

    Before which step it stops, as late as can be, and when it goes on; nothing where it meets none.
    """
    ends = alone_at + exam.alone_minutes
    for begins, until in sorted(day.pauses):
        if alone_at < until and begins < ends:
            again = -(-until // GRID) * GRID
            for code in reversed(exam.cuts):
                if alone_at + exam.minutes_before(code) <= begins:
                    return code, again
            break
    return "", None


def _seated(problem: Problem, one: Placed) -> bool:
    stays = problem.exam_of(one).stays(one.together_at, one.alone_at)
    return len(stays) == len(one.seat_rooms)


def _still_proven(proofs: Sequence[Proof], plan: Plan, touched: set[int]) -> tuple[Proof, ...]:
    """The bound on jury-days holds whatever is moved; the hours of a day touched are proven no more."""
    gone = {f"day {day}" for day in touched}
    return tuple(
        replace(proof, value=len(plan.jury_days)) if proof.part == "jury_days" else proof
        for proof in proofs
        if proof.part not in gone
    )


def _marking(problem: Problem, others: Sequence[Placed], one: Placed, before: Placed) -> int | None:
    """When the jury marks: at the former hour if it still can, else as late as it can."""
    exam = problem.exam_of(one)
    if not exam.marking:
        return None
    day = problem.days[one.day]
    busy = exam.hearings(one.alone_at, problem.turnover)
    for other in others:
        if other.panel == one.panel:
            theirs = problem.exam_of(other)
            busy += theirs.hearings(other.alone_at, problem.turnover)
            if other.marking_at is not None:
                busy.append((other.marking_at, other.marking_at + theirs.marking))
    first = max(
        day.opens + day.briefing,
        0 if one.together_at is None else one.together_at + exam.together_minutes,
    )
    last = one.alone_at + exam.marks_due - exam.marking
    hours = range(last - last % GRID, first - 1, -GRID)
    free = [at for at in hours if _is_free(day, busy, (at, at + exam.marking))]
    return before.marking_at if before.marking_at in free else (free[0] if free else None)


def _is_free(day: Day, busy: Sequence[Span], span: Span) -> bool:
    taken = (*busy, *day.pauses)
    return not any(start < span[1] and span[0] < end for start, end in taken)


def _housed(problem: Problem, others: Sequence[Placed], one: Placed, before: Placed) -> Placed:
    """The jury's own room, or a free one; for each stay a room with a free workstation."""
    own = [other.jury_room for other in others if other.panel == one.panel]
    if one.panel == before.panel and one.day == before.day:
        own.append(before.jury_room)
    taken = {other.jury_room for other in others}
    free = [room.key for room in problem.jury_rooms if room.key not in taken]
    jury_room = (own + free)[0] if own or free else None
    return replace(one, jury_room=jury_room, seat_rooms=_rooms(problem, others, one, before))


def _rooms(
    problem: Problem, others: Sequence[Placed], one: Placed, before: Placed
) -> tuple[int, ...]:
    """A room for each stay, the former one first, those already watched next; shorter: none left."""
    held: dict[int, list[Span]] = {room.key: [] for room in problem.rooms if room.seats}
    for other in others:
        stays = problem.exam_of(other).stays(other.together_at, other.alone_at)
        for key, span in zip(other.seat_rooms, stays, strict=False):
            held[key].append(span)
    seats = {room.key: room.seats for room in problem.rooms}
    order = sorted(held, key=lambda key: (key not in before.seat_rooms, not held[key], key))
    chosen = []
    for span in problem.exam_of(one).stays(one.together_at, one.alone_at):
        room = next((key for key in order if _most_at_once(held[key], span) < seats[key]), None)
        if room is None:
            break
        held[room].append(span)
        chosen.append(room)
    return tuple(chosen)


def _most_at_once(spans: Sequence[Span], during: Span) -> int:
    """How many of these are under way at once during a span."""
    inside = [span for span in spans if span[0] < during[1] and during[0] < span[1]]
    moments = [during[0], *(start for start, _end in inside)]
    return max(sum(start <= at < end for start, end in inside) for at in moments)
