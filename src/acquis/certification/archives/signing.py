"""Who signs a package: the centre's certificate, or the centre's own key where it has none."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from acquis.accounts.models import Organisation
from acquis.certification.archives.models import SessionArchive
from acquis.certification.seals import keys
from acquis.certification.seals.actions.load_certificate import house_key
from acquis.certification.seals.keys import Identity
from acquis.certification.seals.queries import certificate_in_force, identity_of
from acquis.kernel import crypto

CHAIN, PUBLIC_KEY = "certificats.pem", "cle-publique.pem"
SignedWith = SessionArchive.SignedWith


class Signer(Protocol):
    """How a package is signed: `ending` is added to the name of what is signed."""

    @property
    def ending(self) -> str: ...
    @property
    def kind(self) -> SessionArchive.SignedWith: ...
    @property
    def name(self) -> str: ...
    def published(self) -> dict[str, bytes]:
        """What a stranger needs to check: the certificates, or the public key."""

    def sign(self, content: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class ByCertificate:
    """A detached CMS signature (RFC 5652), DER, as `openssl cms -verify` reads it."""

    identity: Identity
    ending: str = ".p7s"

    @property
    def kind(self) -> SessionArchive.SignedWith:
        return SignedWith.CERTIFICATE

    @property
    def name(self) -> str:
        return keys.words(self.identity.certificate.subject)

    def published(self) -> dict[str, bytes]:
        return {CHAIN: self.identity.chain.encode()}

    def sign(self, content: bytes) -> bytes:
        builder = (
            pkcs7.PKCS7SignatureBuilder()
            .set_data(content)
            .add_signer(self.identity.certificate, self.identity.key, hashes.SHA256())
        )
        for one in self.identity.above:
            builder = builder.add_certificate(one)
        return builder.sign(
            Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
        )


@dataclass(frozen=True, slots=True)
class ByHouseKey:
    """A raw Ed25519 signature (RFC 8032), as `openssl pkeyutl -verify -rawin` reads it."""

    public: str
    private: bytes
    ending: str = ".sig"

    @property
    def kind(self) -> SessionArchive.SignedWith:
        return SignedWith.HOUSE_KEY

    @property
    def name(self) -> str:
        return "Ed25519"

    def published(self) -> dict[str, bytes]:
        return {PUBLIC_KEY: self.public.encode()}

    def sign(self, content: bytes) -> bytes:
        return keys.sign_ed25519(self.private, content)


def signer_of(organisation: Organisation, *, at: datetime) -> Signer:
    certificate = certificate_in_force(organisation, at)
    if certificate is not None:
        return ByCertificate(identity_of(certificate))
    key = house_key(organisation=organisation, at=at)
    return ByHouseKey(key.public, crypto.unseal(bytes(key.sealed_private)))
