"""Who and what a plan is made of, before its timetable is looked for."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction

from acquis.accounts.access import members_of
from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import ROLES, Verb
from acquis.certification.exam_sessions.errors import BlockNotExamined, VersionNotUsable
from acquis.certification.frameworks.content import assessment_for
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.juries.models import Juror
from acquis.certification.planning import policy, queries
from acquis.certification.planning.actions.locking import lock_draft, lock_idle
from acquis.certification.planning.errors import (
    DayOutOfOrder,
    LastExam,
    NotOfThisPlan,
    PlanNameTaken,
    PlanPublished,
    RoomNameTaken,
    RoomNotOfItsKind,
)
from acquis.certification.planning.models import (
    PlanCandidate,
    PlanDay,
    PlanExam,
    PlanInvigilator,
    PlanJuror,
    PlanRevision,
    PlanRoom,
    SeasonPlan,
)
from acquis.certification.registrations.models import Enrolment
from acquis.kernel import trace

Exam = tuple[FrameworkVersion, str]  # an edition, one of its blocks or nothing for the whole
Person = PlanCandidate | PlanJuror | PlanInvigilator


class PlanData(TypedDict):
    """What a person decides of a plan; minutes are whole."""

    name: str
    place: str
    address: str
    enterprise_id: int | None
    jury_size: int
    speciality: str
    marking_minutes: int
    briefing_minutes: int
    turnover_minutes: int
    most_a_day: int | None


@transaction.atomic
def create_plan(
    *,
    organisation: Organisation,
    data: PlanData,
    exams: Iterable[Exam],
    by: User,
    at: datetime,
) -> SeasonPlan:
    """Begin a season's plan of these exams. Raises PlanNameTaken and what `add_exam` refuses."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _refuse_name(organisation, data["name"], keep=0)
    plan = SeasonPlan.objects.create(
        **data, organisation=organisation, created_by=by, created_at=at
    )
    trace.record("plan.created", plan, by=by, at=at, name=plan.name)
    for version, block in exams:
        add_exam(plan=plan, version=version, block=block, by=by, at=at)
    return plan


@transaction.atomic
def revise_plan(*, plan: SeasonPlan, data: PlanData, by: User, at: datetime) -> SeasonPlan:
    """Change a plan in composition. Raises PlanComposed, PlanBeingSolved or PlanNameTaken."""
    plan = lock_draft(plan.pk)
    _refuse_name(plan.organisation, data["name"], keep=plan.pk)
    values: dict[str, Any] = {**data}
    changed = sorted(name for name, value in values.items() if getattr(plan, name) != value)
    if not changed:
        return plan
    for name in changed:
        setattr(plan, name, values[name])
    plan.save(update_fields=changed)
    trace.record("plan.revised", plan, by=by, at=at, fields=changed)
    return plan


def _refuse_name(organisation: Organisation, name: str, *, keep: int) -> None:
    same = SeasonPlan.objects.filter(organisation=organisation, name=name)
    if same.exclude(pk=keep).exists():
        raise PlanNameTaken(name=name)


# ---- Exams ----


@transaction.atomic
def add_exam(
    *, plan: SeasonPlan, version: FrameworkVersion, block: str, by: User, at: datetime
) -> PlanExam:
    """Another exam that shares the juries, the rooms and the days; added twice, it is there once.

    Raises PlanComposed, PlanBeingSolved, VersionNotUsable or BlockNotExamined.
    """
    plan = lock_draft(plan.pk)
    if version.state != FrameworkVersion.State.PUBLISHED:
        raise VersionNotUsable
    if assessment_for(version.content, block) is None:
        raise BlockNotExamined(block=block or version.framework.title)
    exam, made = PlanExam.objects.get_or_create(plan=plan, version=version, block=block)
    if made:
        trace.record(
            "plan.exam_added", plan, by=by, at=at, exam=exam.pk, version=version.pk, block=block
        )
    return exam


