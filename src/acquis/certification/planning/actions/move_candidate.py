from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.planning import changes, presentation
from acquis.certification.planning.actions.keeping import put_in_force, write_rows
from acquis.certification.planning.actions.locking import lock_solved
from acquis.certification.planning.assembling import Assembled, assemble
from acquis.certification.planning.checking import Violation, violations
from acquis.certification.planning.errors import MoveRefused, NothingToUndo, NotOfThisPlan
from acquis.certification.planning.models import (
    PlanCandidate,
    PlanDay,
    PlanRevision,
    SeasonPlan,
)
from acquis.certification.planning.moving import moved
from acquis.certification.planning.problem import Plan, Problem
from acquis.certification.planning.revisions import panels_in, plan_in
from acquis.kernel import trace


@dataclass(frozen=True)
class Move:
    """A move looked at: the timetable it makes and what that breaks that was not broken before."""

    found: Assembled
    problem: Problem
    before: Plan
    after: Plan
    broken: list[Violation]


def look_at_move(
    plan: SeasonPlan,
    revision: PlanRevision,
    candidate: PlanCandidate,
    *,
    day: PlanDay,
    jury: int,
    alone_at: int,
    together_at: int | None,
) -> Move:
    """What a move would make; writes nothing. Raises NotOfThisPlan for an unknown day or jury."""
    found = assemble(plan)
    panels = panels_in(revision.content)
    if day not in found.days or jury not in {panel.key for panel in panels}:
        raise NotOfThisPlan
    problem = found.with_panels(panels)
    before = plan_in(found, revision.content)
    after = moved(
        problem,
        before,
        candidate.pk,
        day=list(found.days).index(day),
        panel=jury,
        alone_at=alone_at,
        together_at=together_at,
    )
    known = violations(problem, before.placed, before.duties)
    broken = [one for one in violations(problem, after.placed, after.duties) if one not in known]
    return Move(found, problem, before, after, broken)


@transaction.atomic
def move_candidate(
    *,
    candidate: PlanCandidate,
    day: PlanDay,
    jury: int,
    alone_at: int,
    together_at: int | None,
    by: User,
    at: datetime,
) -> PlanRevision:
    """Put one candidate elsewhere; minutes from midnight.

    Raises MoveRefused with all that it breaks, PlanNotSolved, PlanBeingSolved or NotOfThisPlan.
    """
    plan, current = lock_solved(candidate.plan_id)
    move = look_at_move(
        plan, current, candidate, day=day, jury=jury, alone_at=alone_at, together_at=together_at
    )
    if move.broken:
        raise MoveRefused(
            why=" ".join(changes.violation_sentence(one, move.found) for one in move.broken)
        )
    name = presentation.candidate_name(move.found, candidate.pk)
    note = changes.move_words(name, day.on, jury, alone_at)
    revision = put_in_force(
        move.found, move.problem, move.after, kind=PlanRevision.Kind.MOVED, note=note, by=by, at=at
    )
    trace.record(
        "plan.moved",
        plan,
        by=by,
        at=at,
        candidate=candidate.pk,
        day=day.on.isoformat(),
        jury=jury,
        alone_at=alone_at,
        revision=revision.number,
    )
    return revision


@transaction.atomic
def undo_change(*, plan: SeasonPlan, by: User, at: datetime) -> PlanRevision:
    """Back to the timetable before the last move or absence. Raises NothingToUndo."""
    plan, current = lock_solved(plan.pk)
    former = plan.revisions.filter(
        state=PlanRevision.State.FORMER, number__lt=current.number
    ).first()
    if current.kind == PlanRevision.Kind.SOLVED or former is None:
        raise NothingToUndo
    current.state = PlanRevision.State.REFUSED
    current.save(update_fields=["state"])
    former.state = PlanRevision.State.CURRENT
    former.save(update_fields=["state"])
    found = assemble(plan)
    write_rows(found, panels_in(former.content), plan_in(found, former.content))
    trace.record("plan.move_undone", plan, by=by, at=at, revision=former.number)
    return former
