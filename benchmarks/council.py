"""The yearly pack of an improvement council: read, measured, printed, shown."""

import random
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from benchmarks import engines

if TYPE_CHECKING:
    from acquis.certification.exam_sessions.models import ExamSession

NAME = "council"
TITLE = "the yearly pack of an improvement council; size = grids of 53 criteria"
SIZES = (900, 10_000)
JURORS = 24
A_JURY = 3
CRITERIA = 53
_AT_ONCE = 2_000


def run(size: int, engine: str) -> dict[str, float]:
    """`size` grids of juries of three: a third as many candidates, in sessions of sixty."""
    with engines.database(engine):
        sessions = _season(size)
        return _measured(sessions[0])


def _measured(session: "ExamSession") -> dict[str, float]:
    from django.test import Client
    from django.urls import reverse
    from tests.factories import council as make

    from acquis.certification.council import actions, measuring, policy, rendering, season

    before = engines.peak_mb()
    centre, framework = session.organisation, session.version.framework
    start = time.perf_counter()
    read = season.read(centre, framework, 2026, make.AFTER)
    read_s = time.perf_counter() - start
    letters = policy.shuffled(b"0" * 32, measuring.jurors_of([read]))
    start = time.perf_counter()
    data = measuring.measured(read, read, letters)
    measured_s = (time.perf_counter() - start) / 2  # of one year: both are measured
    pack = make.ordered(session)
    start = time.perf_counter()
    rendering.pdf_of(pack, data)
    printed_s = time.perf_counter() - start
    start = time.perf_counter()
    pack = actions.write_pack(pack=pack, by=pack.ordered_by, at=make.AFTER)
    written_s = time.perf_counter() - start
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(pack.ordered_by)
    address = reverse("council:pack", args=[pack.pk])
    client.get(address)
    start = time.perf_counter()
    answer = client.get(address)
    shown = time.perf_counter() - start
    return {
        "read_s": round(read_s, 2),
        "measured_s": round(measured_s, 2),
        "printed_s": round(printed_s, 2),
        "written_s": round(written_s, 2),
        "page_ms": round(shown * 1000, 1),
        "page_bytes": len(answer.content),
        "grids_count": pack.data["counts"]["grids"],
        "marks_count": pack.data["counts"]["marks"],
        "before_mb": before,
        "peak_mb": engines.peak_mb(),
    }


def _season(size: int) -> "list[ExamSession]":
    """Invented sessions, each with three jurors of twenty-four; the whole written in bulk."""
    from tests.factories import council as make
    from tests.factories import grading

    from acquis.certification.exam_sessions.models import ExamSession, SessionJuror

    drawn = random.Random(20260101)
    first = grading.session(
        candidates=0, jurors=JURORS, criteria=CRITERIA, state=ExamSession.State.ISSUED
    )
    members = [one.juror for one in first.jurors.order_by("pk")]
    first.jurors.all().delete()
    sternness = [drawn.gauss(0, 0.06) for _juror in members]
    candidates, sessions = -(-size // A_JURY), [first]
    for rank in range(0, candidates, 60):
        session = first if not rank else make.again(first, first.starts_at)
        session.jurors.all().delete()
        chosen = drawn.sample(range(JURORS), A_JURY)
        jury = [
            (SessionJuror.objects.create(session=session, juror=members[one], present=True), one)
            for one in chosen
        ]
        _judged(session, jury, range(rank, min(rank + 60, candidates)), sternness, drawn)
        sessions.append(session)
    return sessions


def _judged(
    session: "ExamSession", jury: list[Any], ranks: range, sternness: list[float], drawn: Any
) -> None:
    """Candidates of unlike ease; each juror sees the same with an error and a sternness of their own."""
    from acquis.certification.exam_sessions.models import SessionCandidate
    from acquis.certification.grading.models import CriterionDecision, Deliberation, Grid, Mark
    from acquis.certification.grading.policy import grid_lines
    from acquis.certification.registrations.models import Candidate, Enrolment

    at = session.starts_at + timedelta(days=1)
    lines = grid_lines(session.version.content, session.block)
    people = Candidate.objects.bulk_create(
        Candidate(
            organisation=session.organisation,
            reference=f"B{rank:06}",
            birth_name=f"Inventé-{rank}",
            first_name="Zoé",
            email=f"b{rank}@personnes.example",
            created_at=at,
        )
        for rank in ranks
    )
    enrolled = Enrolment.objects.bulk_create(
        Enrolment(
            candidate=person,
            version=session.version,
            block=session.block,
            route=drawn.choice(("training", "training", "training", "vae", "free")),
            created_at=at,
        )
        for person in people
    )
    seats = SessionCandidate.objects.bulk_create(
        SessionCandidate(session=session, enrolment=one, present=True) for one in enrolled
    )
    eases = [min(0.98, max(0.2, drawn.gauss(0.8, 0.15))) for _seat in seats]
    grids = Grid.objects.bulk_create(
        Grid(candidate=seat, juror=member, opened_at=at, closed_at=at)
        for seat in seats
        for member, _which in jury
    )
    cells = (
        (grid, line, eases[place // A_JURY] - sternness[jury[place % A_JURY][1]])
        for place, grid in enumerate(grids)
        for line in lines
    )
    Mark.objects.bulk_create(
        (
            Mark(
                grid=grid,
                position=line.position,
                criterion=line.criterion,
                text=line.text,
                verdict="acquired" if drawn.random() < ease else "not_acquired",
            )
            for grid, line, ease in cells
        ),
        batch_size=_AT_ONCE,
    )
    deliberations = Deliberation.objects.bulk_create(
        Deliberation(
            candidate=seat,
            opened_at=at,
            closed_at=at,
            outcome="passed" if ease > 0.7 else "failed",
        )
        for seat, ease in zip(seats, eases, strict=True)
    )
    CriterionDecision.objects.bulk_create(
        (
            CriterionDecision(
                deliberation=one,
                position=line.position,
                criterion=line.criterion,
                text=line.text,
                verdict="acquired" if drawn.random() < ease else "not_acquired",
            )
            for one, ease in zip(deliberations, eases, strict=True)
            for line in lines
        ),
        batch_size=_AT_ONCE,
    )