@transaction.atomic
def remove_exam(*, exam: PlanExam, by: User, at: datetime) -> int:
    """Take an exam out of a plan in composition, and its candidates with it; how many they were.

    Raises PlanComposed, PlanBeingSolved, or LastExam.
    """
    plan = lock_draft(exam.plan_id)
    if plan.exams.count() == 1:
        raise LastExam
    gone = plan.candidates.filter(enrolment__version=exam.version_id, enrolment__block=exam.block)
    count = gone.count()
    gone.delete()
    trace.record(
        "plan.exam_removed",
        plan,
        by=by,
        at=at,
        exam=exam.pk,
        version=exam.version_id,
        block=exam.block,
        candidates=count,
    )
    exam.delete()
    return count


@transaction.atomic
def reopen_plan(*, plan: SeasonPlan, by: User, at: datetime) -> SeasonPlan:
    """Back to composition: the timetable found is put aside. Raises PlanPublished or PlanBeingSolved."""
    plan = lock_idle(plan.pk)
    if plan.state == SeasonPlan.State.PUBLISHED:
        raise PlanPublished
    if plan.state == SeasonPlan.State.DRAFT:
        return plan
    plan.revisions.filter(state=PlanRevision.State.PROPOSED).update(
        state=PlanRevision.State.REFUSED
    )
    plan.revisions.filter(state=PlanRevision.State.CURRENT).update(state=PlanRevision.State.FORMER)
    plan.juries.all().delete()
    plan.state, plan.refusal = SeasonPlan.State.DRAFT, None
    plan.save(update_fields=["state", "refusal"])
    trace.record("plan.reopened", plan, by=by, at=at)
    return plan


# ---- People ----


@transaction.atomic
def add_candidates(
    *, plan: SeasonPlan, enrolments: Iterable[Enrolment], by: User, at: datetime
) -> int:
    """Add people enrolled for an exam of the plan; how many were not there.

    Raises PlanComposed or NotOfThisPlan.
    """
    plan = lock_draft(plan.pk)
    free = set(queries.enrolments_to_add(plan).values_list("pk", flat=True))
    already = set(plan.candidates.values_list("enrolment", flat=True))
    wanted = {one.pk for one in enrolments} - already
    if wanted - free:
        raise NotOfThisPlan
    PlanCandidate.objects.bulk_create(
        PlanCandidate(plan=plan, enrolment_id=pk) for pk in sorted(wanted)
    )
    return _added(plan, "candidates", sorted(wanted), by, at)


@transaction.atomic
def add_jurors(*, plan: SeasonPlan, jurors: Iterable[Juror], by: User, at: datetime) -> int:
    """Add jurors of the register. Also once a timetable is found: they may replace somebody.

    Raises NotOfThisPlan or PlanBeingSolved.
    """
    plan = lock_idle(plan.pk)
    free = set(queries.jurors_to_add(plan).values_list("pk", flat=True))
    already = set(plan.jurors.values_list("juror", flat=True))
    wanted = {one.pk for one in jurors} - already
    if wanted - free:
        raise NotOfThisPlan
    PlanJuror.objects.bulk_create(PlanJuror(plan=plan, juror_id=pk) for pk in sorted(wanted))
    return _added(plan, "jurors", sorted(wanted), by, at)


@transaction.atomic
def add_invigilators(*, plan: SeasonPlan, users: Iterable[User], by: User, at: datetime) -> int:
    """Add people of the centre who may watch exams. Raises NotOfThisPlan or PlanBeingSolved."""
    plan = lock_idle(plan.pk)
    may = set(invigilators_of(plan.organisation).values_list("pk", flat=True))
    already = set(plan.invigilators.values_list("user", flat=True))
    wanted = {one.pk for one in users} - already
    if wanted - may:
        raise NotOfThisPlan
    PlanInvigilator.objects.bulk_create(
        PlanInvigilator(plan=plan, user_id=pk) for pk in sorted(wanted)
    )
    return _added(plan, "invigilators", sorted(wanted), by, at)


