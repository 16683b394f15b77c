from collections.abc import Mapping
from typing import Any

from django.db.models import Max, Q, QuerySet

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.frameworks.content import criteria
from acquis.certification.grading.models import Deliberation, Grid
from acquis.certification.sittings.models import Phase, Sitting
from acquis.practice.evidence.errors import EvidenceFixed, UnknownLine
from acquis.practice.evidence.models import AttachedMoment, Dismissal, MomentNote, Observation


def readable(sitting: Sitting) -> bool:
    """Whether what the candidate produced may be read: the exchanges are over, or the exam is."""
    return (
        sitting.is_sealed
        or sitting.phases.filter(kind=Phase.Kind.EXCHANGES, state=Phase.State.ENDED).exists()
    )


def lines_of(candidate: SessionCandidate) -> list[Mapping[str, Any]]:
    """The criteria of the candidate's exam, in the order of the framework."""
    session = candidate.session
    return list(criteria(session.version.content, session.block))


def line_of(candidate: SessionCandidate, criterion: str) -> Mapping[str, Any]:
    """One criterion of the candidate's exam. Raises UnknownLine."""
    for line in lines_of(candidate):
        if line["code"] == criterion:
            return line
    raise UnknownLine


def refuse_when_fixed(candidate: SessionCandidate) -> None:
    """Raise EvidenceFixed once the candidate's deliberation is closed."""
    if is_fixed(candidate.pk):
        raise EvidenceFixed


def is_fixed(candidate_id: int) -> bool:
    """Whether the candidate's deliberation is closed."""
    return Deliberation.objects.filter(candidate=candidate_id, closed_at__isnull=False).exists()


def open_to_all(candidate_id: int) -> bool:
    """Whether jurors may read each other: grids were opened for the candidate and all are closed."""
    closed = list(Grid.objects.filter(candidate=candidate_id).values_list("closed_at", flat=True))
    return bool(closed) and all(closed)


def last_reading(candidate_id: int) -> list[Observation]:
    """The observations of the last reading, in their order."""
    rows = Observation.objects.filter(candidate=candidate_id)
    last = rows.aggregate(last=Max("reading"))["last"]
    return list(rows.filter(reading=last)) if last is not None else []


def _seen_by(user: User, candidate_id: int) -> Q:
    """One's own; everybody's once every grid is closed."""
    found = Q(candidate=candidate_id)
    return found if open_to_all(candidate_id) else found & Q(author=user)


def attached_for(user: User, candidate_id: int) -> QuerySet[AttachedMoment]:
    """The moments attached that this juror may see, those taken back included."""
    return AttachedMoment.objects.filter(_seen_by(user, candidate_id)).select_related("author")


def dismissals_for(user: User, candidate_id: int) -> QuerySet[Dismissal]:
    """What was set aside that this juror may know, what was taken up again included."""
    return Dismissal.objects.filter(_seen_by(user, candidate_id)).select_related("author")


def notes_for(user: User, candidate_id: int) -> QuerySet[MomentNote]:
    """The notes of the cockpit that this juror may read."""
    return MomentNote.objects.filter(_seen_by(user, candidate_id)).select_related("author")


def marks_of(user: User, candidate_id: int) -> dict[str, tuple[int, int]]:
    """Where the juror's own grid holds each criterion: the keys of the grid and of the mark."""
    rows = Grid.objects.filter(candidate=candidate_id, juror__juror__user=user).values_list(
        "marks__criterion", "pk", "marks__pk"
    )
    return {criterion: (grid, mark) for criterion, grid, mark in rows if criterion is not None}
