import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from acquis.accounts.enums import Role
from acquis.kernel import trace
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db
CODE = "/connexion/code/"


@pytest.fixture
def enrolled(client):
    """A person with a second step who has just given the right password."""
    person = make.user(Role.ADVISER)
    device = make.second_factor(person)
    answer = client.post("/connexion/", {"email": person.email, "password": make.PASSWORD})
    assert answer["Location"] == CODE
    return person, device


def test_enrolment_shows_a_drawing_and_ends_with_recovery_codes(client):
    person = make.user(Role.ADVISER)
    client.force_login(person)
    begun = client.post("/compte/securite/code/activer/")
    page = client.get(begun["Location"]).content.decode()
    assert "<svg" in page
    assert "style=" not in page
    device = TOTPDevice.objects.get(user=person, confirmed=False)
    wrong = client.post(begun["Location"], {"code": "000000"})
    assert wrong.status_code == 422
    # A wrong code makes the next one wait a second: take the wait away.
    TOTPDevice.objects.filter(pk=device.pk).update(
        throttling_failure_timestamp=None, throttling_failure_count=0
    )
    done = client.post(begun["Location"], {"code": make.code_of(device)})
    codes = re.findall(
        r'<code class="figures">([A-Z0-9]{5}-[A-Z0-9]{5})</code>', done.content.decode()
    )
    assert len(codes) == 10
    assert set(codes) == set(StaticToken.objects.values_list("token", flat=True))
    device.refresh_from_db()
    assert device.confirmed
    assert trace.lines(person.trace_stream).last().verb == "person.second_factor_enabled"


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("/documents-officiels/7/signer/", "/documents-officiels/7/signer/"),
        ("https://ailleurs.example/", "/compte/securite/"),
        ("", "/compte/securite/"),
    ],
)
def test_who_enrolled_to_do_something_is_led_back_to_it(client, asked, left):
    person = make.user(Role.ADVISER)
    client.force_login(person)
    begun = client.post("/compte/securite/code/activer/", {"next": asked})
    device = TOTPDevice.objects.get(user=person)
    done = client.post(begun["Location"], {"code": make.code_of(device)}).content.decode()
    assert f'<a class="btn btn-primary" href="{left}">' in done


def test_an_unconfirmed_secret_asks_nothing_at_sign_in(client):
    person = make.user(Role.ADVISER)
    TOTPDevice.objects.create(user=person, confirmed=False)
    answer = client.post("/connexion/", {"email": person.email, "password": make.PASSWORD})
    assert answer["Location"] == "/"


def test_the_password_alone_opens_nothing(client, enrolled):
    assert client.get("/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_code_opens(client, enrolled):
    person, device = enrolled
    assert client.post(CODE, {"code": make.code_of(device)})["Location"] == "/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert trace.lines(person.trace_stream).last().data == {"second_factor": True}


def test_a_code_serves_once(client, enrolled):
    person, device = enrolled
    code = make.code_of(device)
    client.post(CODE, {"code": code})
    client.post("/deconnexion/")
    client.post("/connexion/", {"email": person.email, "password": make.PASSWORD})
    assert client.post(CODE, {"code": code}).status_code == 422


def test_a_recovery_code_opens_once(client, enrolled):
    person, _device = enrolled
    sheet = person.staticdevice_set.create(name="recovery")
    StaticToken.objects.create(device=sheet, token="BCDFG-23467")
    assert client.post(CODE, {"code": " bcdfg-23467 "})["Location"] == "/"
    assert not StaticToken.objects.exists()


def test_a_wrong_code_counts_as_a_failed_sign_in(client, enrolled):
    for _rank in range(9):
        assert client.post(CODE, {"code": "000000"}).status_code == 422
    answer = client.post(CODE, {"code": "000000"})
    assert "Trop d’essais" in answer.content.decode()


def test_the_second_step_waits_five_minutes(client, enrolled):
    _person, device = enrolled
    session = client.session
    pending = session["pending_sign_in"]
    pending["at"] = (timezone.now() - timedelta(minutes=5, seconds=1)).isoformat()
    session["pending_sign_in"] = pending
    session.save()
    assert client.post(CODE, {"code": make.code_of(device)})["Location"] == "/connexion/"
    assert client.get("/").status_code == 302


def test_removing_it_takes_the_password(client):
    person = make.user(Role.ADVISER)
    make.second_factor(person)
    client.force_login(person)
    refused = client.post("/compte/securite/code/retirer/", {"password": "autre"})
    assert refused.status_code == 422
    assert TOTPDevice.objects.filter(user=person).exists()
    client.post("/compte/securite/code/retirer/", {"password": make.PASSWORD})
    assert not TOTPDevice.objects.filter(user=person).exists()


def test_renewing_replaces_the_recovery_codes(client):
    person = make.user(Role.ADVISER)
    make.second_factor(person)
    sheet = person.staticdevice_set.create(name="recovery")
    StaticToken.objects.create(device=sheet, token="BCDFG-23467")
    client.force_login(person)
    client.post("/compte/securite/code/secours/", {"password": make.PASSWORD})
    left = StaticToken.objects.filter(device__user=person).values_list("token", flat=True)
    assert len(left) == 10
    assert "BCDFG-23467" not in left


def test_a_manager_removes_it_for_a_lost_telephone(client):
    place = make.organisation()
    person = make.user(Role.ADVISER, at=place)
    make.second_factor(person)
    client.force_login(make.user(Role.CERTIFYING_BODY, at=place))
    client.post(f"/comptes/{person.pk}/code/retirer/")
    assert not TOTPDevice.objects.filter(user=person).exists()
