"""What a timetable of exams must place, and what it placed; pure (X-03, X-04, X-11).

A candidate's exam is two runs of steps. `together` is what may be taken with others from a common
hour (the written part); `alone` follows later without a gap, from what is drawn by lot to the last
interview. Where no stretch of the day is long enough, a pause of the day (lunch) may fall between two
of its phases. The jury is needed at the steps that say so, and for `marking` minutes between the written
part and the first step named in `marked_before`.

Days are numbered from 0; times are whole minutes from midnight in the centre.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

# Told of each part as it is reached: its name, then the value and its bound, or the rank of how many.
Tell = Callable[[str, int, int], None]
PAUSE = "pause"
GRID = 5  # minutes: summons name hours that people remember


@dataclass(frozen=True, slots=True)
class Step:
    """One phase of one candidate, with their own time; `jury` and `seat` say what it needs."""

    code: str
    minutes: int
    jury: bool = False  # before the jury, in its room
    seat: bool = False  # at a workstation of an exam room, under an invigilator's eye


@dataclass(frozen=True, slots=True)
class Exam:
    """What one candidate goes through; two candidates of the same exam may change places."""

    together: tuple[Step, ...]
    alone: tuple[Step, ...]
    marking: int = 0
    marked_before: str = ""  # code of the first step of `alone` that needs the marks; "": its end
    cuts: tuple[str, ...] = ()  # codes of steps of `alone` before which a pause of the day may fall

    @property
    def together_minutes(self) -> int:
        return sum(step.minutes for step in self.together)

    @property
    def alone_minutes(self) -> int:
        return sum(step.minutes for step in self.alone)

    @property
    def jury_minutes(self) -> int:
        """Presence and marking: what the jury gives to this candidate."""
        return self.marking + sum(step.minutes for step in self.alone if step.jury)

    @property
    def marks_due(self) -> int:
        """Minutes from the beginning of `alone` by which the written part is marked."""
        return self.minutes_before(self.marked_before)

    def minutes_before(self, code: str) -> int:
        """Minutes of `alone` that pass before its step of this code; all of them for another code."""
        passed = 0
        for step in self.alone:
            if step.code == code:
                return passed
            passed += step.minutes
        return passed

    def paused(self, code: str, minutes: int) -> "Exam":
        """The same exam with a pause of this length before the step of this code."""
        steps: list[Step] = []
        for step in self.alone:
            if step.code == code:
                steps.append(Step(PAUSE, minutes))
            steps.append(step)
        return replace(self, alone=tuple(steps), cuts=())

    def first_stays(self, together_at: int) -> list[tuple[int, int]]:
        """When the candidate holds a workstation of an exam room during `together`, in order."""
        return list(_spans(self.together, together_at, jury=False))

    def later_stays(self, alone_at: int) -> list[tuple[int, int]]:
        """The same during `alone`."""
        return list(_spans(self.alone, alone_at, jury=False))

    def stays(self, together_at: int | None, alone_at: int) -> list[tuple[int, int]]:
        """All of them: each takes a workstation of its own, papers stay locked up in between."""
        first = [] if together_at is None else self.first_stays(together_at)
        return first + self.later_stays(alone_at)

    def hearings(self, alone_at: int, turnover: int = 0) -> list[tuple[int, int]]:
        """When the jury hears the candidate, in order; it is free `turnover` minutes after the last."""
        spans = list(_spans(self.alone, alone_at, jury=True))
        if spans:
            begins, ends = spans[-1]
            spans[-1] = (begins, ends + turnover)
        return spans


def _spans(steps: tuple[Step, ...], start: int, *, jury: bool) -> Iterator[tuple[int, int]]:
    """Neighbouring steps are one span: nobody leaves a room to come back to it at once."""
    begun: int | None = None
    at = start
    for step in steps:
        needed = step.jury if jury else step.seat
        if needed and begun is None:
            begun = at
        if not needed and begun is not None:
            yield begun, at
            begun = None
        at += step.minutes
    if begun is not None:
        yield begun, at


@dataclass(frozen=True, slots=True)
class Sitter:
    """A candidate to place; `barred` are jurors who may not judge them, `away` days they cannot come.

    `bench` names the rules of juries for their exam (X-03). Sitters of one `person` – enrolled for
    two exams – never sit on one day; None: nobody else is that person.
    """

    key: int
    exam: Exam
    barred: frozenset[int] = frozenset()
    away: frozenset[int] = frozenset()
    bench: int = 0
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A jury: the keys of its members; `unfit`: for which benches it is not regular, on which days."""

    key: int
    members: tuple[int, ...]
    unfit: frozenset[tuple[int, int]] = frozenset()

    def hears(self, bench: int, day: int) -> bool:
        return (bench, day) not in self.unfit


