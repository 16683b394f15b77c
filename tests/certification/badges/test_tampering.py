"""What each tampering with a badge is told."""

import json
import re
from base64 import urlsafe_b64encode

import pytest
from django.db import IntegrityError, transaction
from joserfc import jws
from joserfc.jwk import RSAKey

from acquis.certification.badges import (
    auditing,
    checking,
    integrity,
    keys,
    presentation,
    queries,
    vcjwt,
)
from acquis.certification.badges.actions import (
    keys_in_force,
)
from acquis.certification.badges.checking import Fault, Nature
from acquis.certification.badges.models import Badge, BadgeKey
from acquis.certification.badges.reading import bake
from tests.certification.badges.helpers import (
    NOW,
    check,
    leaves,
    natures,
    other,
    outsider,
    payload_of,
    svg,
    with_change,
    with_payload,
)
from tests.factories import accounts, grading
from tests.kernel.tampering import without_triggers

pytestmark = pytest.mark.django_db


# -- tampered


def test_each_claim_of_the_embedded_form_is_covered_and_named(badge):
    document = json.loads(badge.json_ld)
    by, house = outsider(), auditing.house()
    paths = [path for path in leaves(document) if path[0] not in {"proof", "@context"}]
    assert len(paths) > 25
    for path in paths:
        text = json.dumps(with_change(document, path))
        assert check(text, by).faults, path
        if path not in {("id",), ("issuer", "id")} and path[0] != "type":
            told = check(text, house).faults
            assert Nature.ALTERED in [one.nature for one in told], (path, told)


def test_each_claim_of_the_signed_text_is_covered(badge):
    payload = payload_of(badge.jwt)
    by = outsider()
    for path in leaves(payload):
        assert check(with_payload(badge.jwt, with_change(payload, path)), by).faults, path


def test_the_changed_claim_is_named(badge):
    document = json.loads(badge.json_ld)
    document["credentialSubject"]["result"][0]["value"] = "Non acquis"
    faults = check(json.dumps(document)).faults
    assert faults == (
        Fault(Nature.SIGNATURE),
        Fault(Nature.ALTERED, "credentialSubject.result[0].value"),
    )


@pytest.mark.parametrize("step", ["proofValue", "created", "verificationMethod", "cryptosuite"])
def test_the_proof_itself_is_covered(badge, step):
    document = json.loads(badge.json_ld)
    document["proof"][0][step] = other(document["proof"][0][step])
    assert natures(json.dumps(document), outsider())


def test_a_claim_added_or_taken_away_shows(badge):
    document = json.loads(badge.json_ld)
    assert Nature.SIGNATURE in natures(json.dumps(document | {"description": "Mention"}))
    mention = json.dumps(document | {"mention": "très bien"})
    assert Nature.UNCOVERED in natures(mention, outsider())
    assert check(mention).faults == (Fault(Nature.SIGNATURE), Fault(Nature.ALTERED, "mention"))
    del document["credentialStatus"]
    assert natures(json.dumps(document)) == [Nature.SIGNATURE, Nature.ALTERED]


@pytest.mark.parametrize(
    "context",
    [
        "https://www.w3.org/ns/credentials/v2",
        [{"name": "https://schema.org/description"}],
        ["https://www.w3.org/ns/credentials/v2", "https://evil.example/context.json"],
    ],
)
def test_another_meaning_of_the_words_is_refused(badge, context):
    document = json.loads(badge.json_ld) | {"@context": context}
    assert Nature.UNCOVERED in natures(json.dumps(document), outsider())
    assert natures(json.dumps(document))


def test_a_meaning_hidden_inside_is_refused(badge):
    document = json.loads(badge.json_ld)
    document["issuer"]["@context"] = {"name": "https://schema.org/description"}
    assert natures(json.dumps(document)) == [Nature.UNCOVERED]


def test_each_part_of_the_text_by_its_bytes(badge):
    by = outsider()
    for rank in range(3):
        parts = badge.jwt.split(".")
        letter = parts[rank][10]
        parts[rank] = parts[rank][:10] + ("A" if letter != "A" else "B") + parts[rank][11:]
        assert natures(".".join(parts), by), rank
        assert natures(bake(".".join(parts), title="T", issuer="C"), by), rank


def test_a_name_twice_is_refused(badge):
    text = badge.json_ld.replace(
        '"awardedDate"', '"awardedDate": "2020-01-01T00:00:00Z", "awardedDate"'
    )
    assert natures(text) == [Nature.UNREADABLE]


