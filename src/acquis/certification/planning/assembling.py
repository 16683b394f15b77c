"""A season's plan in the database as the problem that the solver reads.

Keys are those of the rows: of `PlanCandidate`, `PlanJuror` and `PlanRoom`; days count from 0 in
their order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, SessionJuror
from acquis.certification.exam_sessions.phases import PhasePlan
from acquis.certification.exam_sessions.queries import phases_of
from acquis.certification.juries import policy as jury
from acquis.certification.juries import queries as juries
from acquis.certification.planning import policy
from acquis.certification.planning.exams import exam_of
from acquis.certification.planning.forming import Composition, Seat
from acquis.certification.planning.models import (
    PlanCandidate,
    PlanDay,
    PlanInvigilator,
    PlanJuror,
    PlanRoom,
    SeasonPlan,
)
from acquis.certification.planning.problem import Day, Panel, Problem, Room, Sitter


@dataclass(frozen=True)
class Assembled:
    """The problem without its juries, and the rows behind its keys."""

    plan: SeasonPlan
    problem: Problem
    days: Sequence[PlanDay]
    candidates: Mapping[int, PlanCandidate]
    phases: Mapping[int, Sequence[PhasePlan]]
    jurors: Mapping[int, PlanJuror]
    rooms: Mapping[int, PlanRoom]
    invigilators: Sequence[PlanInvigilator]
    seats: Sequence[Seat]
    composition: Composition

    def with_panels(self, panels: Iterable[Panel]) -> Problem:
        return replace(self.problem, panels=tuple(panels))

    def watchers(self, day: int) -> list[PlanInvigilator]:
        """Who may watch rooms that day, another one first each day."""
        there = [one for one in self.invigilators if self.days[day] not in one.away.all()]
        turn = day % len(there) if there else 0
        return there[turn:] + there[:turn]


def assemble(plan: SeasonPlan) -> Assembled:
    """All that is known of the plan, in a number of queries that does not depend on its people."""
    days = list(plan.days.all())
    rank = {day.pk: number for number, day in enumerate(days)}
    candidates = list(
        plan.candidates.select_related("enrolment__candidate").prefetch_related(
            "away", "enrolment__accommodations"
        )
    )
    for one in candidates:
        one.enrolment.version = plan.version
    phases = {one.pk: phases_of(one.enrolment) for one in candidates}
    jurors = list(plan.jurors.select_related("juror").prefetch_related("away"))
    invigilators = list(plan.invigilators.select_related("user").prefetch_related("away"))
    rooms = list(plan.rooms.all())
    seats = _seats(plan, jurors, days, rank)
    return Assembled(
        plan,
        Problem(
            sitters=tuple(_sitters(plan, candidates, phases, jurors, days, rank)),
            panels=(),
            rooms=tuple(Room(room.pk, room.workstations) for room in rooms),
            days=tuple(_day(plan, day, invigilators) for day in days),
            away={seat.key: seat.away for seat in seats},
            turnover=plan.turnover_minutes,
            most_a_day=plan.most_a_day,
        ),
        days,
        {one.pk: one for one in candidates},
        phases,
        {one.pk: one for one in jurors},
        {room.pk: room for room in rooms},
        invigilators,
        seats,
        composition_of(plan),
    )


def faults(found: Assembled) -> list[policy.Fault]:
    """What the plan lacks before it can be solved, those that leave no timetable first."""
    problem = found.problem
    missing = policy.composition_faults(
        problem.sitters,
        found.seats,
        problem.days,
        found.composition,
        jury_rooms=len(problem.jury_rooms),
        workstations=sum(room.seats for room in problem.rooms),
        untimed=any(
            not sitter.exam.together_minutes + sitter.exam.alone_minutes
            for sitter in problem.sitters
        ),
    )
    if not any(fault.blocking for fault in missing):
        missing += policy.unheard(problem.sitters, found.seats, len(found.days), found.composition)
    return sorted(missing, key=lambda fault: not fault.blocking)


def composition_of(plan: SeasonPlan) -> Composition:
    rules = jury.rules_from(plan.version.content, plan.block)
    return Composition(
        plan.jury_size, rules.external_min, bool(wanted_specialities(plan)), rules.seats
    )


def wanted_specialities(plan: SeasonPlan) -> tuple[str, ...]:
    """What a member of each jury must have: the framework's, and the one that the plan adds."""
    stated = jury.rules_from(plan.version.content, plan.block).specialities
    return (*stated, plan.speciality) if plan.speciality else stated


