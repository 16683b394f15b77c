"""The timetable of one day as rows of blocks: what the chart and its table both show.

Places are in units of the drawing: `SCALE` a minute across, `ROW` a row down.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from acquis.certification.exam_sessions.phases import PhaseKind
from acquis.certification.planning.exams import briefing_at
from acquis.certification.planning.models import PlanDay, PlanJury, PlannedSlot
from acquis.certification.planning.presentation import MEETING, kind_words, letter, short_words
from acquis.certification.planning.problem import Day
from acquis.certification.registrations.models import Enrolment

K = TypeVar("K")
SCALE = 2
ROW = 56
HEAD = 24
HOUR = 60
LETTER = 7  # units that a letter takes across
SHORTEST = 4  # letters below which a name says nothing
NEAR = 15  # minutes between blocks of one candidate that still read as one visit


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of a row: what, whose, from when to when, and where it is drawn.

    `candidate` 0: the jury alone.
    """

    candidate: int
    name: str
    kind: str
    words: str
    starts: int
    ends: int
    place: str
    x: int
    width: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def label(self) -> str:
        """What it is, in as many letters as it is wide: the words, one word, or the key's letter."""
        letters = (self.width - 6) // LETTER
        said = (self.words, short_words(self.kind), letter(self.kind))
        return next((text for text in said if len(text) <= letters), said[-1])

    @property
    def follows(self) -> bool:
        """Whether it goes along when its candidate is put at another hour: not what is before."""
        return self.kind not in {PhaseKind.WRITTEN, PlannedSlot.MARKING}


@dataclass(frozen=True, slots=True)
class Caption:
    """A name above the blocks that it is for."""

    text: str
    x: int


def _fitted(text: str, width: int) -> str:
    """A text as far as its place is wide; empty when too little is left of it."""
    letters = width // LETTER
    if len(text) <= letters:
        return text
    return f"{text[: letters - 1]}…" if letters > SHORTEST else ""


@dataclass
class Group:
    """What a line holds of one candidate; `candidate` 0: the jury's own."""

    candidate: int
    name: str
    blocks: list[Block]
    captions: list[Caption] = field(default_factory=list)  # the name, once for each visit

    @property
    def visits(self) -> list[int]:
        """Where blocks begin that are not close to one before."""
        begun, last = [], None
        for block in sorted(self.blocks, key=lambda one: one.starts):
            if last is None or block.starts - last > NEAR:
                begun.append(block.x)
            last = block.ends
        return begun


@dataclass
class Line:
    """One row: a jury, a candidate or a workstation; `presence` is when its jury is there (x, width)."""

    key: str
    title: str
    detail: str
    y: int
    groups: list[Group] = field(default_factory=list)
    jury: int | None = None
    presence: tuple[int, int] | None = None

    @property
    def ordered(self) -> list[Block]:
        """All its blocks in the order of the clock."""
        blocks = [block for group in self.groups for block in group.blocks]
        return sorted(blocks, key=lambda block: (block.starts, block.name))