def token(head, payload):
    parts = (urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (head, payload))
    return b".".join([*parts, b"AAAA"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"a.b",
        b"a.b.c",
        b"[]",
        b'{"a": NaN}',
        b"<svg",
        b"<svg/>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><svg>&b;</svg>',
        b'{"id": "a\\u0000"}',
        b'{"a\\ud800": 1}',
        b'{"a": ' * 50 + b"1" + b"}" * 50,
        b"[" * 100_000,
        b'{"a": ' + b"[" * 100_000,
        token({"alg": "RS256", "kid": "\ud800"}, {}),
        token({"alg": "RS256", "kid": "k"}, {"id": "\0"}),
        token({"alg": "RS256", "kid": 1}, {}),
        token({"alg": "none", "kid": "k"}, {}),
        token({"alg": "RS256", "kid": "k"}, []),
        token([], {}),
        token(1, {}),
        token("RS256", {}),
        b".".join([b"W" * 90_000] * 3),
        b"x" * (1024 * 1024 + 1),
    ],
)
def test_what_is_no_badge_is_told(content):
    by = checking.known([])
    assert natures(content, by) == [Nature.UNREADABLE]


def test_json_that_is_no_badge_is_told():
    assert natures("{}", checking.known([])) == [Nature.NOT_A_BADGE]


def test_two_badges_in_one_picture_are_refused(badge):
    picture = svg(badge).decode()
    (one,) = re.findall(r"<openbadges:credential.*?</openbadges:credential>", picture)
    assert natures(picture.replace(one, one + one)) == [Nature.UNREADABLE]


def test_a_picture_may_carry_the_embedded_form(badge):
    picture = re.sub(
        r"<openbadges:credential.*?</openbadges:credential>",
        lambda _found: (
            f"<openbadges:credential><![CDATA[{badge.json_ld}]]></openbadges:credential>"
        ),
        svg(badge).decode(),
    )
    assert natures(picture) == []


# -- whose keys


def test_an_unknown_issuer_is_told(badge):
    by = checking.known([])
    assert natures(badge.jwt, by) == [Nature.UNKNOWN_ISSUER]
    assert natures(badge.json_ld, by) == [Nature.UNKNOWN_ISSUER]


def test_a_key_that_the_issuer_does_not_publish_is_told(badge):
    document = queries.key_document(badge.certificate.organisation)
    document["verificationMethod"] = []
    by = checking.known([document])
    assert natures(badge.jwt, by) == [Nature.UNKNOWN_KEY]
    assert natures(badge.json_ld, by) == [Nature.UNKNOWN_KEY]


def test_a_key_of_another_issuer_is_told(badge):
    elsewhere = keys_in_force(organisation=accounts.organisation(), by=None, at=NOW)
    told = auditing.rebuilt(badge)
    forged = integrity.prove(
        told,
        key=keys.ed25519_private(elsewhere.ed25519),
        method=elsewhere.ed25519.address,
        at=NOW,
    )
    text = vcjwt.write(told, key=keys.rsa_private(elsewhere.rsa), kid=elsewhere.rsa.address)
    assert natures(json.dumps(forged)) == [Nature.WRONG_ISSUER]
    assert natures(text) == [Nature.WRONG_ISSUER]


def test_another_key_under_the_name_of_the_right_one_is_told(badge):
    elsewhere = keys_in_force(organisation=accounts.organisation(), by=None, at=NOW)
    told = auditing.rebuilt(badge)
    text = vcjwt.write(told, key=keys.rsa_private(elsewhere.rsa), kid=badge.rsa_key.address)
    assert natures(text, outsider()) == [Nature.SIGNATURE]
    text = vcjwt.write(told, key=keys.rsa_private(elsewhere.rsa), kid=badge.ed25519_key.address)
    assert natures(text, outsider()) == [Nature.SIGNATURE]


def test_a_document_may_not_lend_its_key_to_another_issuer(badge):
    document = queries.key_document(badge.certificate.organisation)
    for method in document["verificationMethod"]:
        method["controller"] = "https://other.example/"
    assert natures(badge.jwt, checking.known([document])) == [Nature.UNKNOWN_KEY]


@pytest.mark.parametrize("document", [{}, {"id": 1, "name": "x", "assertionMethod": 3}])
def test_a_document_that_is_no_key_document_is_refused(document):
    with pytest.raises(checking.BadDocument):
        checking.known([document])


# -- signed by the right key, and yet


def signed_text(badge, **changes):
    told = auditing.rebuilt(badge) | changes
    told = {name: value for name, value in told.items() if value is not None}
    return vcjwt.write(told, key=keys.rsa_private(badge.rsa_key), kid=badge.rsa_key.address)


