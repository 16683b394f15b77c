"""A season of marked candidates, written at once: statistics need many, and each act is tested elsewhere."""

from datetime import UTC, datetime, timedelta
from typing import Any

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User
from acquis.certification.council import actions
from acquis.certification.council.models import CouncilPack
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, SessionJuror
from acquis.certification.grading.models import CriterionDecision, Deliberation, Grid, Mark
from acquis.certification.grading.policy import grid_lines
from acquis.certification.registrations.models import Candidate, Enrolment
from tests.factories import grading

AT = grading.AT
AFTER = datetime(2026, 12, 15, 9, 0, tzinfo=UTC)


def season(
    *, candidates: int = 12, jurors: int = 3, criteria: int = 6, routes: tuple[str, ...] = ("training",)
) -> ExamSession:
    """One session of 2026 whose jury has decided.

    Juror 0 refuses one criterion in three beyond what the candidate misses; the others agree.
    Candidate n misses the criteria whose number is under n % (criteria + 1); who misses at most two
    is admitted. Routes alternate.
    """
    session = grading.session(
        candidates=0, jurors=jurors, criteria=criteria, state=ExamSession.State.ISSUED
    )
    judge(session, candidates=candidates, routes=routes)
    return session


def judge(
    session: ExamSession, *, candidates: int, routes: tuple[str, ...] = ("training",), first: int = 0
) -> list[SessionCandidate]:
    """Give a session these candidates, all marked, decided one day after the exam."""
    seats = [
        _seat(session, first + n, routes[n % len(routes)]) for n in range(candidates)
    ]
    lines = grid_lines(session.version.content, session.block)
    members = list(session.jurors.order_by("pk"))
    at = session.starts_at + timedelta(days=1)
    for n, seat in enumerate(seats):
        missed = n % (len(lines) + 1)
        for rank, member in enumerate(members):
            _grid(seat, member, lines, missed, stern=rank == 0, n=n)
        _decided(seat, lines, missed, at)
    return seats


def _seat(session: ExamSession, n: int, route: str) -> SessionCandidate:
    candidate = Candidate.objects.create(
        organisation=session.organisation,
        reference=f"B-{session.pk}-{n:05}",
        birth_name=f"Nom{n}",
        first_name="Prénom",
        birth_date=AT.date().replace(year=1990),
        email="candidat@exemple.fr",
        created_at=AT,
    )
    enrolment = Enrolment.objects.create(
        candidate=candidate,
        version=session.version,
        block=session.block,
        route=route,
        created_at=AT,
    )
    return SessionCandidate.objects.create(
        session=session, enrolment=enrolment, order=n, present=True
    )


def _grid(
    seat: SessionCandidate, member: SessionJuror, lines: Any, missed: int, *, stern: bool, n: int
) -> None:
    at = seat.session.starts_at
    grid = Grid.objects.create(candidate=seat, juror=member, opened_at=at, closed_at=at)
    Mark.objects.bulk_create(
        Mark(
            grid=grid,
            position=line.position,
            criterion=line.criterion,
            text=line.text,
            verdict=grading.ACQUIRED
            if place >= missed and not (stern and (place + n) % 3 == 0)
            else grading.NOT_ACQUIRED,
        )
        for place, line in enumerate(lines)
    )


def _decided(seat: SessionCandidate, lines: Any, missed: int, at: datetime) -> None:
    outcome = Deliberation.Outcome.PASSED if missed <= 2 else Deliberation.Outcome.FAILED
    deliberation = Deliberation.objects.create(
        candidate=seat, opened_at=at, closed_at=at, outcome=outcome
    )
    CriterionDecision.objects.bulk_create(
        CriterionDecision(
            deliberation=deliberation,
            position=line.position,
            criterion=line.criterion,
            text=line.text,
            verdict=grading.ACQUIRED if place >= missed else grading.NOT_ACQUIRED,
        )
        for place, line in enumerate(lines)
    )


def again(session: ExamSession, at: datetime, **fields: Any) -> ExamSession:
    """Another session of the same centre, edition and jury, nobody in it yet."""
    made = ExamSession.objects.create(
        organisation=session.organisation,
        reference=f"{session.reference}-{ExamSession.objects.count()}",
        version=session.version,
        block=session.block,
        state=ExamSession.State.ISSUED,
        starts_at=at,
        place="Lille",
        manager=session.manager,
        created_at=at,
        **fields,
    )
    for member in session.jurors.order_by("pk"):
        SessionJuror.objects.create(
            session=made, juror=member.juror, function=member.function, present=True
        )
    return made


def direction(organisation: Organisation) -> User:
    return grading.person(Role.CERTIFYING_BODY, organisation=organisation)


def ordered(session: ExamSession, *, at: datetime = AFTER) -> CouncilPack:
    return actions.order_pack(
        organisation=session.organisation,
        framework=session.version.framework,
        year=2026,
        by=direction(session.organisation),
        at=at,
    )


def written(session: ExamSession, *, at: datetime = AFTER) -> CouncilPack:
    pack = ordered(session, at=at)
    return actions.write_pack(pack=pack, by=pack.ordered_by, at=at)
