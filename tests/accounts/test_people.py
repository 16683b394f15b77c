import pytest
from django.core import mail
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import ApiToken, Membership, User
from acquis.accounts.verbs import Verb
from acquis.kernel import outbox, trace
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make.organisation()


@pytest.fixture
def manager(client, place):
    person = make.user(Role.CERTIFYING_BODY, at=place, first_name="Maud", last_name="Manager")
    client.force_login(person)
    return person


def invite(client, **values):
    typed = {
        "first_name": "Inès",
        "last_name": "Pottier",
        "email": "Ines@centre.example",
        "roles": ["juror", "trainer"],
    }
    return client.post("/comptes/nouveau/", typed | values)


def test_an_invited_person_gets_roles_and_a_letter(client, manager, place):
    answer = invite(client)
    person = User.objects.get(email="ines@centre.example")
    assert answer["Location"] == f"/comptes/{person.pk}/"
    roles = set(person.memberships.filter(organisation=place).values_list("role", flat=True))
    assert roles == {"juror", "trainer"}
    assert not person.has_usable_password()
    outbox.deliver(now=timezone.now())
    assert "Un compte vous attend" in mail.outbox[0].body
    verbs = list(trace.lines(person.trace_stream).values_list("verb", flat=True))
    assert verbs == ["person.created", "person.password_link_sent"]


def test_a_person_known_elsewhere_keeps_name_and_password(client, manager, place):
    known = make.user(Role.ADVISER, email="ines@centre.example", first_name="Agnès")
    invite(client)
    known.refresh_from_db()
    assert known.first_name == "Agnès"
    assert known.check_password(make.PASSWORD)
    assert known.memberships.filter(organisation=place).count() == 2
    outbox.deliver(now=timezone.now())
    assert not mail.outbox


def test_the_same_address_is_invited_once(client, manager):
    invite(client)
    again = invite(client)
    assert again.status_code == 422
    assert User.objects.filter(email="ines@centre.example").count() == 1


def test_an_invitation_without_a_role_is_refused(client, manager):
    assert invite(client, roles=[]).status_code == 422
    assert not User.objects.filter(email="ines@centre.example").exists()


def test_people_are_searched_filtered_and_sorted(client, manager, place):
    make.user(Role.JUROR, at=place, first_name="Zoé", last_name="Abadie", email="za@c.example")
    make.user(Role.CANDIDATE, at=place, last_name="Zeller", is_active=False)
    make.user(Role.JUROR, last_name="Ailleurs")

    def names(query):
        page = client.get(f"/comptes/?{query}")
        return [row["person"].last_name for row in page.context["rows"]]

    assert names("") == ["Abadie", "Manager", "Zeller"]
    assert names("tri=-nom") == ["Zeller", "Manager", "Abadie"]
    assert names("q=zoé aba") == ["Abadie"]
    assert names("q=za@c") == ["Abadie"]
    assert names("role=candidate") == ["Zeller"]
    assert names("etat=inactive") == ["Zeller"]
    assert names("role=nonsense&etat=x&tri=drop") == ["Abadie", "Manager", "Zeller"]
    assert "Personne ne correspond" in client.get("/comptes/?q=rien").content.decode()


def test_a_part_of_the_list_answers_htmx(client, manager):
    part = client.get("/comptes/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="people"' in part


def test_a_long_list_costs_no_more_queries(client, manager, place, count_queries):
    client.get("/comptes/")
    one = count_queries(lambda: client.get("/comptes/"))
    for _rank in range(12):
        make.user(Role.JUROR, Role.TRAINER, at=place, password=None)
    assert count_queries(lambda: client.get("/comptes/")) == one


def test_roles_are_replaced_and_told(client, manager, place):
    person = make.user(Role.JUROR, at=place)
    client.post(f"/comptes/{person.pk}/roles/", {"roles": ["trainer"]})
    assert [one.role for one in person.memberships.all()] == ["trainer"]
    page = client.get(f"/comptes/{person.pk}/").content.decode()
    assert "Juré → Formateur" in page


def test_the_last_manager_stays(client, manager):
    answer = client.post(f"/comptes/{manager.pk}/roles/", {"roles": ["juror"]})
    assert answer.status_code == 422
    assert "gère les comptes" in answer.content.decode()
    assert manager.memberships.get().role == Role.CERTIFYING_BODY


def test_a_deactivated_person_is_out_at_once(client, manager, place):
    person = make.user(Role.SESSION_MANAGER, at=place)
    make.token(person)
    other = type(client)()
    other.post("/connexion/", {"email": person.email, "password": make.PASSWORD})
    client.post(f"/comptes/{person.pk}/desactiver/")
    assert other.get("/").status_code == 302
    assert ApiToken.objects.get(user=person).revoked_at is not None
    client.post(f"/comptes/{person.pk}/reactiver/")
    person.refresh_from_db()
    assert person.is_active


def test_nobody_deactivates_themselves(client, manager):
    assert client.post(f"/comptes/{manager.pk}/desactiver/").status_code == 422
    manager.refresh_from_db()
    assert manager.is_active


@pytest.mark.parametrize("act", ["desactiver", "reactiver", "code/retirer"])
def test_an_account_others_rely_on_is_left_alone(client, manager, place, act):
    person = make.user(Role.JUROR)
    make.second_factor(person)
    Membership.objects.create(user=person, organisation=place, role=Role.JUROR)
    assert client.post(f"/comptes/{person.pk}/{act}/").status_code == 422
    person.refresh_from_db()
    assert person.is_active
    assert person.totpdevice_set.exists()


@pytest.mark.parametrize(
    "path", ["", "roles/", "desactiver/", "reactiver/", "debloquer/", "lien/", "code/retirer/"]
)
def test_people_of_another_organisation_do_not_exist(client, manager, path):
    stranger = make.user(Role.JUROR)
    address = f"/comptes/{stranger.pk}/{path}"
    answer = client.post(address) if path else client.get(address)
    assert answer.status_code == 404


def test_the_organisation_is_kept_and_traced(client, manager, place):
    values = {"name": "Centre Loire", "siret": "732 829 320 00074", "city": "Nantes"}
    values["signing"] = "second_factor"
    client.post("/comptes/organisation/", values)
    place.refresh_from_db()
    assert (place.name, place.siret) == ("Centre Loire", "73282932000074")
    assert trace.lines(place.trace_stream).get().data == {"fields": ["name", "siret", "city"]}


def test_a_false_siret_is_refused(client, manager, place):
    answer = client.post("/comptes/organisation/", {"name": "X", "siret": "12345678901234"})
    assert answer.status_code == 422
    place.refresh_from_db()
    assert place.siret == ""


def test_a_token_is_shown_once_and_kept_as_a_digest(client, manager):
    page = client.post(
        "/compte/jetons/nouveau/",
        {"name": "Export", "scopes": [Verb.SESSION_READ], "days": "30"},
    )
    token = ApiToken.objects.get()
    assert page.status_code == 201
    secret = page.context["made"].secret
    assert secret in page.content.decode()
    assert token.digest not in secret
    assert token.scopes == ["session.read"]
    listed = client.get("/compte/jetons/").content.decode()
    assert secret not in listed
    assert f"acq_{token.prefix}" in listed
    client.post(f"/compte/jetons/{token.pk}/revoquer/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_token_permits_no_more_than_its_person(client, manager):
    typed = {"name": "Trop", "scopes": [Verb.SESSION_MANAGE], "days": "30"}
    assert client.post("/compte/jetons/nouveau/", typed).status_code == 422
    assert not ApiToken.objects.exists()
