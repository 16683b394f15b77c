import pytest
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.papers.models import Subject
from acquis.practice.enterprises import packs
from acquis.practice.scenarios import library
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer():
    return people.user(Role.TRAINER)


def test_the_shelf_shows_covers_and_nothing_of_the_contents(client, trainer) -> None:
    client.force_login(trainer)
    page = client.get(reverse("scenarios:shelf")).content.decode()
    for scenario in library.load(packs.load("valbrenne")):
        assert scenario.code in page
        assert scenario.payload["summary"] not in page
        for part in scenario.parts():
            assert part["customer"] not in page


def test_subjects_go_into_the_bank_once_and_wait_for_the_direction(client, trainer) -> None:
    client.force_login(trainer)
    for _ in range(2):
        assert client.post(reverse("scenarios:install", args=["valbrenne"])).status_code == 302
    shipped = library.load(packs.load("valbrenne"))
    subjects = Subject.objects.filter(organisation__memberships__user=trainer)
    assert subjects.count() == len(shipped)
    assert set(subjects.values_list("state", flat=True)) == {Subject.State.SUBMITTED}
    page = client.get(reverse("scenarios:shelf")).content.decode()
    assert reverse("papers:detail", args=[subjects.first().pk]) in page


def test_an_unknown_enterprise_has_no_shelf(client, trainer) -> None:
    client.force_login(trainer)
    assert client.post(reverse("scenarios:install", args=["inconnue"])).status_code == 404
