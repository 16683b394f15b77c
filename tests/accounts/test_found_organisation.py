import pytest
from django.test import Client
from django.utils import timezone

from acquis.accounts.access import may
from acquis.accounts.actions.found_organisation import found_organisation
from acquis.accounts.models import User
from acquis.accounts.tasks import password_link
from acquis.accounts.verbs import Verb
from acquis.kernel import trace

pytestmark = pytest.mark.django_db


def test_the_first_person_manages_the_accounts_of_the_new_organisation() -> None:
    centre, person = found_organisation(
        name="Centre des Rives", email=" Chef@Centre.example", at=timezone.now()
    )

    assert person.email == "chef@centre.example"
    assert may(person, Verb.ACCOUNT_MANAGE, centre)
    assert not person.has_usable_password()
    assert [line.verb for line in trace.lines(centre.trace_stream)] == ["organisation.founded"]


def test_the_first_person_chooses_a_password_by_the_link(client: Client) -> None:
    _centre, person = found_organisation(
        name="Centre", email="chef@centre.example", at=timezone.now()
    )
    address = password_link(person).split("/", 3)[3]

    assert client.get(f"/{address}", follow=True).status_code == 200


def test_the_same_name_and_the_same_person_serve_twice() -> None:
    User.objects.create_user("chef@centre.example", "Un-mot-de-passe-long")

    first, chief = found_organisation(name="Centre", email="chef@centre.example", at=timezone.now())
    second, again = found_organisation(
        name="Centre", email="chef@centre.example", at=timezone.now()
    )

    assert chief == again
    assert chief.has_usable_password()
    assert {first.slug, second.slug} == {"centre", "centre-2"}
