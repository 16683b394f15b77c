"""A plan locked, and what its state allows."""

from acquis.certification.planning import queries
from acquis.certification.planning.errors import (
    PlanBeingSolved,
    PlanComposed,
    PlanNotSolved,
)
from acquis.certification.planning.models import PlanRevision, SeasonPlan


def lock(plan_id: int) -> SeasonPlan:
    return (
        SeasonPlan.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=plan_id)
    )


def lock_idle(plan_id: int) -> SeasonPlan:
    """Raises PlanBeingSolved while a search is under way."""
    plan = lock(plan_id)
    if queries.job_of(plan) is not None:
        raise PlanBeingSolved
    return plan


def lock_draft(plan_id: int) -> SeasonPlan:
    """Raises PlanBeingSolved, or PlanComposed once a timetable is found."""
    plan = lock_idle(plan_id)
    if plan.state != SeasonPlan.State.DRAFT:
        raise PlanComposed
    return plan


def lock_solved(plan_id: int) -> tuple[SeasonPlan, PlanRevision]:
    """The plan and its timetable in force. Raises PlanBeingSolved or PlanNotSolved."""
    lock_idle(plan_id)
    return locked_timetable(plan_id)


def locked_timetable(plan_id: int) -> tuple[SeasonPlan, PlanRevision]:
    """The same for the job that works on the plan itself. Raises PlanNotSolved."""
    plan = lock(plan_id)
    current = queries.current_revision(plan)
    if plan.state == SeasonPlan.State.DRAFT or current is None:
        raise PlanNotSolved
    return plan, current
