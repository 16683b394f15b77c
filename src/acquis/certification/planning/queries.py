"""Reads of season plans."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.models import Organisation
from acquis.certification.juries.models import Juror
from acquis.certification.planning.models import (
    PlanCandidate,
    PlanDay,
    PlanExam,
    PlanInvigilator,
    PlanJuror,
    PlanJury,
    PlannedSlot,
    PlanRevision,
    SeasonPlan,
)
from acquis.certification.registrations.models import Enrolment
from acquis.kernel import jobs
from acquis.kernel.models import Job


def _number_of(state: PlanRevision.State) -> Subquery:
    """The number of the timetable in that state, of which there is one at most."""
    return Subquery(
        PlanRevision.objects.filter(plan=OuterRef("pk"), state=state)
        .order_by("-number")
        .values("number")[:1]
    )


EXAMS = Prefetch(
    "exams",
    PlanExam.objects.select_related("version__framework").defer("version__content"),
)
"""The exams of plans, for who names them: what they are made of is not read."""


def plans(organisation: Organisation) -> QuerySet[SeasonPlan]:
    return (
        SeasonPlan.objects.filter(organisation=organisation)
        .select_related("created_by")
        .prefetch_related(EXAMS)
        .annotate(
            candidate_count=Count("candidates", distinct=True),
            juror_count=Count("jurors", distinct=True),
            day_count=Count("days", distinct=True),
            current_number=_number_of(PlanRevision.State.CURRENT),
            proposal_number=_number_of(PlanRevision.State.PROPOSED),
        )
        .order_by("-created_at", "-pk")
    )


class Waiting(NamedTuple):
    """A plan that waits for somebody: `proposal` is the number of what is proposed, None: to publish."""

    pk: int
    name: str
    state: str
    proposal: int | None


def waiting(organisation: Organisation) -> list[Waiting]:
    """Plans with a proposal to answer, or a timetable that their sessions do not say."""
    found = (
        SeasonPlan.objects.filter(organisation=organisation)
        .annotate(
            current_number=_number_of(PlanRevision.State.CURRENT),
            proposal_number=_number_of(PlanRevision.State.PROPOSED),
        )
        .filter(
            Q(proposal_number__isnull=False)
            | Q(state=SeasonPlan.State.SOLVED)
            | Q(state=SeasonPlan.State.PUBLISHED) & ~Q(published_number=F("current_number"))
        )
        .order_by("-created_at", "-pk")
    )
    return [Waiting(one.pk, one.name, one.state, one.proposal_number) for one in found]


def search(found: QuerySet[SeasonPlan], text: str, state: str) -> QuerySet[SeasonPlan]:
    for word in text.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(place__icontains=word)
            | Exists(
                PlanExam.objects.filter(plan=OuterRef("pk")).filter(
                    Q(block__icontains=word)
                    | Q(version__framework__title__icontains=word)
                    | Q(version__framework__acronym__icontains=word)
                )
            )
        )
    return found.filter(state=state) if state else found


def job_key(plan: SeasonPlan) -> str:
    """One search at a time on a plan, whatever it looks for."""
    return f"planning:{plan.pk}"


def job_of(plan: SeasonPlan) -> Job | None:
    """The search under way on this plan."""
    return Job.objects.filter(unique_key=job_key(plan), state__in=jobs.ACTIVE).first()


def current_revision(plan: SeasonPlan) -> PlanRevision | None:
    return plan.revisions.filter(state=PlanRevision.State.CURRENT).first()


def enrolments_to_add(
    plan: SeasonPlan, text: str = "", route: str = "", exam: PlanExam | None = None
) -> QuerySet[Enrolment]:
    """Those enrolled for an exam of the plan who are not in it, whose name holds every word."""
    exams = plan.exams.filter(version=OuterRef("version"), block=OuterRef("block"))
    if exam is not None:
        exams = exams.filter(pk=exam.pk)
    found = (
        Enrolment.objects.filter(Exists(exams), candidate__organisation=plan.organisation_id)
        .exclude(pk__in=plan.candidates.values("enrolment"))
        .select_related("candidate")
        .order_by("candidate__birth_name", "candidate__first_name", "pk")
    )
    for word in text.split():
        found = found.filter(
            Q(candidate__birth_name__icontains=word)
            | Q(candidate__usual_name__icontains=word)
            | Q(candidate__first_name__icontains=word)
            | Q(candidate__reference__icontains=word)
        )
    return found.filter(route=route) if route else found


def jurors_to_add(plan: SeasonPlan) -> QuerySet[Juror]:
    return Juror.objects.filter(organisation=plan.organisation_id, is_active=True).exclude(
        pk__in=plan.jurors.values("juror")
    )


def slots(plan: SeasonPlan) -> QuerySet[PlannedSlot]:
    """The timetable in force, in the order of the clock."""
    return plan.slots.select_related(
        "candidate__enrolment__candidate", "jury", "room", "invigilator__user"
    ).order_by("starts_at", "position", "pk")


def people_of(
    plan: SeasonPlan, model: type[PlanCandidate] | type[PlanJuror] | type[PlanInvigilator]
) -> QuerySet[Any]:
    """The candidates, jurors or invigilators of a plan by name, with the days noted for them."""
    order = {
        PlanCandidate: ("enrolment__candidate", "birth_name", "first_name"),
        PlanJuror: ("juror", "last_name", "first_name"),
        PlanInvigilator: ("user", "last_name", "first_name"),
    }
    person, last, first = order[model]
    return (
        model.objects.filter(plan=plan)
        .select_related(person)
        .prefetch_related("away")
        .order_by(f"{person}__{last}", f"{person}__{first}", "pk")
    )


def name_of(one: PlanCandidate | PlanJuror | PlanInvigilator) -> str:
    if isinstance(one, PlanCandidate):
        return one.enrolment.candidate.full_name
    return one.juror.full_name if isinstance(one, PlanJuror) else one.user.full_name


def juries(plan: SeasonPlan) -> QuerySet[PlanJury]:
    """The juries of the timetable in force with their members, the one who presides first."""
    return plan.juries.prefetch_related("members__juror__juror")


def days_used(plan: SeasonPlan, slots: Iterable[PlannedSlot]) -> list[PlanDay]:
    """The days on which somebody sits."""
    used = {timezone.localtime(slot.starts_at).date() for slot in slots}
    return [day for day in plan.days.all() if day.on in used]


def on_day(slots: Iterable[PlannedSlot], day: PlanDay) -> list[PlannedSlot]:
    return [slot for slot in slots if timezone.localtime(slot.starts_at).date() == day.on]


def address_of(plan: SeasonPlan, day: PlanDay) -> str:
    """The timetable of one day."""
    return f"{reverse('planning:timetable', args=[plan.pk])}?jour={day.on.isoformat()}"
