from datetime import timedelta

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.sessions.models import Session
from django.urls import reverse

from acquis.accounts.actions.throttle import begin_attempt
from acquis.accounts.enums import Role
from acquis.accounts.errors import SignInBlocked, SignInLocked
from acquis.accounts.models import LoginFailure, SignIn
from acquis.config.settings import base
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db
LOGIN = "/connexion/"


def sign_in(client, person, password=make.PASSWORD, **more):
    return client.post(LOGIN, {"email": person.email, "password": password, **more})


def test_a_person_signs_in_and_lands_on_the_first_page(client):
    person = make.user(Role.ADVISER)
    answer = sign_in(client, person)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("accounts:home")
    assert client.get("/").status_code == 200
    assert trace.lines(person.trace_stream).get().verb == "person.signed_in"


def test_the_address_is_written_in_any_case(client):
    person = make.user(Role.ADVISER, email="zoe@centre.example")
    answer = client.post(LOGIN, {"email": "Zoe@Centre.example", "password": make.PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    person = make.user(Role.ADVISER)
    wrong = sign_in(client, person, password="autre chose")
    unknown = client.post(LOGIN, {"email": "nul@centre.example", "password": "autre chose"})
    assert wrong.status_code == unknown.status_code == 422
    said = "L’adresse ou le mot de passe est inexact."
    assert said in wrong.content.decode()
    assert said in unknown.content.decode()
    assert LoginFailure.objects.count() == 2


def test_an_inactive_person_does_not_enter(client):
    assert sign_in(client, make.user(Role.ADVISER, is_active=False)).status_code == 422


def test_the_session_key_changes_when_signing_in(client):
    """A key that somebody planted beforehand is worth nothing afterwards."""
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    sign_in(client, make.user(Role.ADVISER))
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_leads_to_this_site_alone(client, target):
    person = make.user(Role.ADVISER)
    answer = sign_in(client, person, next=target)
    assert answer["Location"] == reverse("accounts:home")
    assert client.get(LOGIN, {"next": target})["Location"] == reverse("accounts:home")


def test_signing_in_leads_where_one_was_going(client):
    person = make.user(Role.ADVISER)
    asked = client.get("/compte/")
    assert asked["Location"] == f"{LOGIN}?next=/compte/"
    assert 'name="next" value="/compte/"' in client.get(asked["Location"]).content.decode()
    assert sign_in(client, person, next="/compte/")["Location"] == "/compte/"


def test_signing_out_takes_a_post(client):
    person = make.user(Role.ADVISER)
    sign_in(client, person)
    assert client.get("/deconnexion/").status_code == 405
    assert client.post("/deconnexion/")["Location"] == reverse("accounts:login")
    assert client.get("/").status_code == 302
    assert SignIn.objects.get(user=person).ended_at is not None


def test_what_a_device_keeps_under_a_sign_in_is_under_another_name_once_signed_out(client):
    """Copies of pages lie under a name drawn from this cookie (ADR 0029)."""
    sign_in(client, make.user(Role.ADVISER))
    client.get("/compte/")
    before = client.cookies["csrftoken"].value
    client.get("/compte/")
    assert client.cookies["csrftoken"].value == before
    client.post("/deconnexion/")
    assert client.cookies["csrftoken"].value != before


def test_the_sign_in_page_empties_what_a_device_kept(client):
    assert "kernel/forgetting.js" in client.get(LOGIN).content.decode()


def test_ten_failures_lock_the_address_whoever_has_it(client, now):
    for _rank in range(10):
        begin_attempt(email="nul@centre.example", at=now)
    with pytest.raises(SignInLocked):
        begin_attempt(email="Nul@centre.example ", at=now + timedelta(seconds=119))
    begin_attempt(email="nul@centre.example", at=now + timedelta(seconds=121))
    assert LoginFailure.objects.get().count == 11


def test_a_locked_person_does_not_enter_with_the_right_password(client):
    person = make.user(Role.ADVISER)
    for _rank in range(10):
        assert sign_in(client, person, password="autre chose").status_code == 422
    answer = sign_in(client, person)
    assert answer.status_code == 422
    assert "Trop d’essais" in answer.content.decode()


def test_signing_in_forgets_the_failures(client):
    person = make.user(Role.ADVISER)
    for _rank in range(9):
        sign_in(client, person, password="autre chose")
    assert sign_in(client, person).status_code == 302
    assert not LoginFailure.objects.exists()


def test_fifty_failures_block_until_somebody_lifts_it(client, now):
    place = make.organisation()
    person = make.user(Role.ADVISER, at=place)
    at = now
    for _rank in range(50):
        begin_attempt(email=person.email, at=at)
        at += timedelta(minutes=20)
    with pytest.raises(SignInBlocked):
        begin_attempt(email=person.email, at=at + timedelta(days=30))

    manager = StrictClient()
    manager.force_login(make.user(Role.CERTIFYING_BODY, at=place))
    assert "Connexions bloquées" in manager.get("/").content.decode()
    assert person.full_name in manager.get("/comptes/?etat=blocked").content.decode()
    manager.post(f"/comptes/{person.pk}/debloquer/")
    assert sign_in(client, person).status_code == 302
    assert trace.lines(person.trace_stream).first().verb == "person.lock_reset"


def test_passwords_are_hashed_with_argon2(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert identify_hasher(make_password("x")).algorithm == "argon2"


def test_the_settings_hash_with_argon2_first():
    assert base.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_demo_accounts_open_in_one_click(client):
    person = make.user(Role.JUROR, is_demo=True)
    make.user(Role.ADVISER)
    page = client.get(LOGIN).content.decode()
    assert "Comptes de démonstration" in page
    assert f"Entrer comme {person.full_name}, Juré" in page
    assert page.count("Entrer comme") == 1
    answer = client.post(f"/connexion/demo/{person.pk}/")
    assert answer["Location"] == reverse("accounts:home")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_only_demo_accounts_open_so(client):
    person = make.user(Role.JUROR)
    assert client.post(f"/connexion/demo/{person.pk}/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_without_demonstration_there_is_no_demo_login(client, settings):
    settings.DEMO = False
    person = make.user(Role.JUROR, is_demo=True)
    assert "démonstration" not in client.get(LOGIN).content.decode()
    assert client.post(f"/connexion/demo/{person.pk}/").status_code == 404
    assert client.get(f"/connexion/demo/{person.pk}/").status_code in {404, 405}
    assert "_auth_user_id" not in client.session


def test_a_chosen_language_follows_the_person(client):
    person = make.user(Role.ADVISER, language="en")
    sign_in(client, person)
    assert client.cookies["django_language"].value == "en"