def _day(plan: SeasonPlan, day: PlanDay, invigilators: Iterable[PlanInvigilator]) -> Day:
    return Day(
        day.opens,
        day.closes,
        tuple((start, end) for start, end in day.pauses),
        plan.briefing_minutes,
        sum(day not in one.away.all() for one in invigilators),
    )


def _seats(
    plan: SeasonPlan, jurors: Sequence[PlanJuror], days: Sequence[PlanDay], rank: Mapping[int, int]
) -> list[Seat]:
    """Jurors with the days on which they are away, not regular, or in a session of another plan."""
    rules = jury.rules_from(plan.version.content, plan.block)
    elsewhere = _days_elsewhere(plan, jurors)
    wanted = wanted_specialities(plan)
    seats = []
    for one in jurors:
        member = juries.as_member(one.juror)
        gone = {rank[day.pk] for day in one.away.all()}
        gone |= {
            number
            for number, day in enumerate(days)
            if day.on in elsewhere[one.juror_id] or jury.member_faults(member, rules, day.on)
        }
        seats.append(
            Seat(
                one.pk,
                member.is_external,
                all(
                    any(jury.matches(asked, has) for has in member.specialities) for asked in wanted
                ),
                member.experience_years,
                frozenset(gone),
                member.represents,
            )
        )
    return seats


def _sitters(
    plan: SeasonPlan,
    candidates: Sequence[PlanCandidate],
    phases: Mapping[int, Sequence[PhasePlan]],
    jurors: Sequence[PlanJuror],
    days: Sequence[PlanDay],
    rank: Mapping[int, int],
) -> Iterable[Sitter]:
    barred = _barred(candidates, jurors)
    elsewhere = _candidate_days_elsewhere(plan, candidates)
    for one in candidates:
        person = one.enrolment.candidate_id
        gone = {rank[day.pk] for day in one.away.all()}
        gone |= {number for number, day in enumerate(days) if day.on in elsewhere[person]}
        yield Sitter(
            one.pk,
            exam_of(phases[one.pk], plan.marking_minutes),
            frozenset(barred[person]),
            frozenset(gone),
        )


def _barred(
    candidates: Iterable[PlanCandidate], jurors: Sequence[PlanJuror]
) -> Mapping[int, set[int]]:
    """By candidate, the jurors of the plan with a declared link (X-03)."""
    plan_juror = {one.juror_id: one.pk for one in jurors}
    # The link gives back the name that it is asked with: the key stands for it.
    names = {one.enrolment.candidate_id: str(one.enrolment.candidate_id) for one in candidates}
    barred: dict[int, set[int]] = defaultdict(set)
    bodies = {
        one.enrolment.candidate_id: (one.enrolment.employer, one.enrolment.training_body)
        for one in candidates
    }
    for link in juries.links_with([one.juror for one in jurors], names, bodies):
        barred[int(link.candidate_name)].add(plan_juror[link.member])
    return barred


def _days_elsewhere(plan: SeasonPlan, jurors: Iterable[PlanJuror]) -> Mapping[int, set[date]]:
    """By juror, the days of the sessions that they sit in and that this plan did not make."""
    rows = (
        SessionJuror.objects.filter(juror__in=[one.juror_id for one in jurors])
        .exclude(session__state=ExamSession.State.CANCELLED)
        .exclude(session__plan_row__plan=plan)
        .values_list("juror_id", "session__starts_at")
    )
    taken: dict[int, set[date]] = defaultdict(set)
    for juror, starts_at in rows:
        taken[juror].add(timezone.localtime(starts_at).date())
    return taken


def _candidate_days_elsewhere(
    plan: SeasonPlan, candidates: Iterable[PlanCandidate]
) -> Mapping[int, set[date]]:
    rows = (
        SessionCandidate.objects.filter(
            enrolment__candidate__in=[one.enrolment.candidate_id for one in candidates]
        )
        .exclude(session__state=ExamSession.State.CANCELLED)
        .exclude(session__plan_row__plan=plan)
        .values_list("enrolment__candidate_id", "session__starts_at")
    )
    taken: dict[int, set[date]] = defaultdict(set)
    for candidate, starts_at in rows:
        taken[candidate].add(timezone.localtime(starts_at).date())
    return taken
