"""Reads of exams used by several rooms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from acquis.certification.exam_sessions.models import (
    ExamSession,
    PlannedPhase,
    SessionCandidate,
    SessionJuror,
)
from acquis.certification.juries.models import Juror
from acquis.certification.registrations.models import Accommodation, Candidate
from acquis.certification.sittings.models import (
    CodeTries,
    DeviceClaim,
    HelpCall,
    Phase,
    Production,
    ProductionRevision,
    Sitting,
)
from acquis.kernel.standing import Standing


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


@dataclass(frozen=True, slots=True)
class WallFacts:
    """Every column from which a wall is made, whatever it shows of it.

    Apart, as rows: what time alone changes.
    """

    columns: Sequence[Sequence[Any]]
    phases: Sequence[Phase]
    calls: Sequence[HelpCall]
    tries: Sequence[CodeTries]


def wall_facts(session: int) -> WallFacts:
    """A few queries; `sittings_of` asks more, and makes models of it all."""
    columns = [asked.all(session=session) for asked in _COLUMNS]
    phases, calls, tries = (asked.all(session=session) for asked in _ROWS)
    rows: list[Model] = [*phases, *calls, *tries]
    columns.append([[getattr(one, name) for name in _columns_of(type(one))] for one in rows])
    return WallFacts(columns, phases, calls, tries)


@cache
def _columns_of(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)  # noqa: SLF001


def _through(path: str, model: type[Model]) -> list[str]:
    return [f"{path}__{name}" for name in _columns_of(model)]


def _seats(*, session: int) -> QuerySet[Any]:
    rows = SessionCandidate.objects.filter(session=session).order_by("pk")
    person = _through("enrolment__candidate", Candidate)
    return rows.values_list(*_columns_of(SessionCandidate), *person)


def _jurors(*, session: int) -> QuerySet[Any]:
    rows = SessionJuror.objects.filter(session=session).order_by("pk")
    return rows.values_list(*_columns_of(SessionJuror), *_through("juror", Juror))


def _of_exams(model: type[Model], **more: Any) -> Callable[..., QuerySet[Any]]:
    def build(*, session: int) -> QuerySet[Any]:
        here = {"sitting__candidate__session": session, **more}
        return model._default_manager.filter(**here).order_by("pk")  # noqa: SLF001

    return build


_ASKED = {"accepted_at__isnull": True, "released_at__isnull": True}
_COLUMNS: Sequence[Standing[Any]] = [
    Standing(build, session=int)
    for build in (
        _seats,
        _jurors,
        lambda *, session: (
            Sitting.objects.filter(candidate__session=session).order_by("pk").values_list()
        ),
        lambda *, session: (
            Accommodation.objects.filter(enrolment__sessions__session=session)
            .order_by("pk")
            .values_list()
        ),
        lambda *, session: (
            PlannedPhase.objects.filter(seat__session=session).order_by("pk").values_list()
        ),
        lambda *, session: _of_exams(DeviceClaim, **_ASKED)(session=session).values_list(),
    )
]
_ROWS: Sequence[Standing[Any]] = [
    Standing(build, session=int)
    for build in (
        _of_exams(Phase),
        _of_exams(HelpCall, answered_at__isnull=True),
        _of_exams(CodeTries),
    )
]


def unfinished(session: ExamSession) -> Sequence[Sitting]:
    """The exams of present candidates that neither finished nor were stopped with a reason."""
    return [
        each
        for each in sittings_of(session)
        if not each.is_sealed and each.candidate.present is not False
    ]
