"""A season of marked candidates, written at once: statistics need many, and each act is tested elsewhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.council import actions
from acquis.certification.council.models import CouncilPack
from acquis.certification.cpf.models import Deposit
from acquis.certification.exam_sessions.models import (
    ExamSession,
    SessionCandidate,
    SessionJuror,
    Summons,
)
from acquis.certification.grading.models import CriterionDecision, Deliberation, Grid, Mark, Verdict
from acquis.certification.grading.policy import grid_lines
from acquis.certification.registrations.models import Candidate, Enrolment
from acquis.kernel import files
from acquis.kernel.models import StoredFile
from tests.factories import grading

AT = grading.AT
AFTER = datetime(2027, 4, 15, 9, 0, tzinfo=UTC)


def season(
    *,
    candidates: int = 12,
    jurors: int = 3,
    criteria: int = 6,
    rules: dict[str, str] | None = None,
    **judged: Any,
) -> ExamSession:
    """One session of 2026 whose jury has decided.

    Juror 0 refuses one criterion in three beyond what the candidate misses; the others agree.
    Candidate n misses the criteria whose number is under n % (criteria + 1); who misses at most two
    is admitted. `judged`: as for `judge`.
    """
    content = grading.content(criteria=criteria)
    content["rules"] |= rules or {}
    session = grading.session(
        candidates=0, jurors=jurors, content=content, state=ExamSession.State.ISSUED
    )
    judge(session, candidates=candidates, **judged)
    return session


def judge(
    session: ExamSession,
    *,
    candidates: int,
    routes: tuple[str, ...] = ("training",),
    first: int = 0,
    failing: frozenset[int] = frozenset(),
    elsewhere: str = "",
    renamed: str = "",
) -> list[SessionCandidate]:
    """Give a session these candidates, all marked, decided one day after the exam.

    Routes alternate. Those of the ranks `failing` fail whatever they missed; one criterion may be
    assessed elsewhere, or bear a code that the edition does not have.
    """
    seats = [_seat(session, first + n, routes[n % len(routes)]) for n in range(candidates)]
    lines = [
        replace(line, criterion="X.9") if line.criterion == renamed else line
        for line in grid_lines(session.version.content, session.block)
    ]
    members = list(session.jurors.order_by("pk"))
    at = session.starts_at + timedelta(days=1)
    for n, seat in enumerate(seats):
        missed = n % (len(lines) + 1)
        for rank, member in enumerate(members):
            _grid(seat, member, lines, missed, elsewhere, stern=rank == 0, n=n)
        _decided(seat, lines, missed, at, elsewhere, failing=n in failing)
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
    seat: SessionCandidate,
    member: SessionJuror,
    lines: Any,
    missed: int,
    elsewhere: str,
    *,
    stern: bool,
    n: int,
) -> None:
    at = seat.session.starts_at
    grid = Grid.objects.create(candidate=seat, juror=member, opened_at=at, closed_at=at)
    Mark.objects.bulk_create(
        Mark(
            grid=grid,
            position=line.position,
            criterion=line.criterion,
            text=line.text,
            verdict=_verdict(
                line.criterion == elsewhere,
                place >= missed and not (stern and (place + n) % 3 == 0),
            ),
        )
        for place, line in enumerate(lines)
    )


def _verdict(elsewhere: bool, granted: bool) -> str:
    if elsewhere:
        return Verdict.NOT_ASSESSED
    return grading.ACQUIRED if granted else grading.NOT_ACQUIRED


def _decided(
    seat: SessionCandidate,
    lines: Any,
    missed: int,
    at: datetime,
    elsewhere: str,
    *,
    failing: bool,
) -> None:
    passed = missed <= 2 and not failing
    outcome = Deliberation.Outcome.PASSED if passed else Deliberation.Outcome.FAILED
    deliberation = Deliberation.objects.create(
        candidate=seat, opened_at=at, closed_at=at, outcome=outcome
    )
    CriterionDecision.objects.bulk_create(
        CriterionDecision(
            deliberation=deliberation,
            position=line.position,
            criterion=line.criterion,
            text=line.text,
            verdict=_verdict(line.criterion == elsewhere, place >= missed),
        )
        for place, line in enumerate(lines)
    )


def summoned(seat: SessionCandidate, *, days: int) -> Summons:
    """Sent so many days before the exam."""
    session, at = seat.session, seat.session.starts_at - timedelta(days=days)
    return Summons.objects.create(
        session=session,
        candidate=seat,
        recipient="candidate",
        number=f"C-{seat.pk}",
        email="candidat@exemple.fr",
        event_uid=f"{seat.pk}",
        starts_at=session.starts_at,
        ends_at=session.starts_at,
        file=_paper(session.manager),
        data={},
        issued_at=at,
        issued_by=session.manager,
        sent_at=at,
    )


def told(seat: SessionCandidate, *, days: int, certified: bool, deposited: bool) -> None:
    """Results so many days after the exam; the certificate with them, told to the CPF 100 days on."""
    session, at = seat.session, seat.session.starts_at + timedelta(days=days)
    kinds = [IssuedDocument.Kind.RESULT_SHEET] + [IssuedDocument.Kind.CERTIFICATE] * certified
    for kind in kinds:
        IssuedDocument.objects.create(
            organisation=session.organisation,
            session=session,
            candidate=seat,
            kind=kind,
            number=f"{kind}-{seat.pk}",
            state="issued",
            data={},
            data_sha256="0" * 64,
            file=_paper(session.manager),
            written_at=at,
            written_by=session.manager,
            issued_at=at,
        )
    if deposited:
        deposit, _made = Deposit.objects.get_or_create(
            organisation=session.organisation,
            number="CPF-2026-1",
            defaults={
                "state": "closed",
                "schema_version": "1.1.2",
                "client_id": "1",
                "certifier_id": "1",
                "contract_id": "1",
                "depositor": "CERTIFICATEUR",
                "split_at": 1,
                "opened_at": at,
                "opened_by": session.manager,
                "sent_at": at + timedelta(days=100),
            },
        )
        rank = deposit.passages.count() + 1
        deposit.passages.create(seat=seat, rank=rank, technical_id=f"{rank}", state="accepted")


def _paper(by: User) -> StoredFile:
    return files.store(b"%PDF-1.7", name="p.pdf", media_type="application/pdf", by=by, at=AT)


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
