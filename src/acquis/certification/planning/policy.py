"""What must be there before a timetable is looked for; pure (X-03, X-04).

A fault is a code and what its sentence needs; `presentation` writes the sentence. Those that are
`blocking` leave no timetable; the others are told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from acquis.certification.planning.forming import Composition, Seat
from acquis.certification.planning.problem import Day, Exam, Sitter

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing missing; `day`, `sitter` and `juror` are the keys of those concerned."""

    code: str
    blocking: bool = True
    day: int | None = None
    sitter: int | None = None
    jurors: tuple[int, ...] = ()
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
    seats: Sequence[Seat],
    days: Sequence[Day],
    composition: Composition,
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
        ("no_juror", not seats),
        ("no_jury_room", not jury_rooms),
        ("no_workstation", not workstations and _sit_down(sitters)),
    ]
    missing = [Fault(code) for code, is_missing in needed if is_missing]
    if missing:
        return missing
    return [
        *_days_without_jury(seats, days, composition),
        *_days_unwatched(sitters, days),
        *_never_there(seats, len(days)),
    ]


def _sit_down(sitters: Iterable[Sitter]) -> bool:
    """Whether anybody works at a workstation."""
    return any(_stays(sitter.exam) for sitter in sitters)


def _stays(exam: Exam) -> bool:
    return any(step.seat for step in (*exam.together, *exam.alone))


def _days_without_jury(
    seats: Sequence[Seat], days: Sequence[Day], composition: Composition
) -> Iterator[Fault]:
    """Days on which no jury can sit; all of them, and there is no timetable."""
    short = []
    for day in range(len(days)):
        there = [seat for seat in seats if day not in seat.away]
        why = lacking(there, composition)
        if why:
            params = {"there": len(there), "needed": composition.size}
            short.append(Fault(why, day=day, params=params))
    blocking = len(short) == len(days)
    for fault in short:
        yield Fault(fault.code, blocking, fault.day, params=fault.params)


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


def _never_there(seats: Iterable[Seat], days: int) -> Iterator[Fault]:
    """Jurors who can sit on no day: away, not accredited, already in another session."""
    gone = tuple(seat.key for seat in seats if len(seat.away) >= days)
    if gone:
        yield Fault("jurors_never_there", blocking=False, jurors=gone)


def unheard(
    sitters: Iterable[Sitter], seats: Sequence[Seat], days: int, composition: Composition
) -> Iterator[Fault]:
    """Candidates whom no jury may hear on any day that they can come, and the jurors that bar."""
    for sitter in sitters:
        free = [seat for seat in seats if seat.key not in sitter.barred]
        could = any(
            not lacking([seat for seat in free if day not in seat.away], composition)
            for day in range(days)
            if day not in sitter.away
        )
        if not could:
            yield Fault("no_jury_for", sitter=sitter.key, jurors=tuple(sorted(sitter.barred)))
