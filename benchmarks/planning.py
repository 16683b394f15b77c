"""A season of titles planned from nothing, then planned again when a juror falls ill."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.certification.planning.instances import season

from benchmarks import engines

if TYPE_CHECKING:
    from acquis.certification.planning.problem import Placed, Problem

NAME = "planning"
TITLE = "a timetable of exams, its bound, and the least change when a juror is ill"
SIZES = (12, 60, 200)


def run(size: int, engine: str) -> dict[str, float]:
    """`size` is one of SIZES; no database is asked, whatever the engine."""
    del engine
    return measured(season(size))


def measured(asked: "Problem") -> dict[str, float]:
    """Planned from nothing, read by the checker, then planned again without one juror one day."""
    from acquis.certification.planning.checking import violations
    from acquis.certification.planning.replanning import replan
    from acquis.certification.planning.solving import solve

    start = time.perf_counter()
    plan = solve(asked)
    planned = time.perf_counter() - start
    first, days = plan.proofs[0], plan.proofs[1:]
    panel, day = sorted(plan.jury_days)[len(plan.jury_days) // 2]
    ill = asked.panel_of[panel].members[0]
    away = dict(asked.away) | {ill: asked.away.get(ill, frozenset()) | {day}}
    known = replace(asked, away=away)
    start = time.perf_counter()
    again = replan(known, plan)
    replanned = time.perf_counter() - start
    before = {one.sitter: one for one in plan.placed}
    return {
        "planned_s": round(planned, 2),
        "jury_days_found_s": round(first.seconds, 2),
        "jury_days_count": first.value,
        "jury_days_bound_count": first.bound,
        "days_count": len(days),
        "days_optimal_count": sum(proof.is_optimal for proof in days),
        "days_gap_percent": _gap(sum(p.value for p in days), sum(p.bound for p in days)),
        "invigilators_most_count": max((duty.invigilator for duty in plan.duties), default=0),
        "edge_hours_count": sum(_at_an_edge(asked, one) for one in plan.placed) // 60,
        "violations_count": len(violations(asked, plan.placed, plan.duties)),
        "replanned_s": round(replanned, 2),
        "moved_count": again.proofs[0].value,
        "moved_bound_count": again.proofs[0].bound,
        "other_hours_count": sum(
            (one.alone_at, one.together_at)
            != (before[one.sitter].alone_at, before[one.sitter].together_at)
            for one in again.placed
        ),
        "replanned_violations_count": len(violations(known, again.placed, again.duties)),
        "peak_mb": engines.peak_mb(),
    }


def _at_an_edge(problem: "Problem", one: "Placed") -> int:
    """Minutes from a candidate's first step to the last that lie in the first or the last hour."""
    day, exam = problem.days[one.day], problem.exam_of(one)
    first = one.alone_at if one.together_at is None else one.together_at
    last = one.alone_at + exam.alone_minutes
    return max(0, day.opens + 60 - first) + max(0, last - day.closes + 60)


def _gap(value: int, bound: int) -> float:
    """How far the minutes waited and stayed may still be from the best, at most."""
    return round(100 * (value - bound) / value, 1) if value else 0.0
