"""Reads of incidents and of what follows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, DateField, F, Q, QuerySet, Value, When

from acquis.accounts.access import members_of
from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User
from acquis.certification.exam_sessions.models import ExamSession, Incident
from acquis.certification.exam_sessions.phases import phases_from
from acquis.certification.incidents import policy
from acquis.certification.incidents.models import CorrectiveAction, IncidentSheet
from acquis.certification.incidents.policy import ActionState

# Who hears of a sheet: the direction of the centre.
DIRECTION = (Role.CERTIFYING_BODY,)
# Who may be charged with an action.
STAFF = tuple(role for role in Role if role not in {Role.CANDIDATE, Role.JUROR})


def weighing() -> Q:
    """Incidents that must be settled by hand, as `policy.weighs` says."""
    return Q(effect__in=policy.WEIGHING_EFFECTS) | Q(category__in=policy.WEIGHING_CATEGORIES)


def unsettled() -> QuerySet[Incident]:
    """What holds results: it weighs, and nobody said yet what was decided."""
    return Incident.objects.filter(weighing(), settlement__isnull=True)


def holding(session: ExamSession) -> list[Incident]:
    """The incidents that hold the results of a session."""
    return list(
        unsettled().filter(session=session).select_related("candidate__enrolment__candidate")
    )


def named(incidents: Iterable[Incident]) -> str:
    """« Suspicion de fraude (Awa Martin), Sujet »."""
    return ", ".join(
        f"{one.get_category_display()}"
        + (f" ({one.candidate.enrolment.candidate.full_name})" if one.candidate else "")
        for one in incidents
    )


def incidents_of(session: ExamSession) -> QuerySet[Incident]:
    return session.incidents.select_related(
        "candidate__enrolment__candidate", "reported_by", "settlement__settled_by"
    )


def phase_titles(session: ExamSession) -> dict[str, str]:
    """The parts of the session's exam by their code."""
    return {plan.code: plan.title for plan in phases_from(session.version.content, session.block)}


def draft_of(session: ExamSession) -> IncidentSheet | None:
    """The sheet being filled."""
    return session.incident_sheets.filter(sent_at__isnull=True).first()


def sheets_of(session: ExamSession) -> QuerySet[IncidentSheet]:
    return session.incident_sheets.select_related("saved_by", "sent_by", "file").order_by("rank")


def direction_of(organisation: Organisation) -> QuerySet[User]:
    return members_of(organisation, DIRECTION).filter(is_active=True).exclude(email="")


def possible_owners(organisation: Organisation) -> QuerySet[User]:
    return members_of(organisation, STAFF).filter(is_active=True)


def actions_of(organisation: Organisation) -> QuerySet[CorrectiveAction]:
    return CorrectiveAction.objects.filter(organisation=organisation).select_related(
        "owner", "session", "incident"
    )


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """What a person looks for among incidents; empty asks for nothing.

    `settled`: « held » what holds results, « settled » what somebody settled, « alone » what needed
    nobody.
    """

    text: str = ""
    category: str = ""
    effect: str = ""
    settled: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def asks(self) -> bool:
        return any((self.text, self.category, self.effect, self.settled, self.since, self.until))


def incidents(organisation: Organisation, chosen: IncidentFilter) -> QuerySet[Incident]:
    """The incidents of a centre, the last first; an effect is the one that was settled, if any."""
    found = (
        Incident.objects.filter(session__organisation=organisation)
        .select_related(
            "session__version__framework", "candidate__enrolment__candidate", "settlement"
        )
        .defer("session__version__content")
        .order_by("-happened_at", "-pk")
    )
    for word in chosen.text.split():
        found = found.filter(
            Q(description__icontains=word)
            | Q(session__reference__icontains=word)
            | Q(candidate__enrolment__candidate__birth_name__icontains=word)
            | Q(candidate__enrolment__candidate__usual_name__icontains=word)
            | Q(candidate__enrolment__candidate__first_name__icontains=word)
        )
    if chosen.category in Incident.Category.values:
        found = found.filter(category=chosen.category)
    if chosen.effect in Incident.Effect.values:
        found = found.filter(
            Q(settlement__effect=chosen.effect) | Q(settlement__isnull=True, effect=chosen.effect)
        )
    if chosen.settled == "held":
        found = found.filter(weighing(), settlement__isnull=True)
    elif chosen.settled == "settled":
        found = found.filter(settlement__isnull=False)
    elif chosen.settled == "alone":
        found = found.filter(~weighing(), settlement__isnull=True)
    if chosen.since:
        found = found.filter(happened_at__date__gte=chosen.since)
    if chosen.until:
        found = found.filter(happened_at__date__lte=chosen.until)
    return found


def search_actions(
    found: QuerySet[CorrectiveAction], text: str, state: str, owner: str, today: date
) -> QuerySet[CorrectiveAction]:
    """Of these actions, those that words, a state and a person ask for; the most urgent first."""
    for word in text.split():
        found = found.filter(
            Q(title__icontains=word)
            | Q(details__icontains=word)
            | Q(session__reference__icontains=word)
        )
    if owner.isdecimal() and len(owner) < 18:
        found = found.filter(owner=int(owner))
    where = {
        ActionState.LATE: Q(closed_at__isnull=True, done_at__isnull=True, due_on__lt=today),
        ActionState.OPEN: Q(closed_at__isnull=True, done_at__isnull=True, due_on__gte=today),
        ActionState.TO_CHECK: Q(closed_at__isnull=True, done_at__isnull=False),
        ActionState.EFFECTIVE: Q(closed_at__isnull=False, effective=True),
        ActionState.DROPPED: Q(closed_at__isnull=False, effective__isnull=True),
    }
    if state in where:
        found = found.filter(where[ActionState(state)])
    elif state != "all":
        found = found.filter(closed_at__isnull=True)
    closed_last = Case(
        When(closed_at__isnull=True, then=F("due_on")),
        default=Value(date.max),
        output_field=DateField(),
    )
    return found.order_by(closed_last, "due_on", "pk")
