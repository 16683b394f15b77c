"""Two years of sessions that were judged, and the pack that the improvement council reads of the last.

Written in bulk, as after a change of software: grids, decisions and the lines of the trace that tell
them, without the documents that were printed then.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product

from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.council.actions import order_pack, write_pack
from acquis.certification.council.models import QUESTIONS, SurveyAnswer, SurveyTicket
from acquis.certification.exam_sessions.actions import add_juror, plan_session
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, SessionJuror
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.grading.models import (
    CriterionDecision,
    Deliberation,
    Grid,
    Mark,
    Verdict,
)
from acquis.certification.grading.policy import GridLine, grid_lines
from acquis.certification.juries.models import Juror
from acquis.certification.papers.actions import commit_draw, draw_subject
from acquis.certification.papers.models import Subject
from acquis.certification.registrations.models import (
    Accommodation,
    Candidate,
    Enrolment,
    Result,
)
from acquis.kernel import trace
from acquis.kernel.trace import Told

SETTLED = timedelta(days=190)  # what is older waits for nothing any more
IN_SESSION = 7
FIRST_NAMES = ("Aïda", "Bérénice", "Corentin", "Djibril", "Elouan", "Flavie", "Gaétan", "Hanaé")
NAMES = ("Allanic", "Boisgontier", "Cariou", "Destouches", "Ezzahra", "Fraboulet", "Guillemoto", "Hascoët")  # fmt: skip
ROUTES = (Enrolment.Route.TRAINING,) * 4 + (Enrolment.Route.VAE,) * 2 + (Enrolment.Route.FREE,)
STERNNESS = (0.0, 0.05, -0.04, 0.12, 0.0, -0.02)  # of each juror of the register, in its order
NEEDED = 20  # criteria of twenty-five with which these juries passed a candidate


@dataclass(frozen=True, slots=True)
class _Place:
    """What the sessions of one season share."""

    centre: Organisation
    version: FrameworkVersion
    manager: User
    jurors: list[Juror]
    enterprise: Workspace
    lines: list[GridLine]


def remember_judged(
    *,
    centre: Organisation,
    people: Mapping[Role, Sequence[User]],
    model: Workspace,
    now: datetime,
) -> None:
    """Five sessions of the last year that is settled, four of the year before, and the pack."""
    version = FrameworkVersion.objects.get(framework__code="TP-00483", edition="06")
    block = version.content["blocks"][0]["code"]
    place = _Place(
        centre,
        version,
        people[Role.SESSION_MANAGER][0],
        list(Juror.objects.filter(organisation=centre, user=None).order_by("pk")[: len(STERNNESS)]),
        model,
        grid_lines(version.content, block),
    )
    drawn = random.Random(483)  # noqa: S311  invented marks
    names = [(first, last) for last, first in product(NAMES, FIRST_NAMES)]
    drawn.shuffle(names)
    for rank, day in enumerate(_days(timezone.localtime(now).date())):
        mine = names[rank * IN_SESSION : (rank + 1) * IN_SESSION]
        _session(place, block, day, mine, drawn)
    year = _days(timezone.localtime(now).date())[-1].year
    _opinions(centre, version, year, 21, drawn)
    _opinions(centre, version, year - 1, 16, drawn)
    direction = people[Role.CERTIFYING_BODY][0]
    pack = order_pack(
        organisation=centre, framework=version.framework, year=year, by=direction, at=now
    )
    write_pack(pack=pack, by=direction, at=now)


def _days(today: date) -> list[date]:
    """Days of sessions: four in a year, five in the next, none so recent that anything is awaited."""
    last = today - SETTLED
    first = date(last.year, 1, 4)
    step = max((last - first) // 5, timedelta(days=1))
    earlier = [date(last.year - 1, month, 12) for month in (2, 5, 9, 11)]
    return [_working(day) for day in (*earlier, *(first + step * rank for rank in range(5)))]


def _working(day: date) -> date:
    """That day, or the Monday after a Saturday or a Sunday."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _session(
    place: _Place, block: str, day: date, names: list[tuple[str, str]], drawn: random.Random
) -> ExamSession:
    start = timezone.make_aware(datetime(day.year, day.month, day.day, 9))  # noqa: DTZ001
    at = start - timedelta(days=45)
    session = plan_session(
        organisation=place.centre,
        data={
            "reference": "",
            "version": place.version,
            "block": block,
            "starts_at": start,
            "place": place.centre.name,
            "address": "8 quai des Tisserands\n44000 Nantes",
            "room": "Salle Estuaire",
            "enterprise_id": place.enterprise.pk,
        },
        by=place.manager,
        at=at,
    )
    chosen = sorted(drawn.sample(range(len(place.jurors)), 3))
    for rank, one in enumerate(chosen):
        function = (SessionJuror.Function.MEMBER, SessionJuror.Function.PRESIDENT)[rank == 0]
        add_juror(
            session=session, juror=place.jurors[one], function=function, by=place.manager, at=at
        )
    session.jurors.update(present=True)
    seats = _seats(place, session, names, drawn, at)
    _draw(place, session, seats, start)
    members = list(session.jurors.order_by("pk"))
    where = {one.pk: rank for rank, one in enumerate(place.jurors)}
    sternness = [STERNNESS[where[member.juror_id]] for member in members]
    _mark(place, seats, list(zip(members, sternness, strict=True)), start, drawn)
    session.state, session.closed_at = ExamSession.State.ISSUED, start + timedelta(hours=9)
    session.save(update_fields=["state", "closed_at"])
    return session


