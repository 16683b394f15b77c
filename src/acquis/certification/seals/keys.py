"""A certificate with its private key: read from PKCS #12, made for tests, kept sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.utils import timezone

from acquis.certification.seals.errors import (
    CertificateNotInForce,
    KeyMissing,
    KeyRefused,
    NotAPkcs12,
    NotForSigning,
)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
RSA_BITS_MIN = 2048  # ANSSI, « Guide des mécanismes cryptographiques »: the least until 2030
CURVES = {"secp256r1", "secp384r1", "secp521r1"}
TEST_LASTS = timedelta(days=2 * 365)
TEST_MARK = "essai"  # in the name of every authority made here: nobody takes it for a real one


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate, its private key and the certificates above it."""

    key: PrivateKey
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()

    @property
    def chain(self) -> str:
        """PEM, its own certificate first."""
        return "".join(
            one.public_bytes(serialization.Encoding.PEM).decode()
            for one in (self.certificate, *self.above)
        )

    @property
    def key_der(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def read_pkcs12(content: bytes, password: str, *, at: datetime) -> Identity:
    """What a PKCS #12 file holds, fit to seal at that moment.

    Raises NotAPkcs12 (a wrong password looks the same), KeyMissing, KeyRefused, NotForSigning or
    CertificateNotInForce.
    """
    try:
        key, certificate, above = pkcs12.load_key_and_certificates(
            content, password.encode() if password else None
        )
    except (ValueError, TypeError) as error:
        raise NotAPkcs12 from error
    if key is None or certificate is None:
        raise KeyMissing
    if not isinstance(key, PrivateKey) or not _strong(key):
        raise KeyRefused
    _refuse_usage(certificate)
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise CertificateNotInForce(
            first=_day(certificate.not_valid_before_utc),
            last=_day(certificate.not_valid_after_utc),
        )
    return Identity(key, certificate, tuple(above))


def identity_from(chain: str, key_der: bytes) -> Identity:
    """The identity whose parts were kept."""
    certificate, *above = x509.load_pem_x509_certificates(chain.encode())
    key = serialization.load_der_private_key(key_der, password=None)
    if not isinstance(key, PrivateKey):  # only such a one is kept
        raise KeyRefused
    return Identity(key, certificate, tuple(above))


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, in hexadecimal, as `openssl x509 -fingerprint -sha256` says it."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def make_test_identity(name: str, *, at: datetime, lasts: timedelta = TEST_LASTS) -> Identity:
    """A certificate of that name under an authority made on the spot: for tests and demonstrations.

    The authority's own key is thrown away: it certifies nothing else.
    """
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = _name(f"{name} – autorité d’{TEST_MARK}")
    authority = _certificate(authority_name, authority_name, authority_key, at, lasts, ca=True)
    root = authority.sign(authority_key, hashes.SHA256())
    key = ec.generate_private_key(ec.SECP256R1())
    own = _certificate(_name(name), authority_name, key, at, lasts, ca=False)
    return Identity(key, own.sign(authority_key, hashes.SHA256()), (root,))


def to_pkcs12(identity: Identity, *, name: str, password: str) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        name.encode(),
        identity.key,
        identity.certificate,
        list(identity.above),
        serialization.BestAvailableEncryption(password.encode()),
    )


def make_house_key() -> tuple[str, bytes]:
    """A new Ed25519 key: its public part in PEM, its private part in PKCS #8 DER."""
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return public.decode(), private


def sign_ed25519(private_der: bytes, content: bytes) -> bytes:
    key = serialization.load_der_private_key(private_der, password=None)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise KeyRefused
    return key.sign(content)


def words(name: x509.Name) -> str:
    """« CN=Centre des Rives,O=…,C=FR » (RFC 4514)."""
    return name.rfc4514_string()


def _strong(key: PrivateKey) -> bool:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.key_size >= RSA_BITS_MIN
    return key.curve.name in CURVES


def _refuse_usage(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise NotForSigning


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y}"


def _name(common: str) -> x509.Name:
    longest = 64  # of a common name, X.520
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, common[:longest]),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:longest]),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    at: datetime,
    lasts: timedelta,
    *,
    ca: bool,
) -> x509.CertificateBuilder:
    usages: Sequence[str] = (
        ("key_cert_sign", "crl_sign") if ca else ("digital_signature", "content_commitment")
    )
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    usage = x509.KeyUsage(**{one: one in usages for one in every})
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at.astimezone(UTC) - timedelta(minutes=5))
        .not_valid_after(at.astimezone(UTC) + lasts)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
