from datetime import timedelta

import pytest

from acquis.accounts.access import may
from acquis.accounts.enums import Role
from acquis.certification.sittings import actions
from acquis.kernel.home import cards_for
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def titles(person, organisation, now) -> list[str]:
    def allows(verb: str | None) -> bool:
        return verb is None or may(person, verb, organisation)

    return [str(card.title) for card in cards_for(person, organisation, now, allows)]


def test_a_manager_finds_what_waits_under_way_first() -> None:
    open_one = make.open_session()
    centre = open_one.organisation
    soon = make.session(
        organisation=centre, version=open_one.version, starts_at=DAY + timedelta(days=20)
    )
    make.candidate(centre, birth_city="")
    shown = titles(open_one.manager, centre, DAY)
    assert f"Salle · session {open_one.reference}" in shown
    assert "Dossiers à compléter" in shown
    first = next(i for i, title in enumerate(shown) if open_one.reference in title)
    assert first < next(i for i, title in enumerate(shown) if soon.reference in title)


def test_a_call_from_a_room_is_on_the_first_page() -> None:
    sitting = make.running_sitting()
    centre = sitting.candidate.session.organisation
    invigilator = make.person(Role.INVIGILATOR, organisation=centre)
    actions.call_invigilator(sitting=sitting, by=make.writer(sitting), at=DAY)

    def allows(verb: str | None) -> bool:
        return verb is None or may(invigilator, verb, centre)

    room = next(
        card for card in cards_for(invigilator, centre, DAY, allows) if "Salle" in str(card.title)
    )
    assert (room.count, room.tone) == (1, "danger")


def test_the_direction_is_told_of_subjects_to_validate() -> None:
    centre = make.organisation()
    make.subject(centre, state="submitted")
    director = make.person(Role.CERTIFYING_BODY, organisation=centre)
    assert "Sujets à valider" in titles(director, centre, DAY)
