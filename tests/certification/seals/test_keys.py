from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from django.utils import timezone

from acquis.certification.seals import keys, policy
from acquis.certification.seals.errors import (
    CertificateNotInForce,
    KeyMissing,
    KeyRefused,
    NotAPkcs12,
    NotForSigning,
)
from tests.factories import seals

NOW = timezone.now()


def packed(key, certificate):
    return pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, NoEncryption())


def certificate_for(key, *, usage=None):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Essai")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
    )
    if usage is not None:
        every = dict.fromkeys(
            (
                "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
            ),
            False,
        )  # fmt: skip
        builder = builder.add_extension(x509.KeyUsage(**every | {usage: True}), critical=True)
    return builder.sign(
        key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    )


def test_a_file_made_for_tests_reads_back_whole():
    made = seals.identity()
    content = keys.to_pkcs12(made, name="Centre", password=seals.PASSWORD)

    read = keys.read_pkcs12(content, seals.PASSWORD, at=NOW)

    assert read.certificate == made.certificate
    assert read.above == made.above
    assert read.key_der == made.key_der
    assert keys.identity_from(read.chain, read.key_der).above == made.above
    assert "essai" in keys.words(read.above[0].subject)


def test_a_wrong_password_and_what_is_no_pkcs12_are_refused():
    content = keys.to_pkcs12(seals.identity(), name="Centre", password=seals.PASSWORD)
    for given, password in ((content, "faux"), (content, ""), (b"bonjour", "x"), (b"", "")):
        with pytest.raises(NotAPkcs12):
            keys.read_pkcs12(given, password, at=NOW)


def test_a_file_without_its_key_is_refused():
    content = pkcs12.serialize_key_and_certificates(
        b"x", None, seals.identity().certificate, None, NoEncryption()
    )
    with pytest.raises(KeyMissing):
        keys.read_pkcs12(content, "", at=NOW)


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 1024),  # noqa: S505  it is refused
        ec.generate_private_key(ec.SECP256K1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=["rsa 1024", "another curve", "ed25519"],
)
def test_a_weak_or_unusual_key_is_refused(key):
    with pytest.raises(KeyRefused):
        keys.read_pkcs12(packed(key, certificate_for(key)), "", at=NOW)


def test_the_usage_of_a_certificate_is_looked_at():
    key = rsa.generate_private_key(65537, 2048)
    for usage in (None, "digital_signature", "content_commitment"):
        keys.read_pkcs12(packed(key, certificate_for(key, usage=usage)), "", at=NOW)
    with pytest.raises(NotForSigning):
        keys.read_pkcs12(packed(key, certificate_for(key, usage="key_encipherment")), "", at=NOW)


def test_a_certificate_outside_its_time_is_refused():
    content = keys.to_pkcs12(seals.identity(), name="Centre", password=seals.PASSWORD)
    for days in (-4000, 4000):
        with pytest.raises(CertificateNotInForce):
            keys.read_pkcs12(content, seals.PASSWORD, at=NOW + timedelta(days=days))


def test_expiry_is_told_sixty_days_before():
    window = {"not_before": NOW, "not_after": NOW + timedelta(days=100)}
    tones = [policy.tone(now=NOW + timedelta(days=day), **window) for day in (-1, 0, 39, 40, 100)]

    assert tones == ["danger", "success", "success", "warning", "danger"]


@pytest.mark.parametrize(
    ("one", "other", "rank"),
    [
        (b"", b"", None),
        (b"abc", b"abc", None),
        (b"abc", b"abd", 2),
        (b"xbc", b"abc", 0),
        (b"abc", b"abcd", 3),
        (b"a" * 5000 + b"b" + b"c" * 99, b"a" * 5000 + b"d" + b"c" * 99, 5000),
    ],
)
def test_where_two_files_part(one, other, rank):
    assert policy.first_difference(one, other) == rank
    assert policy.first_difference(other, one) == rank
