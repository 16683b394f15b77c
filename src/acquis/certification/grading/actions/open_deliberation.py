from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.grading import policy
from acquis.certification.grading.errors import GridsStillOpen, NotInTheJury
from acquis.certification.grading.models import CriterionDecision, Deliberation, Grid
from acquis.certification.grading.queries import is_present_juror
from acquis.certification.grading.units import is_over_blocks
from acquis.kernel import realtime, trace


@transaction.atomic
def open_deliberation(*, candidate: SessionCandidate, by: User, at: datetime) -> Deliberation:
    """Lay the closed grids side by side: agreements stand as decided, disagreements are to decide.

    Where the jury decides over blocks there is no grid to lay: the results of the blocks stand in
    their place (X-10). Opening twice gives the same deliberation. Raises NotInTheJury, or
    GridsStillOpen, also for a candidate who is not noted present.
    """
    candidate = (
        SessionCandidate.objects.select_for_update(of=("self",))
        .select_related("session__version__framework", "enrolment__candidate")
        .get(pk=candidate.pk)
    )
    if not is_present_juror(by, candidate.session_id):
        raise NotInTheJury
    existing = Deliberation.objects.filter(candidate=candidate).first()
    if existing is not None:
        return existing
    grids = list(Grid.objects.filter(candidate=candidate).prefetch_related("marks"))
    over_blocks = is_over_blocks(candidate)
    if over_blocks and candidate.present is not True:
        raise GridsStillOpen
    if not over_blocks and (not grids or any(grid.closed_at is None for grid in grids)):
        raise GridsStillOpen
    deliberation = Deliberation.objects.create(candidate=candidate, opened_at=at)
    verdicts = [{mark.criterion: mark.verdict for mark in grid.marks.all()} for grid in grids]
    disputed = set(policy.disagreements(verdicts))
    if grids:
        _lay_decisions(deliberation, grids[0], disputed, by, at)
    trace.record(
        "deliberation.opened",
        deliberation,
        by=by,
        at=at,
        candidate=candidate.pk,
        grids=[grid.pk for grid in grids],
        disputed=sorted(disputed),
        over_blocks=over_blocks,
    )
    realtime.publish(f"session:{candidate.session_id}", at=at, what="deliberation.opened")
    return deliberation


def _lay_decisions(
    deliberation: Deliberation, grid: Grid, disputed: set[str], by: User, at: datetime
) -> None:
    CriterionDecision.objects.bulk_create(
        CriterionDecision(
            deliberation=deliberation,
            position=mark.position,
            criterion=mark.criterion,
            text=mark.text,
            theme=mark.theme,
            competency=mark.competency,
            competency_text=mark.competency_text,
            elsewhere=mark.elsewhere,
            disputed=mark.criterion in disputed,
            agreed="" if mark.criterion in disputed else mark.verdict,
            verdict="" if mark.criterion in disputed else mark.verdict,
            decided_at=None if mark.criterion in disputed else at,
            decided_by=None if mark.criterion in disputed else by,
        )
        for mark in grid.marks.all()
    )
