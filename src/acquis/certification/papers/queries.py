from django.db.models import Count, Max, QuerySet

from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.papers.models import Draw, Subject, SubjectOpening


def bank(organisation: Organisation) -> QuerySet[Subject]:
    """The subjects of an organisation, each with how often it was drawn and last when."""
    return (
        Subject.objects.filter(organisation=organisation)
        .defer("sealed")
        .select_related("author", "validated_by")
        .annotate(exposure=Count("draws"), last_drawn_at=Max("draws__drawn_at"))
    )


def drawable(session: ExamSession, kind: str) -> QuerySet[Subject]:
    """Validated subjects of the session's framework, block and enterprise."""
    return Subject.objects.filter(
        organisation=session.organisation_id,
        kind=kind,
        state=Subject.State.VALIDATED,
        framework_code=session.version.framework.code,
        block=session.block,
        pack=pack_of(session),
    ).defer("sealed")


def pack_of(session: ExamSession) -> str:
    """The pack that the session's enterprise came from; empty without enterprise."""
    return (
        Workspace.objects.filter(pk=session.enterprise_id or 0)
        .values_list("pack", flat=True)
        .first()
        or ""
    )


def seen_by(candidate: SessionCandidate) -> set[str]:
    """References that the same person drew in other sessions."""
    person = candidate.enrolment.candidate_id
    return set(
        Draw.objects.filter(candidate__enrolment__candidate=person)
        .exclude(candidate=candidate)
        .values_list("subject__reference", flat=True)
    )


def draws_of(session: ExamSession) -> QuerySet[Draw]:
    return (
        Draw.objects.filter(session=session)
        .select_related("subject", "candidate__enrolment__candidate", "drawn_by")
        .defer("subject__sealed")
    )


def has_opened(draw: Draw, user: User) -> bool:
    """Whether this person opened the drawn subject; reading again then needs no new act."""
    return SubjectOpening.objects.filter(draw=draw, opened_by=user).exists()
