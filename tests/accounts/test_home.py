"""What each role finds on its first page."""

import pytest

from acquis.accounts.enums import Role
from tests.factories import accounts as make
from tests.factories import certification

pytestmark = pytest.mark.django_db


def titles(client, person):
    client.force_login(person)
    return [str(card.title) for card in client.get("/").context["cards"]]


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_opens_for_every_role(client, role):
    client.force_login(make.user(role))
    assert client.get("/").status_code == 200


def test_cards_are_asked_of_those_who_hold_the_verb_alone(client):
    place = make.organisation()
    assert "Comptes" in titles(client, make.user(Role.CERTIFYING_BODY, at=place))
    assert "Comptes" not in titles(client, make.user(Role.TRAINER, at=place))


def test_a_candidate_finds_the_exam_that_is_ready(client):
    sitting = certification.ready_sitting()
    candidate = sitting.candidate.enrolment.candidate.user
    assert "Votre épreuve est prête" in titles(client, candidate)
    place = sitting.candidate.session.organisation
    other = make.user(Role.CANDIDATE, at=place)
    assert "Votre épreuve est prête" not in titles(client, other)