def _seats(
    place: _Place,
    session: ExamSession,
    names: list[tuple[str, str]],
    drawn: random.Random,
    at: datetime,
) -> list[SessionCandidate]:
    """The candidates of a session; one or two with a third more time."""
    born = date(1979, 5, 3)
    people = Candidate.objects.bulk_create(
        Candidate(
            organisation=place.centre,
            reference=f"R-{session.pk:03}-{rank}",
            birth_name=last,
            first_name=first,
            sex=Candidate.Sex.MALE if first in {"Corentin", "Djibril", "Elouan", "Gaétan"} else "F",
            birth_date=born + timedelta(days=drawn.randrange(9000)),
            birth_city="Nantes",
            birth_insee_code="44109",
            email=f"{last.lower()}.{rank}@courriel.example",
            created_at=at,
        )
        for rank, (first, last) in enumerate(names)
    )
    enrolled = Enrolment.objects.bulk_create(
        Enrolment(
            candidate=person,
            version=place.version,
            block=session.block,
            route=ROUTES[rank % len(ROUTES)],
            created_at=at,
        )
        for rank, person in enumerate(people)
    )
    Accommodation.objects.bulk_create(
        Accommodation(
            enrolment=one,
            kind=Accommodation.Kind.EXTRA_TIME,
            extra_numerator=1,
            extra_denominator=3,
            decision_by="MDPH",
            decision_date=at.date(),
            created_at=at,
            created_by=place.manager,
        )
        for one in drawn.sample(enrolled, 2)
    )
    return SessionCandidate.objects.bulk_create(
        SessionCandidate(
            session=session,
            enrolment=one,
            order=rank,
            present=True,
            identity_checked_at=session.starts_at,
        )
        for rank, one in enumerate(enrolled, start=1)
    )


def _draw(
    place: _Place, session: ExamSession, seats: list[SessionCandidate], start: datetime
) -> None:
    """Each draws the customers they met, from what the bank holds."""
    if commit_draw(session=session, by=place.manager, at=start - timedelta(days=40)) is None:
        return
    for seat in seats:
        draw_subject(candidate=seat, kind=Subject.Kind.EXCHANGES, by=place.manager, at=start)


