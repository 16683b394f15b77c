from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.certification.exam_sessions import actions as sessions
from acquis.certification.exam_sessions.models import (
    ExamSession,
    SessionCandidate,
    SessionJuror,
    Summons,
)
from acquis.certification.exam_sessions.policy import COMPOSABLE, Slot
from acquis.certification.exam_sessions.queries import stored_hours
from acquis.certification.planning import queries
from acquis.certification.planning.actions.locking import lock_solved, locked_timetable
from acquis.certification.planning.assembling import exam_keys, exams_of
from acquis.certification.planning.errors import SessionUnderWay
from acquis.certification.planning.models import (
    PlanExam,
    PlanJury,
    PlannedSlot,
    PlanSession,
    SeasonPlan,
)
from acquis.kernel import jobs, trace
from acquis.kernel.models import Job

JOB = "planning.publish"
Key = tuple[int, date, int]  # number of the jury, day, key of the exam


@dataclass
class Published:
    """What a publication did: sessions made, changed, called off, and who needs a new summons."""

    made: int = 0
    changed: int = 0
    cancelled: int = 0
    to_summon: list[str] = field(default_factory=list)


@transaction.atomic
def start_publishing(*, plan: SeasonPlan, by: User, at: datetime) -> Job:
    """Queue the publication. Raises PlanNotSolved or PlanBeingSolved."""
    plan, _current = lock_solved(plan.pk)
    return jobs.enqueue(
        JOB,
        by=by,
        at=at,
        args={"plan": plan.pk, "by": by.pk},
        unique_key=queries.job_key(plan),
    )


@transaction.atomic
def publish_plan(*, plan: SeasonPlan, by: User, at: datetime) -> Published:
    """Make one session of each jury's day and exam, or bring those made before up to the timetable.

    Whoever sits in another session from now on takes their summons along. Called by the job that
    holds the plan. Raises PlanNotSolved, SessionUnderWay where an open session would change, and
    what sessions refuse.
    """
    plan, current = locked_timetable(plan.pk)
    wanted = _wanted(plan)
    juries = {jury.number: jury for jury in queries.juries(plan)}
    done = Published()
    rows = _matched(plan, wanted)
    frozen = {key for key, row in rows.items() if _is_frozen(row.session, wanted[key])}
    gone = _to_call_off(plan, rows)
    # Read before anybody goes elsewhere, and before sessions go to another hour.
    told = _told(plan)
    free = {key: day for key, day in wanted.items() if key not in frozen}
    exams = exams_of(plan)
    for key in sorted(free, key=lambda one: (one[1], one[0], one[2])):
        rows[key] = _ready(exams[key[2]], key, free[key], rows.get(key), done, by, at)
    moved = _move(plan, free, rows, by, at)
    _move_jurors(plan, {key: juries[key[0]] for key in free}, rows, by, at)
    for key, day in free.items():
        _let_go(rows[key].session, day, juries[key[0]], by, at)
    for row in gone:
        _call_off(row, done, by, at)
    for key, day in free.items():
        changed = _seat(rows[key].session, day, told.hours, by, at) | moved.get(key, {})
        done.changed += bool(changed) and rows[key].pk in told.rows
        done.to_summon += [name for pk, name in changed.items() if pk in told.summoned]
    # Once all hours are known: a jury may sit for two exams a day, never at once.
    for key in free:
        _sit(rows[key].session, juries[key[0]], by, at)
    plan.state, plan.published_at = SeasonPlan.State.PUBLISHED, at
    plan.published_number = current.number
    plan.save(update_fields=["state", "published_at", "published_number"])
    trace.record(
        "plan.published",
        plan,
        by=by,
        at=at,
        revision=current.number,
        made=done.made,
        changed=done.changed,
        cancelled=done.cancelled,
    )
    return done


Day = Mapping[int, list[PlannedSlot]]  # by enrolment


def _wanted(plan: SeasonPlan) -> dict[Key, Day]:
    """The slots of each session, by enrolment; the marking is the jury's own affair."""
    exam_of = exam_keys(plan.exams.all())
    found: dict[Key, dict[int, list[PlannedSlot]]] = defaultdict(lambda: defaultdict(list))
    for slot in queries.slots(plan).exclude(position=0).order_by("candidate", "position"):
        day = timezone.localtime(slot.starts_at).date()
        enrolment = slot.candidate.enrolment
        exam = exam_of[enrolment.version_id, enrolment.block]
        found[slot.jury.number, day, exam][enrolment.pk].append(slot)
    return dict(found)


