"""The smallest session that can be marked: two present jurors, two present candidates."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from acquis.accounts.enums import Role, SigningRule
from acquis.accounts.models import Membership, Organisation, User
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, SessionJuror
from acquis.certification.frameworks.models import Framework, FrameworkVersion
from acquis.certification.grading.actions.close_deliberation import close_deliberation
from acquis.certification.grading.actions.close_grid import close_grid
from acquis.certification.grading.actions.decide_criterion import decide_criterion
from acquis.certification.grading.actions.mark_criterion import MarkAnswer, mark_criterion
from acquis.certification.grading.actions.open_deliberation import open_deliberation
from acquis.certification.grading.actions.open_grids import open_grids
from acquis.certification.grading.models import Deliberation, Grid, Verdict
from acquis.certification.juries.models import Juror
from acquis.certification.registrations.models import Candidate
from tests.factories import certification as make

AT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
PASSWORD = "un mot de passe assez long"
_number = count(1)

ACQUIRED, NOT_ACQUIRED = Verdict.ACQUIRED.value, Verdict.NOT_ACQUIRED.value


def content(*, criteria: int = 3, pass_ratio: str | None = None) -> dict[str, Any]:
    """A framework of one block, whose last criterion serves the whole block."""
    return {
        "title": "Conseiller relation client à distance",
        "code": "TP-00483",
        "blocks": [
            {
                "code": "CCP1",
                "title": "Assurer des prestations de services et de conseil",
                "activities": [],
                "competencies": [
                    {"code": "CP1", "statement": "Conseiller et informer le client"},
                    {"code": "CP2", "statement": "Traiter les réclamations"},
                ],
                "criteria": [
                    {
                        "code": f"CP{1 + (n > criteria // 2)}.{n}",
                        "text": f"La demande n° {n} du client est comprise",
                        "competencies": [f"CP{1 + (n > criteria // 2)}"] if n < criteria else [],
                    }
                    for n in range(1, criteria + 1)
                ],
            }
        ],
        "transversal_competencies": [],
        "assessments": [],
        "rules": {"scale": "acquis_non_acquis", "pass_ratio": pass_ratio},
    }


def person(*roles: Role, organisation: Organisation, **fields: Any) -> User:
    number = next(_number)
    names = {"first_name": "Camille", "last_name": f"Personne{number}"} | fields
    user = User.objects.create_user(f"notation{number}@exemple.fr", PASSWORD, **names)
    for role in roles:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def session(
    *,
    candidates: int = 2,
    jurors: int = 2,
    state: str = ExamSession.State.CLOSED,
    content: dict[str, Any] | None = None,
    criteria: int = 3,
    pass_ratio: str | None = None,
    signing: str = SigningRule.WHEN_ENROLLED,
) -> ExamSession:
    number = next(_number)
    organisation = Organisation.objects.create(
        name="Centre Horizon",
        slug=f"centre-notation-{number}",
        siret="73282932000074",
        address="3 rue de la Clef",
        postcode="59000",
        city="Lille",
        signing=signing,
    )
    version = _version(organisation, content or _content(criteria, pass_ratio))
    made = ExamSession.objects.create(
        organisation=organisation,
        reference=f"S-{number:04}",
        version=version,
        block="CCP1",
        state=state,
        starts_at=AT,
        place="Lille",
        address="3 rue de la Clef, 59000 Lille",
        manager=person(
            Role.SESSION_MANAGER, organisation=organisation, first_name="Inès", last_name="Carlier"
        ),
        created_at=AT,
    )
    for order in range(1, jurors + 1):
        add_juror(made, president=order == 1)
    for order in range(1, candidates + 1):
        add_candidate(made, order=order)
    return made


def _content(criteria: int, pass_ratio: str | None) -> dict[str, Any]:
    return content(criteria=criteria, pass_ratio=pass_ratio)


def _version(organisation: Organisation, data: dict[str, Any]) -> FrameworkVersion:
    framework = Framework.objects.create(
        organisation=organisation,
        code="TP-00483",
        title="Conseiller relation client à distance",
        acronym="CRCD",
        kind="titre_professionnel",
        level=4,
    )
    return FrameworkVersion.objects.create(
        framework=framework,
        edition="06",
        state="published",
        content=data,
        content_sha256="0" * 64,
        valid_from=AT.date(),
        published_at=AT,
    )


def add_juror(
    session: ExamSession, *, present: bool | None = True, president: bool = False
) -> SessionJuror:
    user = person(Role.JUROR, organisation=session.organisation, first_name="Sacha")
    juror = Juror.objects.create(
        organisation=session.organisation,
        user=user,
        first_name=user.first_name,
        last_name=user.last_name,
        email=user.email,
        employer="Relais Conseil",
        job_title="Superviseure de centre de contacts",
        experience_years=8,
        created_at=AT,
    )
    function = SessionJuror.Function.PRESIDENT if president else SessionJuror.Function.MEMBER
    return SessionJuror.objects.create(
        session=session, juror=juror, function=function, present=present
    )


def add_candidate(
    session: ExamSession, *, order: int = 1, present: bool | None = True, **enrolment: Any
) -> SessionCandidate:
    user = person(Role.CANDIDATE, organisation=session.organisation, first_name="Noé")
    candidate = Candidate.objects.create(
        organisation=session.organisation,
        user=user,
        reference=f"C-{user.pk:04}",
        birth_name=user.last_name,
        first_name=user.first_name,
        birth_date=AT.date().replace(year=1999),
        email=user.email,
        created_at=AT,
    )
    enrolled = make.enrolment(
        candidate, session.version, block=session.block, created_at=AT, **enrolment
    )
    return SessionCandidate.objects.create(
        session=session, enrolment=enrolled, order=order, present=present
    )


def grids(session: ExamSession) -> list[Grid]:
    """Opened by the manager; one per present juror and candidate."""
    open_grids(session=session, by=session.manager, at=AT)
    return list(
        Grid.objects.filter(candidate__session=session).select_related(
            "juror__juror__user", "candidate"
        )
    )


def juror_of(grid: Grid) -> User:
    user = grid.juror.juror.user
    assert user is not None
    return user


def mark(grid: Grid, criterion: str, verdict: str, **given: Any) -> MarkAnswer:
    values = {
        "observation": "",
        "seq": 0,
        "client_id": f"t:{next(_number)}",
        "by": juror_of(grid),
        "at": AT,
    } | given
    return mark_criterion(grid=grid, criterion=criterion, verdict=verdict, **values)


def fill(grid: Grid, *, not_acquired: tuple[str, ...] = ()) -> Grid:
    for criterion in grid.marks.values_list("criterion", flat=True):
        verdict = NOT_ACQUIRED if criterion in not_acquired else ACQUIRED
        mark(grid, criterion, verdict, observation=f"Observé pour {criterion}.")
    return grid


def closed(grid: Grid, *, not_acquired: tuple[str, ...] = ()) -> Grid:
    fill(grid, not_acquired=not_acquired)
    return close_grid(grid=grid, general_observation="", by=juror_of(grid), at=AT)


def deliberation(
    session: ExamSession, candidate: SessionCandidate, *, disputed: tuple[str, ...] = ()
) -> Deliberation:
    """Opened: the first juror refuses the disputed criteria, the others grant all."""
    opened = [grid for grid in grids(session) if grid.candidate_id == candidate.pk]
    for number, grid in enumerate(opened):
        closed(grid, not_acquired=disputed if number == 0 else ())
    return open_deliberation(candidate=candidate, by=juror_of(opened[0]), at=AT)


def decided(
    session: ExamSession, candidate: SessionCandidate, *, passed: bool = True
) -> Deliberation:
    """Closed, with one disagreement settled by a reason."""
    first = grids(session)[0].marks.first()
    assert first is not None
    criterion = first.criterion
    opened = deliberation(session, candidate, disputed=(criterion,))
    by = first_juror(session)
    decide_criterion(
        deliberation=opened,
        criterion=criterion,
        verdict=ACQUIRED if passed else NOT_ACQUIRED,
        reason="La reformulation a été entendue à la quatrième minute.",
        by=by,
        at=AT,
    )
    outcome = Deliberation.Outcome.PASSED if passed else Deliberation.Outcome.FAILED
    return close_deliberation(
        deliberation=opened,
        outcome=outcome,
        reasons="Prestation claire ; conclusion d’appel à travailler.",
        present=list(session.jurors.values_list("pk", flat=True)),
        by=by,
        at=AT,
    )


def first_juror(session: ExamSession) -> User:
    seat = session.jurors.select_related("juror__user").order_by("pk")[0]
    assert seat.juror.user is not None
    return seat.juror.user
