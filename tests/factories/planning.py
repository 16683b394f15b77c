"""Season plans: the smallest that can be solved, and one that is."""

from datetime import date, timedelta
from typing import Any

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.planning.models import (
    PlanCandidate,
    PlanDay,
    PlanExam,
    PlanInvigilator,
    PlanJuror,
    PlanRevision,
    PlanRoom,
    SeasonPlan,
)
from acquis.kernel import jobs
from tests.factories import certification as make
from tests.factories.certification import DAY

FIRST = date(2026, 12, 1)


def bare_plan(organisation: Organisation | None = None, **fields: Any) -> SeasonPlan:
    """A plan of CCP1 in composition, with nothing in it."""
    centre = organisation or make.organisation()
    if "created_by" not in fields:
        fields["created_by"] = make.person(Role.SESSION_MANAGER, organisation=centre)
    version, block = fields.pop("version", None), fields.pop("block", "CCP1")
    built = SeasonPlan.objects.create(
        **{
            "organisation": centre,
            "name": f"Plan {SeasonPlan.objects.count() + 1}",
            "place": "Centre de Nantes",
            "created_at": DAY,
            **fields,
        }
    )
    exam(built, version or make.framework_version(), block)
    return built


def exam(plan: SeasonPlan, version: FrameworkVersion, block: str = "CCP1") -> PlanExam:
    return PlanExam.objects.create(plan=plan, version=version, block=block)


def candidate(plan: SeasonPlan, exam: PlanExam | None = None, **enrolled: Any) -> PlanCandidate:
    """Somebody enrolled for that exam of the plan, or for its first."""
    sits = exam or plan.exams.select_related("version").first()
    enrolment = make.enrolment(
        make.candidate(plan.organisation), sits.version, **{"block": sits.block, **enrolled}
    )
    return PlanCandidate.objects.create(plan=plan, enrolment=enrolment)


def juror(plan: SeasonPlan, **fields: Any) -> PlanJuror:
    return PlanJuror.objects.create(plan=plan, juror=make.juror(plan.organisation, **fields))


def day(plan: SeasonPlan, rank: int = 0, **fields: Any) -> PlanDay:
    """From 8:30 to 18:30, nobody works from 12:30 to 13:30."""
    return PlanDay.objects.create(
        **{
            "plan": plan,
            "on": FIRST + timedelta(days=rank),
            "opens": 510,
            "closes": 1110,
            "pauses": [[750, 810]],
            **fields,
        }
    )


def plan(
    *, candidates: int = 2, jurors: int = 4, days: int = 2, jury_rooms: int = 2, **fields: Any
) -> SeasonPlan:
    """A plan that can be solved: two candidates, four jurors, two days, two juries at once."""
    built = bare_plan(**fields)
    for _ in range(candidates):
        candidate(built)
    for _ in range(jurors):
        juror(built)
    for rank in range(days):
        day(built, rank)
    for rank in range(jury_rooms):
        PlanRoom.objects.create(plan=built, name=f"Jury {rank + 1}", kind="jury")
    PlanRoom.objects.create(plan=built, name="Salle A", kind="exam", workstations=4)
    PlanInvigilator.objects.create(
        plan=built, user=make.person(Role.INVIGILATOR, organisation=built.organisation)
    )
    return built


def solved(**fields: Any) -> SeasonPlan:
    """A plan with its timetable."""
    return solve(plan(**fields))


def solve(built: SeasonPlan) -> SeasonPlan:
    """The same once its timetable is found."""
    from acquis.certification.planning import actions  # noqa: PLC0415

    actions.start_solving(plan=built, by=built.created_by, at=DAY)
    assert jobs.run_due(now=DAY)
    built.refresh_from_db()
    assert built.state == SeasonPlan.State.SOLVED
    return built


def proposal(plan: SeasonPlan, **fields: Any) -> PlanRevision:
    """A timetable that was proposed, empty."""
    empty = {"panels": {}, "placed": [], "duties": [], "proofs": []}
    return PlanRevision.objects.create(
        **{
            "plan": plan,
            "number": plan.revisions.count() + 1,
            "kind": PlanRevision.Kind.REPLANNED,
            "state": PlanRevision.State.PROPOSED,
            "content": empty,
            "made_by": plan.created_by,
            "made_at": DAY,
            **fields,
        }
    )