def _mark(
    place: _Place,
    seats: list[SessionCandidate],
    jury: list[tuple[SessionJuror, float]],
    start: datetime,
    drawn: random.Random,
) -> None:
    """What each juror saw and what the jury decided of each, with the lines that tell it."""
    closed = start + timedelta(hours=7)
    decided = start + timedelta(days=drawn.choice((0, 0, 1, 1, 2)), hours=8)
    grids = Grid.objects.bulk_create(
        Grid(candidate=seat, juror=member, opened_at=start, closed_at=closed)
        for seat in seats
        for member, _sternness in jury
    )
    truth = [_seen(place.lines, drawn) for _seat in seats]
    marks = Mark.objects.bulk_create(
        Mark(
            grid=grid,
            position=line.position,
            criterion=line.criterion,
            text=line.text,
            theme=line.theme,
            competency=line.competency,
            competency_text=line.competency_text,
            verdict=_said(seen, jury[place_of % len(jury)][1], drawn),
            seq=1,
            marked_at=closed,
        )
        for place_of, grid in enumerate(grids)
        for line, seen in zip(place.lines, truth[place_of // len(jury)], strict=True)
    )
    users = {member.pk: member.juror.user for member, _sternness in jury}
    told = [
        Told(
            "mark.saved",
            one,
            users[one.grid.juror_id],
            closed,
            {"criterion": one.criterion, "seq": 1},
            one.grid.own_stream,
        )
        for one in marks
    ]
    by_seat = len(place.lines) * len(jury)
    for rank, seat in enumerate(seats):
        mine = marks[rank * by_seat : (rank + 1) * by_seat]
        told += _decide(place, seat, mine, len(jury), decided)
    trace.record_all(told)


def _seen(lines: list[GridLine], drawn: random.Random) -> list[bool]:
    """What a candidate does: some are at ease with nearly all, and some criteria are harder."""
    ease = min(0.99, max(0.45, drawn.gauss(0.87, 0.12)))
    return [drawn.random() < ease - 0.18 * (line.position % 6 == 0) for line in lines]


def _said(seen: bool, sternness: float, drawn: random.Random) -> str:
    """A juror mostly says what was seen; who is stern misses some of it, who is kind adds some."""
    error = drawn.random()
    granted = error >= 0.05 + sternness if seen else error < 0.08 - sternness
    return Verdict.ACQUIRED.value if granted else Verdict.NOT_ACQUIRED.value


def _decide(
    place: _Place, seat: SessionCandidate, marks: list[Mark], jurors: int, at: datetime
) -> list[Told]:
    """By the majority of the three grids; where they differed, with its reason."""
    count = len(place.lines)
    columns = [
        [marks[line + count * one].verdict for one in range(jurors)] for line in range(count)
    ]
    verdicts = [max(set(column), key=column.count) for column in columns]
    passed = verdicts.count(Verdict.ACQUIRED.value) >= NEEDED
    deliberation = Deliberation.objects.create(
        candidate=seat,
        opened_at=at,
        closed_at=at,
        outcome=Deliberation.Outcome.PASSED if passed else Deliberation.Outcome.FAILED,
        reasons="Le jury a relu chaque désaccord.",
        closed_by=place.manager,
        present=[],
    )
    decisions = CriterionDecision.objects.bulk_create(
        CriterionDecision(
            deliberation=deliberation,
            position=line.position,
            criterion=line.criterion,
            text=line.text,
            theme=line.theme,
            competency=line.competency,
            competency_text=line.competency_text,
            disputed=len(set(column)) > 1,
            agreed=column[0] if len(set(column)) == 1 else "",
            verdict=verdict,
            reason="Les trois jurés se sont accordés après relecture."
            if len(set(column)) > 1
            else "",
            decided_at=at,
        )
        for line, column, verdict in zip(place.lines, columns, verdicts, strict=True)
    )
    Result.objects.create(
        enrolment=seat.enrolment,
        outcome=deliberation.outcome,
        blocks=[seat.session.block] if passed else [],
        sat_on=seat.session.starts_at.date(),
        session_reference=seat.session.reference,
        decided_at=at,
    )
    told = [
        Told(
            "criterion.decided",
            one,
            place.manager,
            at,
            {"criterion": one.criterion, "after": one.verdict},
            deliberation.trace_stream,
        )
        for one in decisions
        if one.disputed
    ]
    closed = {"candidate": seat.pk, "outcome": deliberation.outcome, "present": []}
    return [*told, Told("deliberation.closed", deliberation, place.manager, at, closed)]


def _opinions(
    centre: Organisation, version: FrameworkVersion, year: int, count: int, drawn: random.Random
) -> None:
    """What candidates thought; who has answered is noted apart."""
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            organisation=centre,
            framework=version.framework,
            year=year,
            **{name: drawn.choice((4, 4, 4, 3, 3, 2, None)) for name in QUESTIONS},
        )
        for _one in range(count)
    )
    first = datetime(year, 1, 1, tzinfo=UTC)
    seats = SessionCandidate.objects.filter(
        session__organisation=centre,
        session__version=version,
        session__starts_at__gte=first,
        session__starts_at__lt=first.replace(year=year + 1),
        deliberation__closed_at__isnull=False,
    )
    SurveyTicket.objects.bulk_create(
        SurveyTicket(seat=seat) for seat in seats.order_by("pk")[:count]
    )
