"""Reads of appeals."""

from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from acquis.accounts.access import may, members_of
from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.appeals import policy
from acquis.certification.appeals.models import Appeal, AppealRule
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.exam_sessions.policy import COMPOSABLE
from acquis.certification.frameworks.models import Framework
from acquis.certification.registrations.models import RetakeRight


def rule_for(session: ExamSession) -> AppealRule | None:
    """The delays of the session's certification, else those of the centre."""
    found = AppealRule.objects.filter(
        Q(framework=session.version.framework_id) | Q(framework__isnull=True),
        organisation=session.organisation_id,
    )
    return found.order_by(F("framework_id").asc(nulls_last=True)).first()


def rules_of(organisation: Organisation) -> QuerySet[AppealRule]:
    return AppealRule.objects.filter(organisation=organisation).select_related(
        "framework", "set_by"
    )


def frameworks_of(organisation: Organisation) -> QuerySet[Framework]:
    """The certifications that a centre examines: its own and those that ship."""
    return Framework.objects.filter(
        Q(organisation=organisation) | Q(organisation__isnull=True)
    ).order_by("title", "code")


def result_known_on(seat: SessionCandidate) -> date | None:
    """The day on which the candidate's result sheet was issued; corrections count anew."""
    issued = (
        IssuedDocument.objects.filter(
            candidate=seat,
            kind=IssuedDocument.Kind.RESULT_SHEET,
            state=IssuedDocument.State.ISSUED,
        )
        .order_by("-issued_at")
        .values_list("issued_at", flat=True)
        .first()
    )
    return timezone.localtime(issued).date() if issued else None


def bar_of(appeal: Appeal, user: User) -> str:
    """Why this person may not examine it: `juror`, `candidate`, or nothing."""
    jurors = set(appeal.seat.session.jurors.values_list("juror__user_id", flat=True))
    return policy.bars(user.pk, jurors=jurors, candidate=appeal.seat.enrolment.candidate.user_id)


def own_appeals(user: User) -> QuerySet[Appeal]:
    return (
        Appeal.objects.filter(seat__enrolment__candidate__user=user)
        .select_related("organisation", "seat__session__version__framework")
        .defer("seat__session__version__content", "dossier")
    )


def appeals_for(user: User, organisation: Organisation) -> QuerySet[Appeal]:
    """All of the centre's for those who handle them, else those one is named to examine."""
    found = (
        Appeal.objects.filter(organisation=organisation)
        .select_related("seat__session__version__framework", "seat__enrolment__candidate")
        .defer("seat__session__version__content", "dossier")
    )
    if may(user, Verb.APPEAL_MANAGE, organisation=organisation):
        return found
    return found.filter(members__user=user)


def search(found: QuerySet[Appeal], text: str, state: str) -> QuerySet[Appeal]:
    for word in text.split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(seat__session__reference__icontains=word)
            | Q(seat__enrolment__candidate__birth_name__icontains=word)
            | Q(seat__enrolment__candidate__usual_name__icontains=word)
            | Q(seat__enrolment__candidate__first_name__icontains=word)
        )
    return found.filter(state=state) if state in Appeal.State.values else found


def seat_named(organisation: Organisation, session: str, candidate: str) -> SessionCandidate | None:
    """The seat that two references name."""
    return (
        SessionCandidate.objects.filter(
            session__organisation=organisation,
            session__reference__iexact=session.strip(),
            enrolment__candidate__reference__iexact=candidate.strip(),
        )
        .select_related("session__organisation", "enrolment__candidate")
        .first()
    )


def possible_members(appeal: Appeal, quality: str) -> list[User]:
    """Who may be named in a quality: those of the role, but jurors of the session."""
    jurors = appeal.seat.session.jurors.exclude(juror__user=None).values("juror__user_id")
    people = members_of(appeal.organisation, [Role(policy.ROLES_OF[quality])])
    return list(people.filter(is_active=True).exclude(pk__in=jurors))


def right_of(appeal: Appeal) -> RetakeRight | None:
    """The new sitting that the appeal gave."""
    return RetakeRight.objects.filter(
        enrolment=appeal.seat.enrolment_id,
        source=RetakeRight.Source.APPEAL,
        reference=appeal.number,
    ).first()


def sessions_to_come(appeal: Appeal, now: datetime) -> QuerySet[ExamSession]:
    """Where the candidate may come again: the same exam, still composed, another session."""
    enrolment = appeal.seat.enrolment
    return (
        ExamSession.objects.filter(
            organisation=appeal.organisation_id,
            version=enrolment.version_id,
            block=enrolment.block,
            state__in=COMPOSABLE,
            starts_at__gt=now,
        )
        .exclude(pk=appeal.seat.session_id)
        .order_by("starts_at", "pk")
    )


def piece(appeal: Appeal, number: int) -> dict[str, Any] | None:
    """A piece of the assembled file by its rank from 1."""
    if not 1 <= number <= len(appeal.dossier):
        return None
    found: dict[str, Any] = appeal.dossier[number - 1]
    return found
