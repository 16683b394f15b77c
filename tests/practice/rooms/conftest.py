"""An exam of today: two subjects of the library in the bank, and the customers they speak of."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions.models import SessionJuror
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Phase, Sitting
from acquis.kernel.testing import StrictClient
from acquis.practice.enterprises import packs
from acquis.practice.rooms.actions.begin_phase import begin_phase
from acquis.practice.scenarios import library
from tests.factories import certification as make
from tests.factories import desk

PACK = "valbrenne"
CODES = ("VAL-E01", "VAL-S01")  # a letter to write, two customers in the chat


@pytest.fixture
def today() -> datetime:
    """Pages read the clock of the machine: their exam is of this very moment."""
    return timezone.now()


@pytest.fixture(scope="session")
def scenarios() -> dict[str, library.Scenario]:
    """One written subject and one set of exchanges, by kind."""
    found = {one.code: one for one in library.load(packs.load(PACK))}
    return {found[code].kind: found[code] for code in CODES}


@pytest.fixture
def sitting(scenarios: dict[str, library.Scenario], today: datetime) -> Sitting:
    """A candidate ready to begin; a second one, and two present jurors, are of the session."""
    centre = make.organisation()
    author = make.person(Role.TRAINER, organisation=centre)
    model = make.enterprise(centre, identity={"reference_on": f"{today:%Y-%m-%d}"})
    for scenario in scenarios.values():
        for part in scenario.parts():
            desk.customer(model, reference=part["customer"])
        make.subject(
            centre,
            reference=scenario.code,
            kind=scenario.kind,
            content=scenario.payload,
            author=author,
        )
    session = make.session(organisation=centre, enterprise_id=model.pk, starts_at=today)
    SessionJuror.objects.filter(session=session).update(present=True)
    actions.open_session(session=session, by=session.manager, at=today)
    first = Sitting.objects.get(candidate=session.candidates.order_by("order")[0])
    actions.confirm_presence(candidate=first.candidate, present=True, by=session.manager, at=today)
    actions.confirm_identity(candidate=first.candidate, by=session.manager, at=today)
    return actions.authorise_start(sitting=first, by=session.manager, at=today)


@pytest.fixture
def begin(sitting: Sitting, today: datetime) -> Callable[[int], Phase]:
    """Go to the phase of this position, each one before handed in."""

    def to(position: int) -> Phase:
        writer = make.writer(sitting)
        for phase in sitting.phases.filter(position__lte=position):
            if phase.state == Phase.State.WAITING:
                begin_phase(phase=phase, by=writer, at=today)
            if phase.position < position:
                phase.refresh_from_db()
                actions.end_phase(phase=phase, by=writer, at=today)
        sitting.refresh_from_db()
        return sitting.phases.get(position=position)

    return to


@pytest.fixture
def candidate_client(sitting: Sitting, today: datetime) -> StrictClient:
    """The candidate signed in on the device that holds the exam."""
    return entered(sitting, today)


def entered(sitting: Sitting, at: datetime) -> StrictClient:
    client = StrictClient()
    client.force_login(make.writer(sitting))
    session = client.session
    session["exam_device"] = f"device-{sitting.pk}"
    session.save()
    actions.claim_device(
        sitting=sitting, device_key=f"device-{sitting.pk}", by=make.writer(sitting), at=at
    )
    return client


@pytest.fixture
def juror_client(sitting: Sitting) -> StrictClient:
    client = StrictClient()
    client.force_login(sitting.candidate.session.jurors.order_by("pk")[0].juror.user)
    return client
