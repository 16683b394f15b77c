import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import Membership, SignIn
from acquis.accounts.tasks import password_link
from acquis.kernel import outbox, trace
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db
NEW = "girafe-pendule-anorak"


def signed_in(person, agent="Firefox/140.0 Windows"):
    client = Client(headers={"User-Agent": agent})
    client.post("/connexion/", {"email": person.email, "password": make.PASSWORD})
    return client


def test_open_devices_are_listed(client):
    person = make.user(Role.ADVISER)
    signed_in(person)
    here = signed_in(person, "Chrome/130.0 Android")
    page = here.get("/compte/securite/").content.decode()
    assert "Firefox · Windows" in page
    assert "Chrome · Android" in page
    assert page.count("cet appareil") == 1


def test_revoking_a_device_signs_it_out():
    person = make.user(Role.ADVISER)
    there, here = signed_in(person), signed_in(person)
    other = SignIn.objects.exclude(session_key=here.session.session_key).get()
    here.post(f"/compte/appareils/{other.pk}/")
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_revoking_the_others_keeps_this_one():
    person = make.user(Role.ADVISER)
    first, second, here = (signed_in(person) for _rank in range(3))
    here.post("/compte/appareils/")
    assert [one.get("/").status_code for one in (first, second, here)] == [302, 302, 200]
    line = trace.lines(person.trace_stream).last()
    assert (line.verb, line.data) == ("person.devices_revoked", {"count": 2})


def test_nobody_revokes_the_device_of_another():
    person, other = make.user(Role.ADVISER), make.user(Role.ADVISER)
    there, here = signed_in(other), signed_in(person)
    target = SignIn.objects.get(user=other)
    assert here.post(f"/compte/appareils/{target.pk}/").status_code == 404
    assert there.get("/").status_code == 200


def test_a_new_password_ends_the_other_sessions():
    person = make.user(Role.ADVISER)
    there, here = signed_in(person), signed_in(person)
    answer = here.post(
        "/compte/mot-de-passe/",
        {"password": make.PASSWORD, "new_password": NEW, "repeated": NEW},
    )
    assert answer.status_code == 302
    assert there.get("/").status_code == 302
    page = here.get("/compte/securite/").content.decode()
    assert page.count("cet appareil") == 1
    person.refresh_from_db()
    assert person.check_password(NEW)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"password": "autre"}, "mot de passe actuel"),
        ({"repeated": "autre-chose-encore"}, "diffèrent"),
        ({"new_password": "court", "repeated": "court"}, "12"),
        ({"new_password": "passwordpassword", "repeated": "passwordpassword1"}, "diffèrent"),
    ],
)
def test_a_refused_password_changes_nothing(client, values, said):
    person = make.user(Role.ADVISER)
    client.force_login(person)
    typed = {"password": make.PASSWORD, "new_password": NEW, "repeated": NEW} | values
    answer = client.post("/compte/mot-de-passe/", typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password(make.PASSWORD)


def test_the_profile_is_kept_and_traced(client):
    person = make.user(Role.ADVISER)
    client.force_login(person)
    values = {"first_name": "Zoé", "last_name": "Le Goff", "phone": "", "language": "en"}
    answer = client.post("/compte/", values)
    assert answer.cookies["django_language"].value == "en"
    person.refresh_from_db()
    assert person.full_name == "Zoé Le Goff"
    line = trace.lines(person.trace_stream).last()
    assert line.data == {"fields": ["first_name", "last_name", "language"]}


def test_a_person_works_for_the_organisation_they_choose(client):
    person = make.user(Role.ADVISER)
    other = make.organisation(name="Deuxième centre")
    Membership.objects.create(user=person, organisation=other, role=Role.JUROR)
    client.force_login(person)
    assert "Deuxième centre" in client.get("/").content.decode()
    client.post(f"/compte/organisation/{other.pk}/")
    page = client.get("/")
    assert page.wsgi_request.organisation == other
    assert "Juré" in page.content.decode()


def test_nobody_chooses_an_organisation_without_a_role(client):
    client.force_login(make.user(Role.ADVISER))
    assert client.post(f"/compte/organisation/{make.organisation().pk}/").status_code == 404


def test_a_person_without_a_role_is_told_so(client):
    client.force_login(make.user())
    assert "Aucun rôle" in client.get("/").content.decode()


def test_a_forgotten_password_gets_a_letter(client, django_capture_on_commit_callbacks):
    person = make.user(Role.ADVISER)
    answer = client.post("/mot-de-passe/oublie/", {"email": person.email})
    unknown = client.post("/mot-de-passe/oublie/", {"email": "nul@centre.example"})
    assert answer.status_code == unknown.status_code == 200
    outbox.deliver(now=timezone.now())
    (letter,) = mail.outbox
    assert letter.to == [person.email]
    assert "/mot-de-passe/choisir/" in letter.body
    assert "&" not in letter.subject


def test_a_letter_is_sent_once_in_five_minutes(client):
    person = make.user(Role.ADVISER)
    for _rank in range(3):
        client.post("/mot-de-passe/oublie/", {"email": person.email})
    outbox.deliver(now=timezone.now())
    assert len(mail.outbox) == 1


def test_the_link_of_a_letter_serves_once(client):
    person = make.user(Role.ADVISER)
    there = signed_in(person)
    person.refresh_from_db()  # signing in voids the links made before
    path = "/" + password_link(person).split("/", 3)[3]
    assert person.email in client.get(path).content.decode()
    answer = client.post(path, {"new_password": NEW, "repeated": NEW})
    assert answer["Location"] == "/connexion/"
    assert client.get(path).status_code == 404
    assert there.get("/").status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)


@pytest.mark.parametrize("uid", ["MQ", "x", "////", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_an_invented_link_leads_nowhere(client, uid):
    path = f"/mot-de-passe/choisir/{uid.replace('/', '-')}/abc-123/"
    assert client.get(path).status_code == 404
