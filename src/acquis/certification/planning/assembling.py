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
from acquis.certification.planning.benches import Bench, Composition, Seat, unfit_of
from acquis.certification.planning.exams import exam_of
from acquis.certification.planning.models import (
    PlanCandidate,
    PlanDay,
    PlanExam,
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
    exams: Mapping[int, PlanExam]
    problem: Problem
    days: Sequence[PlanDay]
    candidates: Mapping[int, PlanCandidate]
    phases: Mapping[int, Sequence[PhasePlan]]
    jurors: Mapping[int, PlanJuror]
    rooms: Mapping[int, PlanRoom]
    invigilators: Sequence[PlanInvigilator]
    benches: Mapping[int, Bench]  # of the exams that have candidates, by the key of the exam

    def with_panels(self, panels: Iterable[Panel]) -> Problem:
        """The problem with these juries, each with the exams that it may hear on which days."""
        days, away = len(self.days), self.problem.away
        return replace(
            self.problem,
            panels=tuple(
                replace(one, unfit=unfit_of(one.members, self.benches.values(), days, away))
                for one in panels
            ),
        )

    def without(self, juror: int, day: int) -> "Assembled":
        """The same once a juror is away that day."""
        benches = {
            key: replace(
                bench,
                seats=tuple(
                    replace(seat, away=seat.away | {day}) if seat.key == juror else seat
                    for seat in bench.seats
                ),
            )
            for key, bench in self.benches.items()
        }
        gone = self.problem.away.get(juror, frozenset()) | {day}
        problem = replace(self.problem, away={**self.problem.away, juror: gone})
        return replace(self, benches=benches, problem=problem)

    def away(self, juror: int) -> frozenset[int]:
        """The days on which a juror can sit for no exam."""
        return self.problem.away.get(juror, frozenset())

    def is_specialist(self, juror: int) -> bool:
        """Whether they have what one member of some jury must have."""
        return any(
            bench.composition.specialist and bench.seat_of[juror].is_specialist
            for bench in self.benches.values()
        )

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
    exams = exams_of(plan)
    versions = {exam.version_id: exam.version for exam in exams.values()}
    for one in candidates:
        one.enrolment.version = versions[one.enrolment.version_id]
    phases = {one.pk: phases_of(one.enrolment) for one in candidates}
    jurors = list(plan.jurors.select_related("juror").prefetch_related("away"))
    invigilators = list(plan.invigilators.select_related("user").prefetch_related("away"))
    rooms = list(plan.rooms.all())
    benches = _benches(plan, exams, jurors, days, rank)
    away = {
        one.pk: frozenset.intersection(*(bench.seat_of[one.pk].away for bench in benches.values()))
        for one in jurors
    }
    sitters = tuple(_sitters(plan, exams, candidates, phases, jurors, days, rank))
    taken = {sitter.bench for sitter in sitters}
    return Assembled(
        plan,
        exams,
        Problem(
            sitters=sitters,
            panels=(),
            rooms=tuple(Room(room.pk, room.workstations) for room in rooms),
            days=tuple(_day(plan, day, invigilators) for day in days),
            away=away,
            turnover=plan.turnover_minutes,
            most_a_day=plan.most_a_day,
        ),
        days,
        {one.pk: one for one in candidates},
        phases,
        {one.pk: one for one in jurors},
        {room.pk: room for room in rooms},
        invigilators,
        {key: bench for key, bench in benches.items() if key in taken or not sitters},
    )


def exams_of(plan: SeasonPlan) -> dict[int, PlanExam]:
    """The exams of the plan with their frameworks, in one query."""
    return {
        one.pk: one for one in plan.exams.select_related("version__framework", "plan__organisation")
    }


def exam_keys(exams: Iterable[PlanExam]) -> dict[tuple[int, str], int]:
    """The exam of a plan by what people are enrolled for: version and block."""
    return {(one.version_id, one.block): one.pk for one in exams}


def faults(found: Assembled) -> list[policy.Fault]:
    """What the plan lacks before it can be solved, those that leave no timetable first."""
    problem = found.problem
    missing = policy.composition_faults(
        problem.sitters,
        list(found.benches.values()),
        problem.days,
        jury_rooms=len(problem.jury_rooms),
        workstations=sum(room.seats for room in problem.rooms),
        untimed=any(
            not sitter.exam.together_minutes + sitter.exam.alone_minutes
            for sitter in problem.sitters
        ),
    )
    if not any(fault.blocking for fault in missing):
        missing += policy.unheard(problem.sitters, found.benches, len(found.days))
        missing += policy.without_candidate(found.exams, problem.sitters)
    return sorted(missing, key=lambda fault: not fault.blocking)


def composition_of(plan: SeasonPlan, exam: PlanExam) -> Composition:
    rules = jury.rules_from(exam.version.content, exam.block)
    return Composition(
        plan.jury_size, rules.external_min, bool(wanted_specialities(plan, exam)), rules.seats
    )


def wanted_specialities(plan: SeasonPlan, exam: PlanExam) -> tuple[str, ...]:
    """What a member of each jury must have: the framework's, and the one that the plan adds."""
    stated = jury.rules_from(exam.version.content, exam.block).specialities
    return (*stated, plan.speciality) if plan.speciality else stated


def _day(plan: SeasonPlan, day: PlanDay, invigilators: Iterable[PlanInvigilator]) -> Day:
    return Day(
        day.opens,
        day.closes,
        tuple((start, end) for start, end in day.pauses),
        plan.briefing_minutes,
        sum(day not in one.away.all() for one in invigilators),
    )


def _benches(
    plan: SeasonPlan,
    exams: Mapping[int, PlanExam],
    jurors: Sequence[PlanJuror],
    days: Sequence[PlanDay],
    rank: Mapping[int, int],
) -> dict[int, Bench]:
    """For each exam, jurors with the days on which they are away, not regular, or in another session."""
    elsewhere = _days_elsewhere(plan, jurors)
    members = {one.pk: juries.as_member(one.juror) for one in jurors}
    gone = {
        one.pk: {rank[day.pk] for day in one.away.all()}
        | {number for number, day in enumerate(days) if day.on in elsewhere[one.juror_id]}
        for one in jurors
    }

    def seat(key: int, rules: jury.JuryRules, wanted: Sequence[str]) -> Seat:
        member = members[key]
        barred = {
            number for number, day in enumerate(days) if jury.member_faults(member, rules, day.on)
        }
        return Seat(
            key,
            member.is_external,
            all(any(jury.matches(asked, has) for has in member.specialities) for asked in wanted),
            member.experience_years,
            frozenset(gone[key] | barred),
            member.represents,
        )

    return {
        key: Bench(
            key,
            composition_of(plan, exam),
            tuple(
                seat(
                    one.pk,
                    jury.rules_from(exam.version.content, exam.block),
                    wanted_specialities(plan, exam),
                )
                for one in jurors
            ),
        )
        for key, exam in exams.items()
    }


def _sitters(
    plan: SeasonPlan,
    exams: Mapping[int, PlanExam],
    candidates: Sequence[PlanCandidate],
    phases: Mapping[int, Sequence[PhasePlan]],
    jurors: Sequence[PlanJuror],
    days: Sequence[PlanDay],
    rank: Mapping[int, int],
) -> Iterable[Sitter]:
    barred = _barred(candidates, jurors)
    elsewhere = _candidate_days_elsewhere(plan, candidates)
    bench_of = exam_keys(exams.values())
    for one in candidates:
        person = one.enrolment.candidate_id
        gone = {rank[day.pk] for day in one.away.all()}
        gone |= {number for number, day in enumerate(days) if day.on in elsewhere[person]}
        yield Sitter(
            one.pk,
            exam_of(phases[one.pk], plan.marking_minutes),
            frozenset(barred[person]),
            frozenset(gone),
            bench_of[one.enrolment.version_id, one.enrolment.block],
            person,
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
