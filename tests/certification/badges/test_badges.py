"""Badges: made, kept, revoked."""

import json

import pytest

from acquis.accounts.enums import Role
from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.actions.revoke_certificate import revoke_certificate
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.badges import (
    auditing,
    checking,
    credentials,
    keys,
    presentation,
    queries,
    vcjwt,
)
from acquis.certification.badges.actions import (
    issue_badge,
    keys_in_force,
    renew_keys,
    revoke_badge,
)
from acquis.certification.badges.checking import Nature
from acquis.certification.badges.errors import NoBadge, RenewalReasonMissing
from acquis.certification.badges.models import Badge
from acquis.certification.badges.tasks import issue, look_for_missing
from acquis.kernel import crypto
from acquis.kernel.models import Job
from tests.certification.badges.helpers import (
    NOW,
    REASON,
    check,
    natures,
    outsider,
    svg,
)
from tests.factories import badges, grading
from tests.kernel.tampering import without_triggers

pytestmark = pytest.mark.django_db


# -- made


def test_every_form_of_a_badge_holds_for_who_knows_the_published_keys_only(badge):
    for content in (badge.jwt, badge.json_ld, svg(badge)):
        checked = check(content, outsider())
        assert checked.faults == ()
        assert checked.status_seen
        assert checked.credential == auditing.rebuilt(badge)


def test_a_badge_says_the_certification_each_block_and_neither_name_nor_birth_date(badge):
    data, said = badge.certificate.data, json.loads(badge.json_ld)
    subject = said["credentialSubject"]
    assert said["id"] == f"urn:uuid:{badge.uuid}"
    assert subject["achievement"]["name"].startswith(f"{data['framework']['title']} – CCP1 – ")
    assert data["blocks"]
    assert [one["name"] for one in subject["achievement"]["resultDescription"]] == [
        f"{one['code']} – {one['title']}" for one in data["blocks"]
    ]
    assert [one["value"] for one in subject["result"]] == ["Acquis"] * len(data["blocks"])
    assert [one["resultDescription"] for one in subject["result"]] == [
        one["id"] for one in subject["achievement"]["resultDescription"]
    ]
    (identity,) = subject["identifier"]
    name = data["candidate"]["name"]
    assert identity["identityHash"] == credentials.hashed_name(name, identity["salt"])
    person = badge.certificate.candidate.enrolment.candidate
    born = person.birth_date.isoformat()
    for secret in (name, person.birth_name, born, data["candidate"]["born_on"]):
        assert secret
        assert secret not in badge.json_ld


def test_a_certificate_without_blocks_has_no_empty_result(badge):
    data = badge.certificate.data | {"blocks": [], "decided_at": ""}
    said = credentials.credential(
        data, credentials.Facts(badge.issuer, badge.uuid, badge.salt, badge.issued_at)
    )
    assert "result" not in said["credentialSubject"]
    assert "resultDescription" not in said["credentialSubject"]["achievement"]
    assert "awardedDate" not in said


def test_a_badge_of_one_block_names_it(badge):
    data = badge.certificate.data | {"block": {"code": "BC 1", "title": "Répondre"}}
    assert credentials.achievement_place(data).endswith("-BC%201")
    facts = credentials.Facts(badge.issuer, badge.uuid, badge.salt, badge.issued_at)
    assert credentials.credential(data, facts)["name"].endswith(" – BC 1 – Répondre")


def test_a_second_call_gives_the_first_badge_back(badge):
    assert issue_badge(certificate=badge.certificate, by=None, at=NOW) == badge


def test_what_is_no_certificate_in_force_has_no_badge():
    certificate = badges.certificate()
    pv = IssuedDocument.objects.get(session=certificate.session, kind="pv")
    with pytest.raises(NoBadge):
        issue_badge(certificate=pv, by=None, at=NOW)


def test_a_certificate_has_its_badge_in_the_background():
    certificate = badges.certificate()
    job = Job.objects.get(kind="badges.issue")
    assert job.args["session"] == certificate.session_id
    assert issue(job.args, lambda *_: None) == {"notes": ["1 badge signé"]}
    assert check(certificate.badge.jwt).faults == ()
    Job.objects.all().delete()
    look_for_missing(NOW)
    assert not Job.objects.exists()


def test_a_certificate_from_before_badges_is_found():
    certificate = badges.certificate()
    Job.objects.all().delete()
    look_for_missing(NOW)
    assert Job.objects.get().args["session"] == certificate.session_id


# -- keys


def test_private_keys_are_sealed_and_go_when_the_key_is_retired(badge):
    for key in (badge.rsa_key, badge.ed25519_key):
        assert b"PRIVATE" not in bytes(key.sealed_private)
        assert crypto.unseal(key.sealed_private)
    renew_keys(organisation=badge.certificate.organisation, reason=" Fuite. ", by=None, at=NOW)
    badge.rsa_key.refresh_from_db()
    assert badge.rsa_key.retirement_reason == "Fuite."
    assert badge.rsa_key.retired_at == NOW
    assert bytes(badge.rsa_key.sealed_private) == b""
    with pytest.raises(crypto.Unsealable):
        keys.rsa_private(badge.rsa_key)