@dataclass(frozen=True)
class Chart:
    day: PlanDay
    view: str
    lines: list[Line]

    @property
    def row(self) -> int:
        return ROW

    @property
    def scale(self) -> int:
        return SCALE

    @property
    def named(self) -> bool:
        """Whether names stand above the blocks: a candidate's own row says it already."""
        return self.view != "candidats"

    @property
    def width(self) -> int:
        return (self.day.closes - self.day.opens) * SCALE

    @property
    def height(self) -> int:
        return HEAD + ROW * len(self.lines)

    @property
    def hours(self) -> list[tuple[int, str]]:
        """Where each full hour is drawn."""
        first = -(-self.day.opens // HOUR)
        return [
            ((hour * HOUR - self.day.opens) * SCALE, f"{hour} h")
            for hour in range(first, self.day.closes // HOUR + 1)
        ]

    @property
    def kinds(self) -> list[str]:
        """What is drawn, for the key."""
        shown = {block.kind: block.starts for line in self.lines for block in line.ordered[::-1]}
        return sorted(shown, key=lambda kind: shown[kind])

    @property
    def pauses(self) -> list[tuple[int, int]]:
        return [
            ((start - self.day.opens) * SCALE, (end - start) * SCALE)
            for start, end in self.day.pauses
        ]


VIEWS = ("jurys", "candidats", "salles")


def chart_of(
    day: PlanDay,
    view: str,
    slots: Sequence[PlannedSlot],
    juries: Iterable[PlanJury],
    beside: Callable[[Enrolment], str] = lambda _enrolment: "",
) -> Chart:
    """The slots of one day, by jury, by candidate or by workstation.

    `beside` says which exam somebody sits, where that is to be told.
    """
    members = {jury.pk: jury for jury in juries}
    if view == "salles":
        lines = list(_by_room(day, slots))
    else:
        rows = _by_jury if view == "jurys" else _by_candidate
        lines = list(rows(day, slots, members))
    chart = Chart(day, view, lines)
    exams = {slot.candidate_id: beside(slot.candidate.enrolment) for slot in slots}
    for rank, line in enumerate(lines):
        line.y = HEAD + rank * ROW
        _tell_exams(line, exams)
        _name(line, chart.width)
    return chart


def _tell_exams(line: Line, exams: Mapping[int, str]) -> None:
    """Whose exam it is, beside each name; beside the jury where the line is a candidate's own."""
    for group in line.groups:
        exam = exams.get(group.candidate)
        if exam and line.key.startswith("candidate-"):
            line.detail = f"{line.detail} · {exam}"
        elif exam:
            group.name = f"{group.name} · {exam}"
            group.blocks = [replace(block, name=group.name) for block in group.blocks]


def _name(line: Line, width: int) -> None:
    """Names above their blocks, as far as the next ones."""
    begun = sorted((x, rank) for rank, group in enumerate(line.groups) for x in group.visits)
    for (x, rank), (end, _next) in pairwise([*begun, (width, 0)]):
        group = line.groups[rank]
        if text := _fitted(group.name, end - x):
            group.captions.append(Caption(text, x))


def _by_jury(
    day: PlanDay, slots: Sequence[PlannedSlot], juries: dict[int, PlanJury]
) -> Iterator[Line]:
    """What each jury does: one group a candidate, their hearings and the marking of their work."""
    for key, those in _grouped(slots, lambda slot: slot.jury_id):
        jury = juries[key]
        names = ", ".join(one.juror.juror.full_name for one in jury.members.all())
        rooms = {slot.room.name for slot in those if slot.before_jury and slot.room}
        line = Line(
            f"jury-{jury.number}",
            _("Jury %(n)s") % {"n": jury.number},
            " · ".join([names, *sorted(rooms)]),
            0,
            jury=jury.number,
        )
        for candidate, own in _grouped(those, lambda slot: slot.candidate_id):
            shown = [s for s in own if s.before_jury or s.kind == PlannedSlot.MARKING]
            line.groups.append(_group(day, candidate, shown))
        _attend(day, line, jury.plan.briefing_minutes)
        yield line


def _attend(day: PlanDay, line: Line, briefing: int) -> None:
    """The jury's meeting before its first work, and how long it is there."""
    if not line.ordered:
        return
    first, last = line.ordered[0], max(block.ends for block in line.ordered)
    begins = first.starts
    if briefing:
        begins = briefing_at(hours_of(day, briefing), first.starts)
        words = kind_words(MEETING)
        x, width = (begins - day.opens) * SCALE, briefing * SCALE
        meets = Block(0, "", MEETING, words, begins, begins + briefing, first.place, x, width)
        line.groups.insert(0, Group(0, "", [meets]))
    line.presence = ((begins - day.opens) * SCALE, (last - begins) * SCALE)


def hours_of(day: PlanDay, briefing: int) -> Day:
    """A day of the plan as the rules read it."""
    pauses = tuple((start, end) for start, end in day.pauses)
    return Day(day.opens, day.closes, pauses, briefing)


def _by_candidate(
    day: PlanDay, slots: Sequence[PlannedSlot], juries: dict[int, PlanJury]
) -> Iterator[Line]:
    phases = [slot for slot in slots if slot.kind != PlannedSlot.MARKING]
    for candidate, own in _grouped(phases, lambda slot: slot.candidate_id):
        jury = juries[own[0].jury_id]
        line = Line(
            f"candidate-{candidate}",
            own[0].candidate.enrolment.candidate.full_name,
            _("Jury %(n)s") % {"n": jury.number},
            0,
            jury=jury.number,
        )
        line.groups.append(_group(day, candidate, own))
        yield line


def _by_room(day: PlanDay, slots: Sequence[PlannedSlot]) -> Iterator[Line]:
    placed = [slot for slot in slots if slot.room and slot.starts_at != slot.ends_at]
    for (_kind, name, workstation), those in _grouped(sorted(placed, key=_seat), _seat):
        watchers = {slot.invigilator.user.full_name for slot in those if slot.invigilator}
        detail = _("poste %(n)s") % {"n": workstation} if workstation else _("jury")
        line = Line(f"room-{name}-{workstation}", name, " · ".join([detail, *sorted(watchers)]), 0)
        for candidate, own in _grouped(those, lambda slot: slot.candidate_id):
            line.groups.append(_group(day, candidate, own))
        yield line


def _seat(slot: PlannedSlot) -> tuple[str, str, int]:
    room = slot.room
    return (room.kind, room.name, slot.workstation or 0) if room else ("", "", 0)


def _group(day: PlanDay, candidate: int, slots: Sequence[PlannedSlot]) -> Group:
    name = slots[0].candidate.enrolment.candidate.full_name if slots else ""
    blocks = [_block(day, slot) for slot in slots if slot.starts_at != slot.ends_at]
    return Group(candidate, name, blocks)


def _block(day: PlanDay, slot: PlannedSlot) -> Block:
    starts, ends = minute_of(slot.starts_at), minute_of(slot.ends_at)
    place = slot.room.name if slot.room else ""
    if slot.workstation:
        place = _("%(room)s, poste %(n)s") % {"room": place, "n": slot.workstation}
    return Block(
        slot.candidate_id,
        slot.candidate.enrolment.candidate.full_name,
        slot.kind,
        kind_words(slot.kind),
        starts,
        ends,
        place,
        (starts - day.opens) * SCALE,
        (ends - starts) * SCALE,
    )


def minute_of(at: datetime) -> int:
    """Minutes from midnight where the exam is held."""
    local = timezone.localtime(at)
    return local.hour * 60 + local.minute


def _grouped(
    rows: Iterable[PlannedSlot], key: Callable[[PlannedSlot], K]
) -> Iterable[tuple[K, list[PlannedSlot]]]:
    """Rows that share a key, in the order in which the keys appear."""
    groups: dict[K, list[PlannedSlot]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups.items()
