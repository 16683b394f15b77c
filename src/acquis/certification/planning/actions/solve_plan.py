from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.planning import presentation, queries
from acquis.certification.planning.actions.keeping import put_in_force
from acquis.certification.planning.actions.locking import lock, lock_draft
from acquis.certification.planning.assembling import Assembled, assemble, faults
from acquis.certification.planning.errors import PlanIncomplete
from acquis.certification.planning.models import PlanRevision, SeasonPlan
from acquis.certification.planning.problem import Plan, Problem
from acquis.kernel import jobs, trace
from acquis.kernel.models import Job

JOB = "planning.solve"


@transaction.atomic
def start_solving(*, plan: SeasonPlan, by: User, at: datetime) -> Job:
    """Queue the search of a timetable. Raises PlanComposed, PlanBeingSolved or PlanIncomplete."""
    plan = lock_draft(plan.pk)
    found = assemble(plan)
    missing = [fault for fault in faults(found) if fault.blocking]
    if missing:
        sentences = " ".join(presentation.fault_sentence(fault, found) for fault in missing)
        raise PlanIncomplete(faults=sentences)
    plan.refusal = None
    plan.save(update_fields=["refusal"])
    trace.record("plan.search_started", plan, by=by, at=at)
    return jobs.enqueue(
        JOB,
        by=by,
        at=at,
        args={"plan": plan.pk, "by": by.pk},
        unique_key=queries.job_key(plan),
    )


@transaction.atomic
def keep_solution(
    *, found: Assembled, problem: Problem, solution: Plan, by: User, at: datetime
) -> PlanRevision:
    """Put the timetable found in force; found twice by a job taken up again, it is kept once more."""
    plan = lock(found.plan.pk)
    revision = put_in_force(
        found, problem, solution, kind=PlanRevision.Kind.SOLVED, note="", by=by, at=at
    )
    plan.state, plan.refusal = SeasonPlan.State.SOLVED, None
    plan.save(update_fields=["state", "refusal"])
    first = solution.proofs[0]
    trace.record(
        "plan.solved",
        plan,
        by=by,
        at=at,
        revision=revision.number,
        jury_days=first.value,
        at_least=first.bound,
    )
    return revision


@transaction.atomic
def keep_refusal(*, plan: SeasonPlan, refusal: dict[str, Any], by: User, at: datetime) -> None:
    """Remember why no timetable was found: `{"code", "sitters", "remedies"}`."""
    plan = lock(plan.pk)
    plan.refusal = refusal
    plan.save(update_fields=["refusal"])
    trace.record("plan.found_impossible", plan, by=by, at=at, code=refusal["code"])
