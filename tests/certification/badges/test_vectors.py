"""Proofs against the official vectors, and forms against what made them independently."""

import base64
import hashlib
import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import RSAKey

from acquis.certification.badges import integrity, multibase, vcjwt
from acquis.certification.badges.canon import MOST_UNNAMED, Uncanonical, canonical
from acquis.certification.badges.contexts import BUNDLED, bundled

VECTOR = json.loads(
    (Path(__file__).parents[2] / "assets/openbadges/eddsa-rdfc-2022.json").read_text()
)
PUBLIC = multibase.read_public_multikey(VECTOR["publicKeyMultibase"])
PRIVATE = multibase.read_private_multikey(VECTOR["secretKeyMultibase"])
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)

# What the vectors of Open Badges 3.0 say of themselves (1EdTech, « Teamwork »).
TEAMWORK_DOCUMENT = "87f65a76"
TEAMWORK_OPTIONS = "d34009ce"
TEAMWORK_KEY = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
TEAMWORK_VALUE = (
    "z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gkzQDKJ1sYKJaWvqZtkMtSbz35HcbgXVEDYHxCzgkCr"
)


def load(address):
    return VECTOR["contexts"].get(address) or bundled(address)


def signed():
    return integrity.prove(
        VECTOR["credential"],
        key=PRIVATE,
        method=VECTOR["verificationMethod"],
        at=CREATED,
        load=load,
    )


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_canonical_credential_is_the_one_of_the_specification():
    assert sha256(canonical(VECTOR["credential"], load=load)) == VECTOR["documentHash"]


def test_what_is_signed_is_the_options_then_the_credential():
    options = {key: value for key, value in signed()["proof"][0].items() if key != "proofValue"}

    covered = integrity.covered(VECTOR["credential"], options, load=load)

    assert covered.hex() == VECTOR["optionsHash"] + VECTOR["documentHash"]


def test_the_proof_is_the_one_of_the_specification_and_holds():
    document = signed()

    assert document["proof"][0]["proofValue"] == VECTOR["proofValue"]
    assert integrity.holds(document, key=PUBLIC, load=load)
    assert not integrity.holds(document, key=Ed25519PrivateKey.generate().public_key(), load=load)


@pytest.mark.parametrize(
    "path",
    [
        ("name",),
        ("description",),
        ("issuer",),
        ("validFrom",),
        ("id",),
        ("credentialSubject", "id"),
        ("credentialSubject", "alumniOf"),
        ("proof", 0, "created"),
        ("proof", 0, "verificationMethod"),
    ],
)
def test_a_changed_claim_or_option_breaks_the_proof(path):
    document = deepcopy(signed())
    *way, last = path
    target = document
    for step in way:
        target = target[step]
    target[last] = "2020-01-01T00:00:00Z" if last in {"created", "validFrom"} else "urn:other"

    assert not integrity.holds(document, key=PUBLIC, load=load)


@pytest.mark.parametrize(
    "proof",
    [
        None,
        {},
        "text",
        [{"cryptosuite": "ecdsa-rdfc-2019"}],
        [{"cryptosuite": "eddsa-rdfc-2022", "type": "Other"}],
        [
            {
                "cryptosuite": "eddsa-rdfc-2022",
                "type": "DataIntegrityProof",
                "proofPurpose": "authentication",
            }
        ],
        [
            {
                "cryptosuite": "eddsa-rdfc-2022",
                "type": "DataIntegrityProof",
                "proofPurpose": "assertionMethod",
            }
        ],
    ],
)
def test_another_proof_is_no_proof(proof):
    with pytest.raises(integrity.BadProof):
        integrity.proof_of(VECTOR["credential"] | {"proof": proof})


def test_an_unreadable_signature_is_a_bad_proof():
    document = signed()
    document["proof"][0]["proofValue"] = "not base 58"

    with pytest.raises(integrity.BadProof):
        integrity.holds(document, key=PUBLIC, load=load)


def test_the_vectors_of_open_badges_hold(shared_dir):
    folder = shared_dir / "data/openbadges"
    document, options = (
        (folder / name).read_bytes() for name in ("document-canon.txt", "proof-canon.txt")
    )
    digests = [hashlib.sha256(one) for one in (options, document)]
    assert [one.hexdigest()[:8] for one in digests] == [TEAMWORK_OPTIONS, TEAMWORK_DOCUMENT]

    key = multibase.read_public_multikey(TEAMWORK_KEY)
    signature = multibase.decode(TEAMWORK_VALUE)
    key.verify(signature, digests[0].digest() + digests[1].digest())
    with pytest.raises(InvalidSignature):
        key.verify(signature, digests[1].digest() + digests[0].digest())


def test_the_credential_of_open_badges_is_canonicalised_as_published_and_its_proof_holds(
    shared_dir,
):
    """The JSON behind the published statements, written again from them."""
    credential = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "http://example.com/credentials/3527",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {
            "id": "https://example.edu/issuers/565049",
            "type": ["Profile"],
            "name": "Example Corp",
            "url": "https://www.imsglobal.org",
        },
        "validFrom": "2010-01-01T00:00:00Z",
        "name": "Teamwork Badge",
        "credentialSubject": {
            "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://example.com/achievements/21st-century-skills/teamwork",
                "type": ["Achievement"],
                "criteria": {
                    "narrative": "Team members are nominated for this badge by their peers and "
                    "recognized upon review by Example Corp management."
                },
                "description": "This badge recognizes the development of the capacity to "
                "collaborate within a group environment.",
                "name": "Teamwork",
            },
        },
    }
    proof = {
        "type": "DataIntegrityProof",
        "created": "2010-01-01T19:23:24Z",
        "verificationMethod": f"https://example.edu/issuers/565049#{TEAMWORK_KEY}",
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
        "proofValue": TEAMWORK_VALUE,
    }
    published = (shared_dir / "data/openbadges/document-canon.txt").read_text()

    assert canonical(credential) == published
    assert integrity.holds(
        credential | {"proof": [proof]}, key=multibase.read_public_multikey(TEAMWORK_KEY)
    )


