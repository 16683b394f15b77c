"""The only ways to a season's plan from outside: those of the centres whose sessions one manages."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.planning import queries
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

Row = TypeVar("Row", PlanCandidate, PlanJuror, PlanInvigilator, PlanRoom, PlanDay, PlanExam)
PEOPLE: dict[str, type[PlanCandidate] | type[PlanJuror] | type[PlanInvigilator]] = {
    "candidats": PlanCandidate,
    "jures": PlanJuror,
    "surveillants": PlanInvigilator,
}


def visible_plans(user: User, organisation: Organisation) -> QuerySet[SeasonPlan]:
    found = queries.plans(organisation)
    return found if may(user, Verb.SESSION_MANAGE, organisation=organisation) else found.none()


def plan_for(user: User, pk: int) -> SeasonPlan:
    """A plan of a centre whose sessions one manages; any other does not exist."""
    plan = (
        SeasonPlan.objects.select_related("organisation", "created_by")
        .prefetch_related(queries.EXAMS)
        .filter(pk=pk)
        .first()
    )
    if plan is None or not may(user, Verb.SESSION_MANAGE, organisation=plan.organisation):
        raise Http404
    return plan


def row_for(user: User, model: type[Row], pk: int) -> Row:
    """A person, a room or a day of such a plan."""
    row = model.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    row.plan = plan_for(user, row.plan_id)
    return row


def person_for(user: User, kind: str, pk: int) -> PlanCandidate | PlanJuror | PlanInvigilator:
    """A candidate, a juror or an invigilator of such a plan; `kind` is the address's word."""
    if kind == "candidats":
        return row_for(user, PlanCandidate, pk)
    if kind == "jures":
        return row_for(user, PlanJuror, pk)
    if kind == "surveillants":
        return row_for(user, PlanInvigilator, pk)
    raise Http404


def proposal_for(user: User, pk: int, number: int) -> tuple[SeasonPlan, PlanRevision]:
    """A timetable that was proposed on such a plan, accepted or refused since or not."""
    plan = plan_for(user, pk)
    revision = plan.revisions.filter(number=number, kind=PlanRevision.Kind.REPLANNED).first()
    if revision is None:
        raise Http404
    return plan, revision
