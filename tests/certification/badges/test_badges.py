"""Badges: made, kept, revoked, and what each tampering is told."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from copy import deepcopy
from datetime import timedelta

import pytest
from joserfc import jws
from joserfc.jwk import RSAKey

from acquis.accounts.enums import Role
from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.actions.revoke_certificate import revoke_certificate
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.badges import (
    auditing,
    checking,
    credentials,
    integrity,
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
from acquis.certification.badges.checking import Fault, Nature
from acquis.certification.badges.commands import badge as command
from acquis.certification.badges.errors import NoBadge
from acquis.certification.badges.models import Badge, BadgeKey
from acquis.certification.badges.reading import bake
from acquis.certification.badges.tasks import issue, look_for_missing
from acquis.kernel import crypto
from acquis.kernel.models import Job
from tests.factories import accounts, badges, grading

pytestmark = pytest.mark.django_db
NOW = grading.AT + timedelta(days=30)
REASON = "Attestation d’expérience reconnue fausse."


@pytest.fixture
def badge():
    return badges.badge()


def check(content, by=None):
    content = content.encode() if isinstance(content, str) else content
    return checking.check(content, by=by or auditing.house(), now=NOW)


def natures(content, by=None):
    return [fault.nature for fault in check(content, by).faults]


def outsider():
    """Knows the published keys and lists only: no badge of the house."""
    return checking.known(queries.key_documents(), queries.revocation_lists())


def svg(badge):
    return bake(badge.jwt, title="Titre & « bloc »", issuer="Centre")


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, (*path, name))
    elif isinstance(value, list):
        for rank, one in enumerate(value):
            yield from leaves(one, (*path, rank))
    else:
        yield path


def other(value):
    return not value if isinstance(value, bool) else f"{value}x"


def with_change(document, path):
    changed = deepcopy(document)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = other(holder[path[-1]])
    return changed


def payload_of(text):
    return json.loads(urlsafe_b64decode(text.split(".")[1] + "=="))


def with_payload(text, payload):
    head, _body, signature = text.split(".")
    body = urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


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
    renew_keys(organisation=badge.certificate.organisation, by=None, at=NOW)
    badge.rsa_key.refresh_from_db()
    assert badge.rsa_key.retired_at == NOW
    assert bytes(badge.rsa_key.sealed_private) == b""
    with pytest.raises(crypto.Unsealable):
        keys.rsa_private(badge.rsa_key)


def test_an_ed25519_key_is_no_other(badge):
    badge.ed25519_key.sealed_private = badge.rsa_key.sealed_private
    with pytest.raises(crypto.Unsealable):
        keys.ed25519_private(badge.ed25519_key)


def test_what_a_retired_key_signed_still_holds_and_it_stays_published_without_end(badge):
    organisation = badge.certificate.organisation
    pair = renew_keys(organisation=organisation, by=None, at=NOW)
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
    with pytest.raises(NoBadge):
        issue_badge_again(badge)


def issue_badge_again(badge):
    certificate = badge.certificate
    Badge.objects.all().delete()
    issue_badge(certificate=certificate, by=None, at=NOW)


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
    Badge.objects.update(revoked_at=None, revocation_reason="")
    (finding,) = auditing.audit(NOW)
    assert "La révocation" in presentation.told(finding)


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
    assert Nature.UNCOVERED in natures(json.dumps(document | {"mention": "très bien"}))
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
    assert Nature.UNCOVERED in natures(json.dumps(document))


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
    Badge.objects.update(**{form: text})
    told = [presentation.told(one) for one in auditing.audit(NOW)]
    path = "name" if form == "jwt" else "credentialSubject.result[0].value"
    assert len(told) == 2
    assert "signature" in told[0]
    assert f"« {path} »" in told[1]
    assert badge.certificate.number in told[1]


def test_a_key_changed_in_the_database_is_told(badge):
    made = keys.make_rsa()
    BadgeKey.objects.filter(pk=badge.rsa_key_id).update(public=made.public)
    assert [one.fault.nature for one in auditing.audit(NOW)] == [Nature.SIGNATURE]


def test_an_unreadable_row_is_told(badge):
    Badge.objects.update(jwt="rien")
    assert [one.fault.nature for one in auditing.audit(NOW)] == [Nature.UNREADABLE]


# -- the command


@pytest.fixture
def folder(badge, tmp_path):
    (tmp_path / "b.jwt").write_text(badge.jwt)
    (tmp_path / "b.json").write_text(badge.json_ld)
    (tmp_path / "b.svg").write_bytes(svg(badge))
    document = queries.key_document(badge.certificate.organisation)
    (tmp_path / "keys.json").write_text(json.dumps(document))
    (tmp_path / "list.json").write_text(json.dumps(queries.revocation_list(badge.issuer)))
    return tmp_path


def test_the_command_verifies_files_by_the_keys_of_the_database(folder, capsys):
    names = [str(folder / name) for name in ("b.jwt", "b.json", "b.svg")]
    assert command.run(["verify", *names]) == 0
    assert capsys.readouterr().out.count("Badge valable") == 3


def test_the_command_verifies_by_the_files_alone(folder, capsys):
    Badge.objects.all().delete()
    BadgeKey.objects.all().delete()
    given = ["--keys", str(folder / "keys.json"), "--revocations", str(folder / "list.json")]
    assert command.run(["verify", str(folder / "b.jwt"), *given]) == 0
    assert "non révoqué" in capsys.readouterr().out
    assert command.run(["verify", str(folder / "b.jwt"), *given[:2], "--json"]) == 0
    assert "pas été vérifiée" in capsys.readouterr().out
    assert command.run(["verify", str(folder / "b.jwt")]) == 1
    assert "inconnu" in capsys.readouterr().out


def test_the_command_says_what_does_not_hold(folder, capsys):
    altered = (folder / "b.json").read_text().replace('"value": "Acquis"', '"value": "Admis"', 1)
    (folder / "b.json").write_text(altered)
    assert command.run(["verify", str(folder / "b.json")]) == 1
    said = capsys.readouterr().out
    assert "Badge non valable" in said
    assert "credentialSubject.result[0].value" in said


def test_a_wrong_call_is_told(folder, capsys):
    assert command.run(["verify"]) == 2
    assert command.run(["verify", "--all", str(folder / "b.jwt")]) == 2
    assert command.run(["verify", str(folder / "none.jwt")]) == 2
    assert command.run(["verify", str(folder / "b.jwt"), "--keys", str(folder / "b.json")]) == 2
    assert command.run(["verify", str(folder / "b.jwt"), "--revocations", "x"]) == 2
    assert command.run(["keys", "nulle-part"]) == 2
    assert capsys.readouterr().out == ""


def test_the_command_verifies_what_is_kept(badge, capsys):
    assert command.run(["verify", "--all"]) == 0
    assert "1 badge gardé" in capsys.readouterr().out
    Badge.objects.update(json_ld=badge.json_ld.replace('"Acquis"', '"Admis"'))
    assert command.run(["verify", "--all"]) == 1
    assert "« credentialSubject" in capsys.readouterr().err


def test_the_command_renews_and_writes_keys(badge, capsys):
    slug = badge.certificate.organisation.slug
    assert command.run(["renew-keys", slug]) == 0
    assert command.run(["keys", slug]) == 0
    assert capsys.readouterr().out.count('"Multikey"') == 4


@pytest.mark.parametrize(
    ("identifier", "found"),
    [
        ("urn:uuid:0b3f1d2c-9a4e-4a52-8b0e-2f6f1f0c7d11", True),
        ("urn:uuid:zz3f1d2c-9a4e-4a52-8b0e-2f6f1f0c7d11", False),
        ("https://x.example/1", False),
        ("urn:uuid:", False),
    ],
)
def test_an_identifier_of_a_badge(identifier, found):
    assert bool(queries.uuid_of(identifier)) is found