def test_keys_are_not_renewed_without_a_reason(badge):
    with pytest.raises(RenewalReasonMissing):
        renew_keys(organisation=badge.certificate.organisation, reason=" ", by=None, at=NOW)
    badge.rsa_key.refresh_from_db()
    assert badge.rsa_key.retired_at is None


def test_a_badge_signed_by_the_right_key_that_is_not_kept_here_is_refused(badge):
    told = auditing.rebuilt(badge) | {"id": "urn:uuid:0b3f1d2c-9a4e-4a52-8b0e-2f6f1f0c7d11"}
    text = vcjwt.write(told, key=keys.rsa_private(badge.rsa_key), kid=badge.rsa_key.address)
    assert natures(text, outsider()) == []
    assert natures(text) == [Nature.UNKNOWN_BADGE]


def test_an_ed25519_key_is_no_other(badge):
    badge.ed25519_key.sealed_private = badge.rsa_key.sealed_private
    with pytest.raises(crypto.Unsealable):
        keys.ed25519_private(badge.ed25519_key)


def test_what_a_retired_key_signed_still_holds_and_it_stays_published_without_end(badge):
    organisation = badge.certificate.organisation
    pair = renew_keys(organisation=organisation, reason="Échéance.", by=None, at=NOW)
    assert keys_in_force(organisation=organisation, by=None, at=NOW) == pair
    document = queries.key_document(organisation)
    assert len(document["verificationMethod"]) == 4
    assert "expires" not in json.dumps(document)
    assert '"d"' not in json.dumps(document)
    assert len(keys.jwks(queries.keys_of(badge.issuer))["keys"]) == 2
    for content in (badge.jwt, badge.json_ld):
        assert natures(content, outsider()) == []


def test_an_issuer_whose_address_changes_signs_with_new_keys(badge, settings):
    organisation = badge.certificate.organisation
    settings.PUBLIC_ADDRESS = "https://acquis.example"
    pair = keys_in_force(organisation=organisation, by=None, at=NOW)
    assert pair.rsa.address.startswith("https://acquis.example/badges/emetteurs/")
    assert natures(badge.jwt, outsider()) == []


# -- revoked


def test_a_revoked_certificate_puts_its_badge_in_the_list_with_a_public_reason(badge):
    body = grading.person(Role.CERTIFYING_BODY, organisation=badge.certificate.organisation)
    revoke_certificate(document=badge.certificate, reason=REASON, by=body, at=NOW)
    found = queries.revocation_list(badge.issuer)
    assert [one["id"] for one in found["revokedCredential"]] == [badge.identifier]
    assert REASON not in json.dumps(found, ensure_ascii=False)
    for content in (badge.jwt, badge.json_ld, svg(badge)):
        assert natures(content, outsider()) == [Nature.REVOKED]
    assert list(auditing.audit(NOW)) == []
    revoked_at = Badge.objects.get().revoked_at
    revoke_badge(
        certificate=badge.certificate, reason=Badge.Reason.REPLACED, by=None, at=grading.AT
    )
    assert Badge.objects.get().revoked_at == revoked_at
    with without_triggers("badges_badge"):
        Badge.objects.all().delete()
    with pytest.raises(NoBadge):
        issue_badge(certificate=badge.certificate, by=None, at=NOW)


def test_a_corrected_certificate_revokes_the_badge_of_the_first(badge):
    session = badge.certificate.session
    correct_document(
        document=badge.certificate, reason="Nom mal écrit.", by=session.manager, at=NOW
    )
    badge.refresh_from_db()
    assert badge.revocation_reason == Badge.Reason.REPLACED
    later = badge.certificate.corrections.get()
    second = badges.badge(later)
    assert natures(badge.jwt) == [Nature.REVOKED]
    assert natures(second.jwt) == []
    assert list(auditing.audit(NOW)) == []


def test_without_a_list_the_revocation_is_said_not_to_be_checked(badge):
    checked = check(badge.jwt, checking.known(queries.key_documents()))
    assert checked.faults == ()
    assert not checked.status_seen
    assert "pas été vérifiée" in presentation.shown(checked).conclusion


def test_a_revocation_that_the_list_lacks_is_told(badge):
    body = grading.person(Role.CERTIFYING_BODY, organisation=badge.certificate.organisation)
    revoke_certificate(document=badge.certificate, reason=REASON, by=body, at=NOW)
    with without_triggers("badges_badge"):
        Badge.objects.update(revoked_at=None, revocation_reason="")
    (finding,) = auditing.audit(NOW)
    assert "La révocation" in presentation.told(finding)