def raw_text(badge, **claims):
    payload = payload_of(badge.jwt) | claims
    header = {"alg": "RS256", "kid": badge.rsa_key.address}
    key: RSAKey = keys.rsa_private(badge.rsa_key)
    return jws.serialize_compact(header, json.dumps(payload).encode(), key, algorithms=["RS256"])


def test_times_are_held(badge):
    later, before = "2099-01-01T00:00:00Z", "2001-01-01T00:00:00"
    assert natures(signed_text(badge, validFrom=later)) == [Nature.NOT_YET]
    assert natures(signed_text(badge, validUntil=later)) == []
    assert natures(signed_text(badge, validUntil=before)) == [Nature.OVER]
    assert natures(signed_text(badge, validUntil="demain")) == [Nature.UNREADABLE_DATE]
    assert natures(raw_text(badge, exp=1)) == [Nature.OVER]
    assert natures(raw_text(badge, exp=2**40)) == []
    assert natures(raw_text(badge, exp="demain")) == [Nature.UNREADABLE_DATE]


def test_registered_claims_that_contradict_the_badge_are_told(badge):
    assert natures(raw_text(badge, jti="urn:uuid:other")) == [Nature.REGISTERED]


def test_status_is_read_as_it_is_said(badge):
    other_kind = {"id": "https://x.example/1", "type": "BitstringStatusListEntry"}
    assert natures(signed_text(badge, credentialStatus=other_kind)) == [Nature.UNKNOWN_STATUS]
    assert natures(signed_text(badge, credentialStatus=None)) == []
    without = check(signed_text(badge, credentialStatus=None))
    assert not without.status_seen


def test_a_badge_without_a_proof_is_told(badge):
    document = json.loads(badge.json_ld)
    del document["proof"]
    assert natures(json.dumps(document)) == [Nature.NO_PROOF]


# -- kept here


@pytest.mark.parametrize("form", ["json_ld", "jwt"])
def test_one_changed_claim_in_the_database_is_named(badge, form):
    if form == "jwt":
        payload = payload_of(badge.jwt)
        payload["name"] = "Autre titre"
        text = with_payload(badge.jwt, payload)
    else:
        text = badge.json_ld.replace('"value": "Acquis"', '"value": "Non acquis"', 1)
    with without_triggers("badges_badge"):
        Badge.objects.update(**{form: text})
    told = [presentation.told(one) for one in auditing.audit(NOW)]
    path = "name" if form == "jwt" else "credentialSubject.result[0].value"
    assert len(told) == 2
    assert "signature" in told[0]
    assert f"« {path} »" in told[1]
    assert badge.certificate.number in told[1]


def test_a_key_changed_in_the_database_is_told(badge):
    made = keys.make_rsa()
    with without_triggers("badges_badgekey"):
        BadgeKey.objects.filter(pk=badge.rsa_key_id).update(public=made.public)
    assert [one.fault.nature for one in auditing.audit(NOW)] == [Nature.SIGNATURE]


def test_an_unreadable_row_is_told(badge):
    with without_triggers("badges_badge"):
        Badge.objects.update(jwt="rien")
    assert [one.fault.nature for one in auditing.audit(NOW)] == [Nature.UNREADABLE]


@pytest.mark.parametrize(
    "column", ["jwt", "json_ld", "salt", "achievement", "uuid", "issued_at", "ed25519_key_id"]
)
def test_the_database_refuses_to_change_what_was_signed(badge, column):
    changed = {
        "uuid": "0b3f1d2c-9a4e-4a52-8b0e-2f6f1f0c7d11",
        "issued_at": NOW,
        "ed25519_key_id": badge.rsa_key_id,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Badge.objects.update(**{column: changed.get(column, "autre")})


def test_the_database_refuses_to_lose_a_badge_or_to_undo_its_revocation(badge):
    with pytest.raises(IntegrityError), transaction.atomic():
        Badge.objects.all().delete()
    Badge.objects.update(revoked_at=NOW, revocation_reason=Badge.Reason.WITHDRAWN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Badge.objects.update(revoked_at=None, revocation_reason="")


@pytest.mark.parametrize("column", ["public", "name", "issuer", "made_at", "kind"])
def test_the_database_refuses_to_change_a_key(badge, column):
    key = BadgeKey.objects.filter(pk=badge.rsa_key_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        key.update(**{column: NOW if column == "made_at" else "autre"})


def test_the_database_refuses_to_lose_a_key_or_to_bring_it_back(badge):
    key = BadgeKey.objects.filter(pk=badge.rsa_key_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        key.delete()
    key.update(retired_at=grading.AT, sealed_private=b"", retirement_reason="Essai")
    with pytest.raises(IntegrityError), transaction.atomic():
        key.update(retired_at=None)
