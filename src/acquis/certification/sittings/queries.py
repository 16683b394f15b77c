"""Reads of exams used by several rooms."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.sittings.models import (
    DeviceClaim,
    HelpCall,
    Phase,
    Production,
    ProductionRevision,
    Sitting,
)


def running_phase(sitting: Sitting) -> Phase | None:
    """The phase under way, were its time out."""
    return sitting.phases.filter(state=Phase.State.RUNNING).first()


def next_phase(sitting: Sitting) -> Phase | None:
    return sitting.phases.filter(state=Phase.State.WAITING).first()


def productions(sitting: Sitting) -> dict[str, Production]:
    """What the candidate wrote, by key."""
    return {each.key: each for each in sitting.productions.select_related("phase")}


def in_time_text(production: Production) -> str:
    """The last text that arrived before the time was out: what counts when a later one is late."""
    last = (
        production.revisions.filter(late=False, conflicting=False).order_by("-seq").first()
        if production.late
        else None
    )
    if last is not None:
        return last.content
    return "" if production.late else production.content


def text_at(production: Production, moment: datetime) -> ProductionRevision | None:
    """The text as it stood at one instant."""
    return (
        production.revisions.filter(saved_at__lte=moment, conflicting=False)
        .order_by("-seq")
        .first()
    )


def sittings_of(session: ExamSession) -> QuerySet[Sitting]:
    """The exams of a session with all that a wall shows, in a fixed number of queries."""
    return (
        Sitting.objects.filter(candidate__session=session)
        .select_related("candidate__enrolment__candidate", "code_tries")
        .prefetch_related(
            "phases",
            "candidate__planned_phases",
            "candidate__enrolment__accommodations",
            Prefetch(
                "help_calls",
                queryset=HelpCall.objects.filter(answered_at__isnull=True),
                to_attr="open_calls",
            ),
            Prefetch(
                "devices",
                queryset=DeviceClaim.objects.filter(
                    accepted_at__isnull=True, released_at__isnull=True
                ),
                to_attr="waiting_devices",
            ),
        )
        .order_by("candidate__order", "candidate__pk")
    )


def unfinished(session: ExamSession) -> Sequence[Sitting]:
    """The exams of present candidates that neither finished nor were stopped with a reason."""
    return [
        each
        for each in sittings_of(session)
        if not each.is_sealed and each.candidate.present is not False
    ]
