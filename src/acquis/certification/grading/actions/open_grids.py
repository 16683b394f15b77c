from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, SessionJuror
from acquis.certification.grading import policy
from acquis.certification.grading.errors import (
    GridsNotOpenable,
    NobodyToMark,
    NoCriteria,
    TooFewJurors,
)
from acquis.certification.grading.models import Grid, Mark, Verdict
from acquis.certification.grading.units import is_over_blocks
from acquis.kernel import trace

_OPENABLE = {ExamSession.State.OPEN, ExamSession.State.CLOSED}


@transaction.atomic
def open_grids(*, session: ExamSession, by: User, at: datetime) -> list[Grid]:
    """Give each present juror one grid for each present candidate, with the criteria copied.

    Who is judged over blocks has none. May be repeated, for a candidate who came late: only the
    missing grids are made and returned.
    Raises GridsNotOpenable, TooFewJurors, NobodyToMark or NoCriteria; nothing is written then.
    """
    session = (
        ExamSession.objects.select_for_update(of=("self",))
        .select_related("version")
        .get(pk=session.pk)
    )
    if session.state not in _OPENABLE:
        raise GridsNotOpenable
    jurors = list(session.jurors.filter(present=True))
    required = policy.members_required(session.version.content)
    if len(jurors) < required:
        raise TooFewJurors(required=required, present=len(jurors))
    waiting = session.candidates.filter(present=True, deliberation__isnull=True)
    everybody = list(waiting.select_related("session__version", "enrolment"))
    candidates = [one for one in everybody if not is_over_blocks(one)]
    if everybody and not candidates:
        return []
    if not candidates and not Grid.objects.filter(candidate__session=session).exists():
        raise NobodyToMark
    lines = policy.grid_lines(session.version.content, session.block)
    if not lines:
        raise NoCriteria(block=session.block)
    opened = _make_missing(candidates, jurors, lines, at)
    if opened:
        trace.record(
            "grids.opened",
            session,
            by=by,
            at=at,
            grids=[grid.pk for grid in opened],
            criteria=len(lines),
        )
    return opened


def _make_missing(
    candidates: list[SessionCandidate],
    jurors: list[SessionJuror],
    lines: list[policy.GridLine],
    at: datetime,
) -> list[Grid]:
    have = set(
        Grid.objects.filter(candidate__in=candidates).values_list("candidate_id", "juror_id")
    )
    opened = Grid.objects.bulk_create(
        Grid(candidate=candidate, juror=juror, opened_at=at)
        for candidate in candidates
        for juror in jurors
        if (candidate.pk, juror.pk) not in have
    )
    Mark.objects.bulk_create(
        Mark(
            grid=grid,
            position=line.position,
            criterion=line.criterion,
            text=line.text,
            theme=line.theme,
            competency=line.competency,
            competency_text=line.competency_text,
            elsewhere=line.elsewhere,
            verdict=Verdict.NOT_ASSESSED if line.elsewhere else "",
        )
        for grid in opened
        for line in lines
    )
    return opened
