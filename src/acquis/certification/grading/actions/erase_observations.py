import hashlib
import json
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.grading.errors import GridNotClosed
from acquis.certification.grading.models import Grid
from acquis.kernel import trace


@transaction.atomic
def erase_observations(*, grid: Grid, by: User, at: datetime) -> str:
    """Erase what a juror wrote in a closed grid, in its marks and in its own trace (G-02).

    The verdicts stay, and each line of the trace with its fingerprint; the grid says when it was
    erased, which alone lets the database empty them. Gives the SHA-256 of what was written. The caller
    has seen that the time is over, and keeps the record. Raises GridNotClosed.
    """
    grid = Grid.objects.select_for_update(of=("self",)).get(pk=grid.pk)
    if grid.closed_at is None:
        raise GridNotClosed
    marks = grid.marks.exclude(observation="")
    written = [grid.general_observation, *marks.values_list("criterion", "observation")]
    if grid.erased_at is None:
        grid.erased_at, grid.general_observation = at, ""
        grid.save(update_fields=["erased_at", "general_observation"])
    marks.update(observation="")
    for line in trace.lines(grid.own_stream).filter(verb="mark.saved"):
        trace.erase_personal(stream=grid.own_stream, position=line.position, by=by, at=at)
    return hashlib.sha256(json.dumps(written, ensure_ascii=False).encode()).hexdigest()
