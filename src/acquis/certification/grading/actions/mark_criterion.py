from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.grading.errors import (
    AssessedHere,
    GridClosed,
    NotYourGrid,
    UnknownCriterion,
)
from acquis.certification.grading.models import Grid, Mark, Verdict
from acquis.kernel import trace


class Answer(StrEnum):
    SAVED = "saved"
    REPEATED = "repeated"  # the same save came twice, or says the same: nothing new was written
    CONFLICT = "conflict"  # another page saved since; nothing was written


@dataclass(frozen=True, slots=True)
class MarkAnswer:
    answer: Answer
    mark: Mark  # as it now stands in the database


@transaction.atomic
def mark_criterion(
    *,
    grid: Grid,
    criterion: str,
    verdict: str,
    observation: str,
    seq: int,
    client_id: str,
    by: User,
    at: datetime,
) -> MarkAnswer:
    """Save what a juror says of one criterion, durably once this returns and commits.

    `seq` is the one the page last saw for this criterion: when the mark has moved since, nothing
    is written and the current mark is the answer: a conflict, unless it is this very save (`client_id`)
    sent again or the mark says the very same. An empty verdict takes a mark back. Raises NotYourGrid, GridClosed, UnknownCriterion or
    AssessedHere.
    """
    grid = (
        Grid.objects.select_for_update(of=("self",)).select_related("juror__juror").get(pk=grid.pk)
    )
    if grid.juror.juror.user_id != by.pk:
        raise NotYourGrid
    mark = grid.marks.filter(criterion=criterion).order_by("pk").first()
    if mark is None:
        raise UnknownCriterion(criterion=criterion)
    if client_id and mark.client_id == client_id:
        return MarkAnswer(Answer.REPEATED, mark)
    if grid.closed_at is not None:
        raise GridClosed
    if verdict == Verdict.NOT_ASSESSED and not mark.elsewhere:
        raise AssessedHere(criterion=criterion)
    before = {"verdict": mark.verdict, "observation": mark.observation}
    after = {"verdict": verdict, "observation": observation}
    if mark.seq != seq:
        return MarkAnswer(Answer.REPEATED if before == after else Answer.CONFLICT, mark)
    mark.seq += 1
    mark.verdict, mark.observation = verdict, observation
    mark.client_id, mark.marked_at = client_id, at
    mark.save(update_fields=["seq", "verdict", "observation", "client_id", "marked_at"])
    # Before and after are sealed: those who read traces stay blind until the grids are closed.
    trace.record(
        "mark.saved",
        mark,
        by=by,
        at=at,
        stream=grid.own_stream,
        personal={"before": before, "after": after},
        criterion=criterion,
        seq=mark.seq,
    )
    return MarkAnswer(Answer.SAVED, mark)