@dataclass(frozen=True, slots=True)
class Room:
    """An exam room with so many workstations, or the room of one jury (`seats` 0)."""

    key: int
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """Opening hours, and the hours inside them at which nobody works (lunch).

    `briefing` are the minutes that a jury takes together before it marks or hears anybody;
    `invigilators` is how many may watch rooms that day, None: as many as it takes.
    """

    opens: int
    closes: int
    pauses: tuple[tuple[int, int], ...] = ()
    briefing: int = 0
    invigilators: int | None = None

    @property
    def windows(self) -> list[tuple[int, int]]:
        """The stretches between the pauses."""
        edges = [
            self.opens,
            *(edge for pause in sorted(self.pauses) for edge in pause),
            self.closes,
        ]
        return list(zip(edges[::2], edges[1::2], strict=True))

    def holds_in_one_piece(self, exam: Exam) -> bool:
        """Whether the run follows the written part without a pause in it, nobody else being there."""
        written = [
            -(-begins // GRID) * GRID + exam.together_minutes
            for begins, ends in self.windows
            if -(-begins // GRID) * GRID + exam.together_minutes <= ends
        ]
        latest = [
            (ends - exam.alone_minutes) // GRID * GRID
            for begins, ends in self.windows
            if (ends - exam.alone_minutes) // GRID * GRID >= begins
        ]
        return bool(written and latest) and max(latest) >= min(written)

    @property
    def minutes(self) -> int:
        return self.closes - self.opens - sum(end - start for start, end in self.pauses)


@dataclass(frozen=True)
class Problem:
    sitters: tuple[Sitter, ...]
    panels: tuple[Panel, ...]
    rooms: tuple[Room, ...]
    days: tuple[Day, ...]
    away: Mapping[int, frozenset[int]] = field(default_factory=dict)  # days by juror
    turnover: int = 0  # minutes of a jury after the last hearing of a candidate
    most_a_day: int | None = (
        None  # candidates of one jury in one day, where the centre sets a limit
    )

    @cached_property
    def sitter_of(self) -> Mapping[int, Sitter]:
        return {sitter.key: sitter for sitter in self.sitters}

    def exam_of(self, one: "Placed") -> Exam:
        """What a candidate goes through as they are placed: with the pause that cuts their run."""
        exam = self.sitter_of[one.sitter].exam
        if not one.cut or one.resumes_at is None:
            return exam
        return exam.paused(one.cut, one.resumes_at - one.alone_at - exam.minutes_before(one.cut))

    @cached_property
    def panel_of(self) -> Mapping[int, Panel]:
        return {panel.key: panel for panel in self.panels}

    def open_rooms(self, day: int) -> tuple[Room, ...]:
        """The exam rooms that may be watched that day: the largest, one for each invigilator."""
        rooms = sorted(
            (room for room in self.rooms if room.seats), key=lambda room: (-room.seats, room.key)
        )
        return tuple(rooms[: self.days[day].invigilators])

    def seats_on(self, day: int) -> int:
        return sum(room.seats for room in self.open_rooms(day))

    @property
    def jury_rooms(self) -> tuple[Room, ...]:
        return tuple(room for room in self.rooms if not room.seats)

    def sits(self, panel: Panel, day: int) -> bool:
        return not any(day in self.away.get(member, ()) for member in panel.members)

    def jury_days(self, sitter: Sitter) -> Iterator[tuple[int, int]]:
        """Before which jury, on which day, a candidate may sit."""
        for panel in self.panels:
            if self.judges(panel, sitter):
                for day in range(len(self.days)):
                    if (
                        day not in sitter.away
                        and self.sits(panel, day)
                        and panel.hears(sitter.bench, day)
                    ):
                        yield panel.key, day

    @cached_property
    def twins(self) -> tuple[tuple[int, ...], ...]:
        """Sitters who are one person, enrolled for several exams."""
        by_person: dict[int, list[int]] = defaultdict(list)
        for sitter in self.sitters:
            if sitter.person is not None:
                by_person[sitter.person].append(sitter.key)
        return tuple(tuple(keys) for keys in by_person.values() if len(keys) > 1)

    def judges(self, panel: Panel, sitter: Sitter) -> bool:
        return not sitter.barred.intersection(panel.members)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where and when one candidate sits; `together_at` and `marking_at` None: nothing of the kind.

    A run that a pause of the day cuts goes on at `resumes_at` with the step of code `cut`.
    """

    sitter: int
    day: int
    panel: int
    alone_at: int
    together_at: int | None = None
    marking_at: int | None = None
    jury_room: int | None = None
    seat_rooms: tuple[int, ...] = ()  # one for each stay in an exam room, in order
    cut: str = ""
    resumes_at: int | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """One invigilator's turn in one room; `invigilator` is a number from 1 in that day."""

    day: int
    invigilator: int
    room: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Proof:
    """How far one part of the plan is proven: the value reached and the best that could be."""

    part: str
    value: int
    bound: int
    seconds: float

    @property
    def is_optimal(self) -> bool:
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Plan:
    placed: tuple[Placed, ...]
    duties: tuple[Duty, ...]
    proofs: tuple[Proof, ...]

    @property
    def jury_days(self) -> frozenset[tuple[int, int]]:
        return frozenset((one.panel, one.day) for one in self.placed)


def silent(part: str, value: int, bound: int) -> None:
    """Nobody follows."""


class Unplaceable(Exception):  # noqa: N818  an answer, not a fault
    """No plan exists; `code` says why: `capacity`, `independence`, `day_too_short` or `unknown`."""

    def __init__(self, code: str, *sitters: int) -> None:
        self.code = code
        self.sitters = sitters
        super().__init__(code)