def _matched(plan: SeasonPlan, wanted: Mapping[Key, Day]) -> dict[Key, PlanSession]:
    """The session of each jury's day; where a juror was replaced, that of the same candidates."""
    rows = list(plan.sessions.select_related("session"))
    known = {(row.jury_number, row.on, row.exam_id): row for row in rows}
    matched = {key: row for key, row in known.items() if key in wanted}
    for key, day in wanted.items():
        free = [
            row for row in rows if (row.on, row.exam_id) == key[1:] and row not in matched.values()
        ]
        if key in matched or not free:
            continue
        common = Counter(
            {row.pk: row.session.candidates.filter(enrolment__in=list(day)).count() for row in free}
        )
        row = max(free, key=lambda one: common[one.pk])
        row.jury_number = key[0]
        row.save(update_fields=["jury_number"])
        matched[key] = row
    return matched


def _is_frozen(session: ExamSession, day: Day) -> bool:
    """An open session stays as it is. Raises SessionUnderWay when other people should be in it."""
    if session.state in COMPOSABLE:
        return False
    if set(session.candidates.values_list("enrolment", flat=True)) != set(day):
        raise SessionUnderWay(reference=session.reference)
    return True


def _to_call_off(plan: SeasonPlan, rows: Mapping[Key, PlanSession]) -> list[PlanSession]:
    """Sessions that the timetable has no use for any more. Raises SessionUnderWay for an open one."""
    kept = {row.pk for row in rows.values()}
    gone = [row for row in plan.sessions.select_related("session") if row.pk not in kept]
    for row in gone:
        if row.session.state not in {*COMPOSABLE, ExamSession.State.CANCELLED}:
            raise SessionUnderWay(reference=row.session.reference)
    return gone


def _call_off(row: PlanSession, done: Published, by: User, at: datetime) -> None:
    sessions.cancel_session(
        session=row.session,
        reason=_("Le plan « %(name)s » a changé.") % {"name": row.plan.name},
        by=by,
        at=at,
    )
    row.delete()
    done.cancelled += 1


@dataclass(frozen=True)
class _Told:
    """What the sessions say before a publication, by the keys of their rows and seats."""

    rows: frozenset[int]
    hours: Mapping[int, list[Slot]]
    summoned: frozenset[int]  # seats with a summons that nothing replaced yet


def _told(plan: SeasonPlan) -> _Told:
    seats = list(SessionCandidate.objects.filter(session__plan_row__plan=plan))
    summoned = Summons.objects.filter(
        candidate__in=seats, replaced_by__isnull=True, withdrawn_at__isnull=True
    )
    return _Told(
        frozenset(plan.sessions.values_list("pk", flat=True)),
        stored_hours(seats),
        frozenset(pk for pk in summoned.values_list("candidate", flat=True) if pk),
    )


def _move(
    plan: SeasonPlan,
    wanted: Mapping[Key, Day],
    rows: Mapping[Key, PlanSession],
    by: User,
    at: datetime,
) -> dict[Key, dict[int, str]]:
    """Whoever sits in another session from now on takes their summons along; names by seat."""
    goes = {enrolment: key for key, day in wanted.items() for enrolment in day}
    seats = SessionCandidate.objects.filter(
        session__plan_row__plan=plan, session__state__in=COMPOSABLE, enrolment__in=list(goes)
    ).select_related("enrolment__candidate")
    moved: dict[Key, dict[int, str]] = defaultdict(dict)
    for seat in seats:
        key = goes[seat.enrolment_id]
        session = rows[key].session
        if seat.session_id != session.pk:
            sessions.move_candidate(seat=seat, session=session, by=by, at=at)
            moved[key][seat.pk] = seat.enrolment.candidate.full_name
    return moved