def invigilators_of(organisation: Organisation) -> Any:
    """The people of a centre with the right to watch exams."""
    roles = [Role(role) for role, verbs in ROLES.items() if Verb.SESSION_INVIGILATE in verbs]
    return members_of(organisation, roles)


def _added(plan: SeasonPlan, what: str, keys: Sequence[int], by: User, at: datetime) -> int:
    if keys:
        trace.record("plan.people_added", plan, by=by, at=at, what=what, keys=list(keys))
    return len(keys)


@transaction.atomic
def remove_person(*, person: Person, by: User, at: datetime) -> None:
    """Take somebody out of a plan in composition. Raises PlanComposed."""
    plan = lock_draft(person.plan_id)
    what = type(person).__name__
    trace.record("plan.person_removed", plan, by=by, at=at, what=what, key=person.pk)
    person.delete()


@transaction.atomic
def set_absences(
    *,
    plan: SeasonPlan,
    absences: Iterable[tuple[Person, Iterable[PlanDay]]],
    by: User,
    at: datetime,
) -> None:
    """The days on which these people cannot come, in place of those noted before.

    Raises PlanComposed or NotOfThisPlan.
    """
    plan = lock_draft(plan.pk)
    own = {day.pk for day in plan.days.all()}
    noted = 0
    for person, days in absences:
        wanted = {day.pk for day in days}
        if person.plan_id != plan.pk or wanted - own:
            raise NotOfThisPlan
        if wanted != {day.pk for day in person.away.all()}:
            person.away.set(wanted)
            noted += 1
    if noted:
        trace.record("plan.absences_noted", plan, by=by, at=at, people=noted)


# ---- Rooms and days ----


@transaction.atomic
def add_room(
    *,
    plan: SeasonPlan,
    name: str,
    kind: str,
    workstations: int,
    is_confidential: bool,
    by: User,
    at: datetime,
) -> PlanRoom:
    """Add a room. Raises RoomNameTaken, RoomNotOfItsKind or PlanBeingSolved."""
    plan = lock_idle(plan.pk)
    if plan.rooms.filter(name=name).exists():
        raise RoomNameTaken(name=name)
    hears = kind == PlanRoom.Kind.JURY
    if hears != (workstations == 0) or (hears and not is_confidential):
        raise RoomNotOfItsKind
    room = PlanRoom.objects.create(
        plan=plan,
        name=name,
        kind=kind,
        workstations=workstations,
        is_confidential=is_confidential,
    )
    trace.record("plan.room_added", plan, by=by, at=at, name=name, workstations=workstations)
    return room


@transaction.atomic
def remove_room(*, room: PlanRoom, by: User, at: datetime) -> None:
    """Raises PlanComposed."""
    plan = lock_draft(room.plan_id)
    trace.record("plan.room_removed", plan, by=by, at=at, name=room.name)
    room.delete()


@transaction.atomic
def add_days(
    *,
    plan: SeasonPlan,
    dates: Iterable[date],
    opens: int,
    closes: int,
    pauses: Sequence[tuple[int, int]],
    by: User,
    at: datetime,
) -> int:
    """Add days with these hours, in minutes from midnight; a day already there keeps its own.

    How many were added. Raises DayOutOfOrder or PlanBeingSolved.
    """
    plan = lock_idle(plan.pk)
    if not policy.hours_in_order(opens, closes, pauses):
        raise DayOutOfOrder
    already = set(plan.days.values_list("on", flat=True))
    wanted = sorted(set(dates) - already)
    PlanDay.objects.bulk_create(
        PlanDay(plan=plan, on=on, opens=opens, closes=closes, pauses=[list(p) for p in pauses])
        for on in wanted
    )
    if wanted:
        trace.record(
            "plan.days_added", plan, by=by, at=at, days=[day.isoformat() for day in wanted]
        )
    return len(wanted)


@transaction.atomic
def remove_day(*, day: PlanDay, by: User, at: datetime) -> None:
    """Raises PlanComposed."""
    plan = lock_draft(day.plan_id)
    trace.record("plan.day_removed", plan, by=by, at=at, day=day.on.isoformat())
    day.delete()
