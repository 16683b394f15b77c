"""A candidate's exam as the solver reads it, and the hours found as the phases of that exam; pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from acquis.certification.exam_sessions.phases import PhaseKind, PhasePlan
from acquis.certification.exam_sessions.policy import together
from acquis.certification.planning.problem import Day, Exam, Placed, Step

# Who answers, defends or speaks with customers does so before the jury, whether or not the
# framework's step says it (X-04: the final interview is part of the jury's 95 minutes).
_BEFORE_JURY = frozenset({PhaseKind.INTERVIEW, PhaseKind.DEFENCE, PhaseKind.REACTION})
# The jury reads the written work before it questions the candidate on it, not before it plays
# the customers.
_QUESTIONS = frozenset({PhaseKind.INTERVIEW, PhaseKind.REACTION, PhaseKind.DEFENCE})


@dataclass(frozen=True, slots=True)
class PhaseHour:
    """One phase of one candidate in the day: minutes from midnight, and the stay it belongs to.

    `stay` is the rank of its stay in an exam room, None before the jury or nowhere.
    """

    plan: PhasePlan
    starts: int
    ends: int
    jury: bool
    stay: int | None


def before_jury(plan: PhasePlan) -> bool:
    return plan.jury_present or plan.kind in _BEFORE_JURY


def minutes_of(plan: PhasePlan) -> int:
    """The candidate's own time, up to the minute."""
    return math.ceil(plan.planned_seconds / 60)


def exam_of(plans: Sequence[PhasePlan], marking: int) -> Exam:
    """The exam that these phases make; phases without a time ask for nothing.

    `marking` are the jury's minutes for the written part, 0 where nothing is written.
    """
    shared = together(plans)
    written, rest = plans[:shared], plans[shared:]
    last = rest[-1] if rest else None  # nobody waits for a rest after the end
    steps = tuple(step for plan in rest for step in _steps(plan, rests=plan is not last))
    first = tuple(step for plan in written for step in _steps(plan, rests=bool(rest)))
    due = next((plan.code for plan in rest if plan.kind in _QUESTIONS and before_jury(plan)), "")
    return Exam(first, steps, marking if first else 0, due, tuple(_cuts(rest)))


def _cuts(plans: Sequence[PhasePlan]) -> Iterator[str]:
    """Before which phases of the run a pause of the day may fall, where it cannot fall outside.

    Between two parts of the exam (mise en situation, entretien technique…), where nothing drawn is
    still being worked on, or where the candidate's own rest was decided (X-11).
    """
    timed = [plan for plan in plans if plan.planned_seconds]
    for earlier, later in pairwise(timed):
        if later.method != earlier.method or earlier.pause_seconds:
            yield later.code


def _steps(plan: PhasePlan, *, rests: bool) -> Iterator[Step]:
    """The phase, then the candidate's own rest after it (X-11), which needs nobody and no place."""
    jury = before_jury(plan)
    if plan.planned_seconds:
        yield Step(plan.code, minutes_of(plan), jury=jury, seat=not jury)
    if plan.pause_seconds and rests:
        yield Step(f"{plan.code}.pause", _pause(plan))


def _pause(plan: PhasePlan) -> int:
    return math.ceil(plan.pause_seconds / 60)


def hours_of(plans: Sequence[PhasePlan], placed: Placed) -> list[PhaseHour]:
    """Each phase at its hour, those without a time between their neighbours."""
    shared = together(plans)
    hours: list[PhaseHour] = []
    stays = 0
    for run, start in (
        (plans[:shared], placed.alone_at if placed.together_at is None else placed.together_at),
        (plans[shared:], placed.alone_at),
    ):
        at, seated = start, False
        for plan in run:
            if plan.code == placed.cut and placed.resumes_at is not None:
                at, seated = placed.resumes_at, False
            minutes, jury = minutes_of(plan), before_jury(plan)
            sits = bool(minutes) and not jury
            if minutes:
                stays += sits and not seated
                seated = sits
            hours.append(PhaseHour(plan, at, at + minutes, jury, stays - 1 if sits else None))
            at += minutes + _pause(plan)
            seated = seated and not plan.pause_seconds
    return hours


def briefing_at(day: Day, first: int) -> int:
    """When the jury meets so that it is ready at its `first` minute of work: as late as can be.

    The meeting crosses no pause; it falls before the pause that the first work follows.
    """
    at = first - day.briefing
    for begins, ends in sorted(day.pauses, reverse=True):
        if at < ends and begins < at + day.briefing:
            at = begins - day.briefing
    return at