def _move_jurors(
    plan: SeasonPlan,
    wanted: Mapping[Key, PlanJury],
    rows: Mapping[Key, PlanSession],
    by: User,
    at: datetime,
) -> None:
    """Jurors who leave one session of the plan for another take their place and their summons along."""
    goes: dict[int, dict[int, ExamSession]] = defaultdict(dict)
    for key, jury in wanted.items():
        for member in jury.members.all():
            goes[member.juror.juror_id][rows[key].session_id] = rows[key].session
    sitting: dict[int, dict[int, SessionJuror]] = defaultdict(dict)
    members = SessionJuror.objects.filter(
        session__plan_row__plan=plan, session__state__in=COMPOSABLE, juror__in=list(goes)
    )
    for row in members.select_related("juror").order_by("session__starts_at", "pk"):
        sitting[row.juror_id][row.session_id] = row
    for juror, places in sitting.items():
        leaving = [row for pk, row in places.items() if pk not in goes[juror]]
        joining = [session for pk, session in goes[juror].items() if pk not in places]
        joining.sort(key=lambda one: (one.starts_at, one.pk))
        for row, session in zip(leaving, joining, strict=False):
            sessions.move_juror(member=row, session=session, by=by, at=at)


def _let_go(session: ExamSession, day: Day, jury: PlanJury, by: User, at: datetime) -> None:
    """Whoever is in the timetable no more leaves first: nobody sits in two juries of one day."""
    for seat in session.candidates.exclude(enrolment__in=list(day)):
        sessions.remove_candidate(seat=seat, by=by, at=at)
    members = [member.juror.juror_id for member in jury.members.all()]
    for member in session.jurors.exclude(juror__in=members):
        sessions.remove_juror(member=member, by=by, at=at)


def _ready(
    exam: PlanExam,
    key: Key,
    day: Day,
    row: PlanSession | None,
    done: Published,
    by: User,
    at: datetime,
) -> PlanSession:
    """The session of a jury's day and exam, made or put to its hour and its place."""
    plan = exam.plan
    data = _data(exam, day, row.session if row else None)
    if row is not None:
        row.session = sessions.revise_session(session=row.session, data=data, by=by, at=at)
        return row
    session = sessions.plan_session(organisation=plan.organisation, data=data, by=by, at=at)
    done.made += 1
    return PlanSession.objects.create(
        plan=plan, jury_number=key[0], on=key[1], exam=exam, session=session
    )


def _data(exam: PlanExam, day: Day, session: ExamSession | None) -> sessions.SessionData:
    plan = exam.plan
    slots = [slot for those in day.values() for slot in those]
    rooms = sorted({slot.room.name for slot in slots if slot.before_jury and slot.room})
    return sessions.SessionData(
        reference=session.reference if session else "",
        version=exam.version,
        block=exam.block,
        starts_at=min(slot.starts_at for slot in slots),
        place=plan.place,
        address=plan.address,
        room=", ".join(rooms)[:100],
        enterprise_id=plan.enterprise_id,
    )


def _seat(
    session: ExamSession, day: Day, told: Mapping[int, list[Slot]], by: User, at: datetime
) -> dict[int, str]:
    """Everybody seated with their hours; those to whom other ones were told, by the key of their seat."""
    changed = {}
    for slots in sorted(day.values(), key=_order):
        seat = sessions.add_candidate(
            session=session, enrolment=slots[0].candidate.enrolment, by=by, at=at
        )
        hours = _slots(slots)
        sessions.keep_hours(seat=seat, slots=hours, by=by, at=at)
        if told.get(seat.pk) != hours:
            changed[seat.pk] = slots[0].candidate.enrolment.candidate.full_name
    return changed


def _order(slots: list[PlannedSlot]) -> datetime:
    return max(slot.starts_at for slot in slots)


def _slots(slots: Iterable[PlannedSlot]) -> list[Slot]:
    return [
        Slot(
            slot.code,
            slot.kind,
            slot.title,
            timezone.localtime(slot.starts_at),
            timezone.localtime(slot.ends_at),
            slot.before_jury,
            slot.room.name if slot.room else "",
            slot.workstation,
        )
        for slot in slots
    ]


def _sit(session: ExamSession, jury: PlanJury, by: User, at: datetime) -> None:
    """The jury of the plan; its first member presides. Raises JurorBusy, also of who was moved here."""
    for rank, member in enumerate(jury.members.all()):
        sessions.refuse_busy_juror(session, member.juror.juror)
        sitting = sessions.add_juror(session=session, juror=member.juror.juror, by=by, at=at)
        if rank == 0 and sitting.function != SessionJuror.Function.PRESIDENT:
            sessions.name_president(member=sitting, by=by, at=at)
