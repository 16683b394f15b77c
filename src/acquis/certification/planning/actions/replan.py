"""A juror cannot come: somebody else sits, or as few candidates as can be go elsewhere."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.planning import changes, presentation, queries
from acquis.certification.planning.actions.keeping import new_revision, write_rows
from acquis.certification.planning.actions.locking import lock, lock_solved
from acquis.certification.planning.assembling import Assembled, assemble
from acquis.certification.planning.benches import unfit_of
from acquis.certification.planning.errors import JurorNotSitting, NotOfThisPlan, ProposalOver
from acquis.certification.planning.models import (
    PlanDay,
    PlanJuror,
    PlanRevision,
    SeasonPlan,
)
from acquis.certification.planning.problem import Panel, Plan, Problem
from acquis.certification.planning.revisions import panels_in, plan_in
from acquis.certification.planning.standing_in import substitutes, with_member
from acquis.kernel import jobs, trace
from acquis.kernel.models import Job

JOB = "planning.replan"


def sitting_of(
    found: Assembled, plan: Plan, panels: tuple[Panel, ...], juror: int, day: int
) -> int:
    """The jury in which a juror sits that day. Raises JurorNotSitting."""
    heard = {one.panel for one in plan.placed if one.day == day}
    for panel in panels:
        if panel.key in heard and juror in panel.members:
            return panel.key
    raise JurorNotSitting(name=presentation.juror_name(found, juror))


@transaction.atomic
def start_replanning(*, juror: PlanJuror, day: PlanDay, by: User, at: datetime) -> Job:
    """Queue the search of the least change without that juror that day.

    Raises JurorNotSitting, PlanNotSolved, PlanBeingSolved or NotOfThisPlan.
    """
    plan, _current = _refuse(juror, day)
    trace.record(
        "plan.absence_studied", plan, by=by, at=at, juror=juror.juror_id, day=day.on.isoformat()
    )
    return jobs.enqueue(
        JOB,
        by=by,
        at=at,
        args={"plan": plan.pk, "by": by.pk, "juror": juror.pk, "day": day.pk},
        unique_key=queries.job_key(plan),
    )


@transaction.atomic
def propose_substitute(
    *, juror: PlanJuror, day: PlanDay, instead: PlanJuror, by: User, at: datetime
) -> PlanRevision:
    """Propose that another juror sits that day; nobody's hours change.

    Raises NotOfThisPlan when they may not, and what `start_replanning` refuses.
    """
    plan, current = _refuse(juror, day)
    found = assemble(plan)
    panels, solution = panels_in(current.content), plan_in(found, current.content)
    rank = list(found.days).index(day)
    panel = sitting_of(found, solution, panels, juror.pk, rank)
    if instead.pk not in able_to_replace(found, solution, panels, juror.pk, rank):
        raise NotOfThisPlan
    problem, other = with_member(
        found.without(juror.pk, rank).with_panels(panels),
        solution,
        panel,
        rank,
        juror.pk,
        instead.pk,
    )
    return _propose(found, problem, other, juror=juror, day=day, by=by, at=at)


def able_to_replace(
    found: Assembled, plan: Plan, panels: tuple[Panel, ...], juror: int, day: int
) -> list[int]:
    """Who may sit instead: free, independent, and the jury stays regular; most experience first."""
    panel = sitting_of(found, plan, panels, juror, day)
    ill = found.without(juror, day)
    problem = ill.with_panels(panels)
    members = [key for key in problem.panel_of[panel].members if key != juror]
    heard = {
        problem.sitter_of[one.sitter].bench
        for one in plan.placed
        if (one.panel, one.day) == (panel, day)
    }
    able = [
        key
        for key in substitutes(problem, plan, panel, day, set(ill.jurors))
        if not any(
            (bench, day)
            in unfit_of((*members, key), [ill.benches[bench]], len(ill.days), problem.away)
            for bench in heard
        )
    ]
    return sorted(able, key=lambda key: (-ill.jurors[key].juror.experience_years, key))


def keep_proposal(
    *,
    found: Assembled,
    problem: Problem,
    solution: Plan,
    juror: PlanJuror,
    day: PlanDay,
    by: User,
    at: datetime,
) -> PlanRevision:
    """Keep what the search found, to be accepted or refused."""
    with transaction.atomic():
        lock(found.plan.pk)
        return _propose(found, problem, solution, juror=juror, day=day, by=by, at=at)


def _refuse(juror: PlanJuror, day: PlanDay) -> tuple[SeasonPlan, PlanRevision]:
    plan, current = lock_solved(juror.plan_id)
    if day.plan_id != plan.pk:
        raise NotOfThisPlan
    found = assemble(plan)
    sitting_of(
        found,
        plan_in(found, current.content),
        panels_in(current.content),
        juror.pk,
        list(found.days).index(day),
    )
    return plan, current


def _propose(
    found: Assembled,
    problem: Problem,
    solution: Plan,
    *,
    juror: PlanJuror,
    day: PlanDay,
    by: User,
    at: datetime,
) -> PlanRevision:
    plan = found.plan
    plan.revisions.filter(state=PlanRevision.State.PROPOSED).update(
        state=PlanRevision.State.REFUSED
    )
    revision = new_revision(
        found,
        problem,
        solution,
        kind=PlanRevision.Kind.REPLANNED,
        state=PlanRevision.State.PROPOSED,
        note=changes.absence_words(juror.juror.full_name, day.on),
        by=by,
        at=at,
    )
    revision.content["absence"] = {"juror": juror.pk, "day": day.pk}
    revision.save(update_fields=["content"])
    trace.record("plan.proposal_made", plan, by=by, at=at, revision=revision.number)
    return revision


@transaction.atomic
def accept_proposal(*, proposal: PlanRevision, by: User, at: datetime) -> PlanRevision:
    """Put a proposal in force and note the absence. Raises ProposalOver."""
    plan, current = lock_solved(proposal.plan_id)
    proposal = plan.revisions.get(pk=proposal.pk)
    if proposal.state == PlanRevision.State.CURRENT:
        return proposal
    if proposal.state != PlanRevision.State.PROPOSED:
        raise ProposalOver
    absence = proposal.content["absence"]
    plan.jurors.get(pk=absence["juror"]).away.add(absence["day"])
    current.state = PlanRevision.State.FORMER
    current.save(update_fields=["state"])
    proposal.state = PlanRevision.State.CURRENT
    proposal.save(update_fields=["state"])
    found = assemble(plan)
    write_rows(found, panels_in(proposal.content), plan_in(found, proposal.content))
    trace.record("plan.proposal_accepted", plan, by=by, at=at, revision=proposal.number)
    return proposal


@transaction.atomic
def refuse_proposal(*, proposal: PlanRevision, by: User, at: datetime) -> PlanRevision:
    """Put a proposal aside; the timetable in force stays."""
    plan = lock(proposal.plan_id)
    proposal = plan.revisions.get(pk=proposal.pk)
    if proposal.state == PlanRevision.State.PROPOSED:
        proposal.state = PlanRevision.State.REFUSED
        proposal.save(update_fields=["state"])
        trace.record("plan.proposal_refused", plan, by=by, at=at, revision=proposal.number)
    return proposal
