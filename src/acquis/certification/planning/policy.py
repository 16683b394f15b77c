"""What must be there before a timetable is looked for; pure (X-03, X-04).

A fault is a code and what its sentence needs; `presentation` writes the sentence. Those that are
`blocking` leave no timetable; the others are told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from acquis.certification.planning.benches import Bench, Composition, Seat
from acquis.certification.planning.problem import Day, Exam, Sitter

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing missing; `day`, `sitter`, `jurors` and `exam` are the keys of those concerned."""

    code: str
    blocking: bool = True
    day: int | None = None
    sitter: int | None = None
    jurors: tuple[int, ...] = ()
    exam: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def hours_in_order(opens: int, closes: int, pauses: Iterable[Sequence[int]]) -> bool:
    """Whether a day opens, pauses and closes in this order; minutes from midnight."""
    edges = [opens, *(edge for pause in pauses for edge in pause), closes]
    return (
        opens >= 0
        and closes <= MINUTES_A_DAY
        and all(earlier < later for earlier, later in pairwise(edges))
    )


def composition_faults(
    sitters: Sequence[Sitter],
    benches: Sequence[Bench],
    days: Sequence[Day],
    *,
    jury_rooms: int,
    workstations: int,
    untimed: bool,
) -> list[Fault]:
    """What is missing before juries are formed; `untimed`: the framework gives no minutes."""
    needed: list[tuple[str, bool]] = [
        ("untimed", untimed),
        ("no_candidate", not sitters),
        ("no_day", not days),
        ("no_juror", not any(bench.seats for bench in benches)),
        ("no_jury_room", not jury_rooms),
        ("no_workstation", not workstations and _sit_down(sitters)),
    ]
    missing = [Fault(code) for code, is_missing in needed if is_missing]
    if missing:
        return missing
    return [
        *(fault for bench in benches for fault in _days_without_jury(bench, days)),
        *_days_unwatched(sitters, days),
        *_never_there(benches, len(days)),
    ]


def _sit_down(sitters: Iterable[Sitter]) -> bool:
    """Whether anybody works at a workstation."""
    return any(_stays(sitter.exam) for sitter in sitters)


def _stays(exam: Exam) -> bool:
    return any(step.seat for step in (*exam.together, *exam.alone))


def _days_without_jury(bench: Bench, days: Sequence[Day]) -> Iterator[Fault]:
    """Days on which no jury of this exam can sit; all of them, and there is no timetable."""
    short = []
    for day in range(len(days)):
        there = [seat for seat in bench.seats if day not in seat.away]
        why = lacking(there, bench.composition)
        if why:
            params = {"there": len(there), "needed": bench.composition.size}
            short.append(Fault(why, day=day, exam=bench.key, params=params))
    blocking = len(short) == len(days)
    for fault in short:
        yield replace(fault, blocking=blocking)


def lacking(there: Sequence[Seat], composition: Composition) -> str:
    """Why these jurors make no regular jury; empty when they make one."""
    external = sum(seat.is_external for seat in there)
    if len(there) < composition.size:
        return "too_few_jurors"
    if composition.specialist and not any(seat.is_specialist for seat in there):
        return "no_specialist"
    if external < max(composition.external_min, -(-composition.size // 2)):
        return "too_few_external"
    return ""


def _days_unwatched(sitters: Iterable[Sitter], days: Sequence[Day]) -> Iterator[Fault]:
    if not _sit_down(sitters):
        return
    empty = [number for number, day in enumerate(days) if day.invigilators == 0]
    for number in empty:
        yield Fault("no_invigilator", len(empty) == len(days), day=number)


def _never_there(benches: Iterable[Bench], days: int) -> Iterator[Fault]:
    """Jurors who can sit on no day for any exam: away, not accredited, already in another session."""
    never = [{seat.key for seat in bench.seats if len(seat.away) >= days} for bench in benches]
    gone = tuple(sorted(set.intersection(*never)))
    if gone:
        yield Fault("jurors_never_there", blocking=False, jurors=gone)


def unheard(sitters: Iterable[Sitter], benches: Mapping[int, Bench], days: int) -> Iterator[Fault]:
    """Candidates whom no jury may hear on any day that they can come, and the jurors that bar."""
    for sitter in sitters:
        bench = benches[sitter.bench]
        free = [seat for seat in bench.seats if seat.key not in sitter.barred]
        could = any(
            not lacking([seat for seat in free if day not in seat.away], bench.composition)
            for day in range(days)
            if day not in sitter.away
        )
        if not could:
            yield Fault("no_jury_for", sitter=sitter.key, jurors=tuple(sorted(sitter.barred)))


def without_candidate(exams: Iterable[int], sitters: Iterable[Sitter]) -> Iterator[Fault]:
    """Exams of the plan that nobody sits."""
    sat = {sitter.bench for sitter in sitters}
    for exam in exams:
        if exam not in sat:
            yield Fault("nobody_sits", blocking=False, exam=exam)
