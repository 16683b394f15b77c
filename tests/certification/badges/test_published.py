"""What a verifier fetches: each address that a badge names answers."""

import json
from urllib.parse import urlsplit

import pytest

from acquis.certification.badges import checking
from acquis.certification.badges.models import Badge
from tests.factories import accounts, badges, grading

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge():
    return badges.badge()


def fetched(client, address):
    answer = client.get(urlsplit(address).path)
    assert answer.status_code == 200, address
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer.json()


def test_each_address_that_a_badge_names_answers_and_they_are_enough_to_verify(client, badge):
    said = json.loads(badge.json_ld)
    issuer = fetched(client, said["issuer"]["id"])
    status = fetched(client, said["credentialStatus"]["id"])
    assert status["id"] == said["credentialStatus"]["id"]
    assert status["revokedCredential"] == []
    by = checking.known([issuer], [status])
    for text in (badge.jwt, badge.json_ld):
        checked = checking.check(text.encode(), by=by, now=grading.AT)
        assert checked.faults == ()
        assert checked.status_seen

    told = said["credentialSubject"]["achievement"]
    found = fetched(client, told["id"])
    assert {name: found[name] for name in told} == told

    method = said["proof"][0]["verificationMethod"]
    assert fetched(client, method)["publicKeyMultibase"] == badge.ed25519_key.public
    jwk = fetched(client, badge.rsa_key.address)
    assert fetched(client, f"{badge.issuer}cles.json")["keys"] == [jwk]
    assert jwk["kid"] == badge.rsa_key.address
    assert "d" not in jwk


def test_a_revoked_badge_is_in_the_published_list(client, badge):
    Badge.objects.update(revoked_at=grading.AT, revocation_reason=Badge.Reason.WITHDRAWN)
    (entry,) = fetched(client, f"{badge.issuer}revocations/")["revokedCredential"]
    assert entry["id"] == badge.identifier
    assert entry["revoked"] is True


def test_another_body_publishes_none_of_it(client, badge):
    other = accounts.organisation()
    for place in ("", "cles.json", "revocations/"):
        assert client.get(f"/badges/emetteurs/{other.slug}/{place}").status_code == 404
    for place in (f"cles/{badge.rsa_key.name}/", f"titres/{badge.achievement}/"):
        assert client.get(f"/badges/emetteurs/{other.slug}/{place}").status_code == 404
    assert client.get(f"{urlsplit(badge.issuer).path}titres/autre/").status_code == 404
