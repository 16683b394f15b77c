"""A timetable put in force: its revision, its juries and its slots."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from django.utils import timezone

from acquis.accounts.models import User
from acquis.certification.planning.assembling import Assembled
from acquis.certification.planning.exams import hours_of
from acquis.certification.planning.models import (
    PlanDay,
    PlanInvigilator,
    PlanJury,
    PlanJuryMember,
    PlannedSlot,
    PlanRevision,
)
from acquis.certification.planning.placing import Stay, workstations
from acquis.certification.planning.problem import Duty, Panel, Placed, Plan, Problem
from acquis.certification.planning.revisions import content_of, panels_in


def put_in_force(
    found: Assembled,
    problem: Problem,
    plan: Plan,
    *,
    kind: PlanRevision.Kind,
    note: str,
    by: User,
    at: datetime,
) -> PlanRevision:
    """A new revision takes the place of the one in force; proposals made on that one are over."""
    season = found.plan
    season.revisions.filter(state=PlanRevision.State.PROPOSED).update(
        state=PlanRevision.State.REFUSED
    )
    season.revisions.filter(state=PlanRevision.State.CURRENT).update(
        state=PlanRevision.State.FORMER
    )
    revision = new_revision(
        found,
        problem,
        plan,
        kind=kind,
        state=PlanRevision.State.CURRENT,
        note=note,
        by=by,
        at=at,
    )
    write_rows(found, panels_in(revision.content), plan)
    return revision


def new_revision(
    found: Assembled,
    problem: Problem,
    plan: Plan,
    *,
    kind: PlanRevision.Kind,
    state: PlanRevision.State,
    note: str,
    by: User,
    at: datetime,
) -> PlanRevision:
    last = found.plan.revisions.order_by("-number").first()
    return PlanRevision.objects.create(
        plan=found.plan,
        number=last.number + 1 if last else 1,
        kind=kind,
        state=state,
        content=content_of(found, problem.panels, plan),
        note=note[:300],
        made_by=by,
        made_at=at,
    )


def write_rows(found: Assembled, panels: Iterable[Panel], plan: Plan) -> None:
    """The juries and the slots of the timetable, in place of those that were."""
    season = found.plan
    former = _former_workstations(found)
    season.juries.all().delete()  # and with them their slots
    members = list(panels)
    juries = {
        jury.number: jury
        for jury in PlanJury.objects.bulk_create(
            PlanJury(plan=season, number=panel.key) for panel in members
        )
    }
    PlanJuryMember.objects.bulk_create(
        PlanJuryMember(jury=juries[panel.key], juror_id=member, rank=rank)
        for panel in members
        for rank, member in enumerate(panel.members)
    )
    numbers = workstations(found.problem, plan.placed, former)
    PlannedSlot.objects.bulk_create(
        slot
        for one in plan.placed
        for slot in _slots(found, juries[one.panel], one, numbers, plan.duties)
    )


def _former_workstations(found: Assembled) -> dict[Stay, int]:
    """The numbers of the timetable so far: who stays where they were keeps theirs."""
    rank = {day.on: number for number, day in enumerate(found.days)}
    kept = {}
    # Every slot is on a day of the plan, and every workstation is in a room.
    for slot in found.plan.slots.filter(workstation__isnull=False):
        starts, ends = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
        span = (_minutes(starts), _minutes(ends))
        stay = (rank[starts.date()], slot.room_id or 0, *span, slot.candidate_id)
        kept[stay] = slot.workstation or 0
    return kept


def _minutes(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _slots(
    found: Assembled,
    jury: PlanJury,
    one: Placed,
    numbers: Mapping[tuple[int, int], int],
    duties: Iterable[Duty],
) -> Iterable[PlannedSlot]:
    day = found.days[one.day]
    exam = found.problem.exam_of(one)
    for position, hour in enumerate(hours_of(found.phases[one.sitter], one), start=1):
        room = None if hour.stay is None else one.seat_rooms[hour.stay]
        yield PlannedSlot(
            plan=found.plan,
            candidate_id=one.sitter,
            position=position,
            code=hour.plan.code,
            kind=hour.plan.kind.value,
            title=hour.plan.title,
            starts_at=moment(day, hour.starts),
            ends_at=moment(day, hour.ends),
            before_jury=hour.jury,
            jury=jury,
            room_id=one.jury_room if hour.jury else room,
            workstation=None if hour.stay is None else numbers[one.sitter, hour.stay],
            invigilator=None
            if room is None
            else _watcher(found, duties, one.day, room, hour.starts),
        )
    if one.marking_at is not None:
        yield PlannedSlot(
            plan=found.plan,
            candidate_id=one.sitter,
            position=0,
            code=PlannedSlot.MARKING,
            kind=PlannedSlot.MARKING,
            title="",
            starts_at=moment(day, one.marking_at),
            ends_at=moment(day, one.marking_at + exam.marking),
            before_jury=False,
            jury=jury,
            room_id=one.jury_room,
        )


def _watcher(
    found: Assembled, duties: Iterable[Duty], day: int, room: int, starts: int
) -> PlanInvigilator | None:
    """Who watches that room at that minute: the day's turns are given to those who are there."""
    people = found.watchers(day)
    ranks = [
        duty.invigilator
        for duty in duties
        if (duty.day, duty.room) == (day, room) and duty.starts <= starts < duty.ends
    ]
    return people[ranks[0] - 1] if ranks and ranks[0] <= len(people) else None


def moment(day: PlanDay, minutes: int) -> datetime:
    """A minute of a day where the exam is held; clocks that change at night move nothing."""
    midnight = datetime.combine(day.on, time(), tzinfo=timezone.get_default_timezone())
    return midnight + timedelta(minutes=minutes)
