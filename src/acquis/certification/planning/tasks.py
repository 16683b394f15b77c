"""Timetables looked for behind a page of progress: OR-Tools is loaded here only."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import User
from acquis.certification.planning import actions, changes, presentation, queries
from acquis.certification.planning.actions.publish_plan import JOB as PUBLISH
from acquis.certification.planning.actions.replan import JOB as REPLAN
from acquis.certification.planning.actions.solve_plan import JOB
from acquis.certification.planning.assembling import Assembled, assemble
from acquis.certification.planning.errors import PlanImpossible, PlanNotSolved
from acquis.certification.planning.models import SeasonPlan
from acquis.certification.planning.problem import Panel, Problem, Tell, Unplaceable
from acquis.certification.planning.revisions import panels_in, plan_in
from acquis.kernel import jobs

_LIMITS = frozenset({"capacity", "unknown"})  # what some other limit might make possible
_SHARE = {"juries": 5, "jury_days": 20, "day": 25, "rooms": 95, "moved": 20}  # per cent before each


def telling(progress: jobs.Progress) -> Tell:
    """The parts of a search as the progress of a job, in hundredths."""

    def tell(part: str, value: int, bound: int) -> None:
        done = _SHARE.get(part, 50)
        if part == "day":
            done += (_SHARE["rooms"] - done) * value // max(1, bound)
        progress(done, 100, presentation.part_words(part, value, bound))

    return tell


def formed(found: Assembled, known: tuple[Panel, ...] = ()) -> tuple[Panel, ...]:
    """Juries of those who may sit, for this plan's candidates; with `known`, further ones only."""
    from acquis.certification.planning.forming import form  # noqa: PLC0415

    panels = form(found.benches.values(), len(found.days), found.problem.sitters)
    sets = {frozenset(panel.members) for panel in known}
    last = max((panel.key for panel in known), default=0)
    fresh = [panel for panel in panels if frozenset(panel.members) not in sets]
    return tuple(Panel(last + rank, one.members) for rank, one in enumerate(fresh, start=1))


def plan_and_person(args: dict[str, Any]) -> tuple[SeasonPlan, User]:
    plans = SeasonPlan.objects.select_related("organisation")
    return plans.get(pk=args["plan"]), User.objects.get(pk=args["by"])


def links_to(plan: SeasonPlan, label: str, page: str, *more: object) -> list[dict[str, str]]:
    return [{"label": label, "url": reverse(page, args=[plan.pk, *more])}]


@jobs.job(JOB, title=gettext_lazy("Calcul d’un planning d’examens"))
def run_solving(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Find the timetable of a plan: juries, jury-days, hours, rooms. Raises PlanImpossible."""
    from acquis.certification.planning.solving import solve  # noqa: PLC0415

    plan, by = plan_and_person(args)
    tell = telling(progress)
    found = assemble(plan)
    tell("juries", len(found.jurors), 0)
    problem = found.with_panels(formed(found))
    try:
        solution = solve(problem, tell=tell)
    except Unplaceable as impossible:
        raise _refused(found, problem, impossible, by, tell) from impossible
    revision = actions.keep_solution(
        found=found, problem=problem, solution=solution, by=by, at=timezone.now()
    )
    return {
        "revision": revision.number,
        "notes": presentation.proof_notes(revision.content),
        "links": links_to(plan, _("Voir le planning"), "planning:timetable"),
    }


@jobs.job(REPLAN, title=gettext_lazy("Planning repris après une absence de juré"))
def run_replanning(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Find the least change without a juror one day; the result is a proposal. Raises PlanImpossible."""
    from acquis.certification.planning.replanning import replan  # noqa: PLC0415

    plan, by = plan_and_person(args)
    tell = telling(progress)
    found = assemble(plan)
    juror, day = found.jurors[args["juror"]], plan.days.get(pk=args["day"])
    rank = list(found.days).index(day)
    revision = queries.current_revision(plan)
    if revision is None:
        raise PlanNotSolved
    panels = panels_in(revision.content)
    tell("juries", len(found.jurors), 0)
    ill = found.without(juror.pk, rank)
    problem = ill.with_panels((*panels, *formed(ill, known=panels)))
    try:
        solution = replan(problem, plan_in(found, revision.content), tell=tell)
    except Unplaceable as impossible:
        refusal = {"code": impossible.code, "sitters": list(impossible.sitters), "remedies": []}
        said = presentation.refusal_sentences(refusal, found)
        raise PlanImpossible(why=" ".join(said)) from impossible
    proposal = actions.keep_proposal(
        found=found,
        problem=problem,
        solution=solution,
        juror=juror,
        day=day,
        by=by,
        at=timezone.now(),
    )
    changed = presentation.part_words("moved", solution.proofs[0].value, solution.proofs[0].bound)
    return {
        "revision": proposal.number,
        "notes": [changed],
        "links": links_to(plan, _("Voir la proposition"), "planning:proposal", proposal.number),
    }


@jobs.job(PUBLISH, title=gettext_lazy("Publication d’un plan en sessions"))
def run_publishing(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Make the sessions of a plan, or bring them up to its timetable; run again, nothing changes."""
    plan, by = plan_and_person(args)
    progress(0, 1, _("Sessions, jurys et heures"))
    done = actions.publish_plan(plan=plan, by=by, at=timezone.now())
    progress(1, 1, _("Sessions, jurys et heures"))
    return {
        "notes": changes.published_notes(done),
        "links": links_to(plan, _("Voir les sessions"), "planning:detail"),
    }


def _refused(
    found: Assembled, problem: Problem, impossible: Unplaceable, by: User, tell: Tell
) -> PlanImpossible:
    from acquis.certification.planning.diagnosing import remedies  # noqa: PLC0415

    helpful = remedies(problem, tell=tell) if impossible.code in _LIMITS else []
    refusal = {
        "code": impossible.code,
        "sitters": list(impossible.sitters),
        "remedies": helpful,
    }
    actions.keep_refusal(plan=found.plan, refusal=refusal, by=by, at=timezone.now())
    return PlanImpossible(why=" ".join(presentation.refusal_sentences(refusal, found)))
