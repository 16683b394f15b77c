from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading import policy
from acquis.certification.grading.errors import CriteriaUnmarked, NotYourGrid, SittingUnderWay
from acquis.certification.grading.models import Grid
from acquis.certification.sittings.models import Sitting
from acquis.kernel import realtime, trace

_UNDER_WAY = {Sitting.State.WAITING, Sitting.State.RUNNING}


@transaction.atomic
def close_grid(*, grid: Grid, general_observation: str, by: User, at: datetime) -> Grid:
    """Close a juror's grid for good; a grid already closed stays as it was.

    Raises NotYourGrid, SittingUnderWay, or CriteriaUnmarked which names what is missing.
    """
    grid = (
        Grid.objects.select_for_update(of=("self",))
        .select_related("juror__juror", "candidate__session")
        .get(pk=grid.pk)
    )
    if grid.juror.juror.user_id != by.pk:
        raise NotYourGrid
    if grid.closed_at is not None:
        return grid
    _refuse_before_the_end(grid)
    missing = policy.missing_marks(grid.marks.values_list("criterion", "verdict"))
    if missing:
        raise CriteriaUnmarked(count=len(missing), criteria=", ".join(missing))
    grid.closed_at = at
    grid.general_observation = general_observation
    grid.save(update_fields=["closed_at", "general_observation"])
    head = trace.head(grid.own_stream)
    # The session's chain takes the seal of the grid's own chain: neither can be rewritten alone.
    trace.record(
        "grid.closed",
        grid,
        by=by,
        at=at,
        candidate=grid.candidate_id,
        juror=grid.juror_id,
        marks_position=head.position,
        marks_fingerprint=head.fingerprint,
    )
    realtime.publish(f"session:{grid.candidate.session_id}", at=at, what="grid.closed")
    return grid


def _refuse_before_the_end(grid: Grid) -> None:
    if grid.candidate.session.state != ExamSession.State.OPEN:
        return
    sitting = Sitting.objects.filter(candidate=grid.candidate_id).first()
    if sitting is not None and sitting.state in _UNDER_WAY:
        raise SittingUnderWay