def test_a_claim_that_no_context_defines_is_refused():
    credential = VECTOR["credential"] | {"@context": [VECTOR["credential"]["@context"][0]]}

    with pytest.raises(Uncanonical, match="definition"):
        canonical(credential, load=load)


def test_a_type_or_a_name_that_is_not_absolute_is_refused():
    for change in ({"type": ["VerifiableCredential", "Unknown"]}, {"id": "badge"}):
        credential = VECTOR["credential"] | change
        credential["@context"] = credential["@context"][:1]
        credential["credentialSubject"] = {"id": "did:example:a"}

        with pytest.raises(Uncanonical, match="absolute"):
            canonical(credential, load=load)


def test_an_unknown_context_is_refused_and_never_fetched():
    credential = VECTOR["credential"] | {"@context": ["https://example.org/context"]}

    with pytest.raises(Uncanonical, match=r"https://example\.org/context"):
        canonical(credential)


def test_a_crowd_of_objects_without_a_name_is_refused():
    crowd = [{"alumniOf": str(n)} for n in range(MOST_UNNAMED + 1)]

    with pytest.raises(Uncanonical, match="too many"):
        canonical(VECTOR["credential"] | {"credentialSubject": crowd}, load=load)


def test_contexts_that_ship_are_contexts():
    assert all("@context" in bundled(address) for address in BUNDLED)


@given(st.binary(max_size=80))
def test_base58_gives_back_what_it_was_given(content):
    assert multibase.decode(multibase.encode(content)) == content


@pytest.mark.parametrize(
    ("content", "text"),
    [
        # draft-msporny-base58-03, « Test Vectors »
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
    ],
)
def test_base58_writes_the_vectors_of_its_draft(content, text):
    assert multibase.encode(content) == text
    assert multibase.decode(text) == content


@pytest.mark.parametrize("text", ["", "z0", "zl", "f00", "m" * 10, "z" * 300])
def test_what_is_not_base58_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        multibase.decode(text)


@pytest.mark.parametrize("read", [multibase.read_public_multikey, multibase.read_private_multikey])
def test_another_kind_of_key_is_refused(read):
    for content in (b"\x12\x00" + bytes(32), multibase.ED25519_PUBLIC, multibase.ED25519_PRIVATE):
        with pytest.raises(ValueError, match=r".*"):
            read(multibase.encode(content))


@pytest.fixture(scope="module")
def rsa_key():
    return RSAKey.generate_key(2048, private=True)


CREDENTIAL = {
    "id": "urn:uuid:1",
    "issuer": {"id": "https://centre.example/badges/1"},
    "validFrom": "2026-11-20T09:00:00Z",
    "credentialSubject": {"id": "urn:uuid:2"},
    "name": "Éléonore",
}
KID = "https://centre.example/badges/1/key"


def token(rsa_key):
    return vcjwt.write(CREDENTIAL, key=rsa_key, kid=KID)


def part(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_token_is_rs256_for_another_library_too(rsa_key):
    header, payload, signature = token(rsa_key).split(".")

    rsa_key.public_key.verify(
        part(signature), f"{header}.{payload}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    assert json.loads(part(header)) == {"alg": "RS256", "kid": KID, "typ": "JWT"}
    claims = json.loads(part(payload))
    assert claims["nbf"] == 1795165200
    assert vcjwt.agrees(claims)
    assert vcjwt.credential_of(claims) == CREDENTIAL


def test_a_token_holds_for_its_key_and_no_other(rsa_key):
    text = token(rsa_key)

    assert vcjwt.peek(text)[0] == KID
    assert vcjwt.holds(text, key=rsa_key)
    assert not vcjwt.holds(text, key=RSAKey.generate_key(2048, private=True))


def test_a_changed_token_does_not_hold(rsa_key):
    header, payload, signature = token(rsa_key).split(".")
    claims = json.loads(part(payload)) | {"name": "Autre"}
    other = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")

    assert not vcjwt.holds(f"{header}.{other}.{signature}", key=rsa_key)


@pytest.mark.parametrize(
    "head",
    [{"alg": "none", "kid": KID}, {"alg": "HS256", "kid": KID}, {"alg": "RS256"}, {"kid": KID}, []],
)
def test_another_algorithm_or_no_key_is_no_token(rsa_key, head):
    _header, payload, signature = token(rsa_key).split(".")
    written = base64.urlsafe_b64encode(json.dumps(head).encode()).decode().rstrip("=")

    with pytest.raises(vcjwt.BadToken):
        vcjwt.holds(f"{written}.{payload}.{signature}", key=rsa_key)


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "é.é.é", "e30.W10.AA"])
def test_another_text_is_no_token(text):
    with pytest.raises(vcjwt.BadToken):
        vcjwt.peek(text)


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "urn:other"},
        {"jti": "urn:other"},
        {"nbf": 1},
        {"sub": "urn:other"},
        {"validFrom": "yesterday"},
        {"credentialSubject": "text"},
        {"issuer": "urn:other"},
    ],
)
def test_registered_claims_that_say_otherwise_are_seen(rsa_key, change):
    _kid, claims = vcjwt.peek(token(rsa_key))

    assert not vcjwt.agrees(claims | change)
