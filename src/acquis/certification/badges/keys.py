"""Keys of an issuer: made, read back to sign, published."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from django.conf import settings
from joserfc.jwk import OKPKey, RSAKey

from acquis.accounts.models import Organisation
from acquis.certification.badges import multibase, vcjwt
from acquis.certification.badges.contexts import CREDENTIALS, OPEN_BADGES
from acquis.certification.badges.models import BadgeKey
from acquis.kernel import crypto

CONTROLLED = "https://www.w3.org/ns/cid/v1"  # Controlled Identifiers 1.0
MULTIKEY, JSON_WEB_KEY = "Multikey", "JsonWebKey"


@dataclass(frozen=True)
class Made:
    name: str  # RFC 7638 thumbprint
    public: str
    private: bytes  # PKCS #8, DER


def issuer_address(organisation: Organisation) -> str:
    """What identifies a certifying body in its badges, with a slash at its end."""
    return f"{settings.PUBLIC_ADDRESS}/badges/emetteurs/{organisation.slug}/"


def make_rsa() -> Made:
    private = generate_private_key(public_exponent=65537, key_size=vcjwt.KEY_BITS)
    key = RSAKey.import_key(_der(private))
    public = json.dumps(key.as_dict(private=False), sort_keys=True)
    return Made(key.thumbprint(), public, _der(private))


def make_ed25519() -> Made:
    private = Ed25519PrivateKey.generate()
    key = OKPKey.import_key(_der(private))
    return Made(key.thumbprint(), multibase.public_multikey(private.public_key()), _der(private))


def rsa_private(key: BadgeKey) -> RSAKey:
    """Raises Unsealable once retired, or under another sealing key."""
    return RSAKey.import_key(crypto.unseal(bytes(key.sealed_private)))


def ed25519_private(key: BadgeKey) -> Ed25519PrivateKey:
    """Raises Unsealable once retired, or under another sealing key."""
    found = load_der_private_key(crypto.unseal(bytes(key.sealed_private)), password=None)
    if not isinstance(found, Ed25519PrivateKey):
        raise crypto.Unsealable
    return found


def method(key: BadgeKey) -> dict[str, Any]:
    """The published verification method of a key; no `expires`, so that old badges still verify."""
    shared = {"id": key.address, "controller": key.issuer}
    if key.kind == BadgeKey.Kind.RSA:
        jwk = json.loads(key.public) | {"kid": key.address, "alg": vcjwt.ALGORITHM, "use": "sig"}
        return {**shared, "type": JSON_WEB_KEY, "publicKeyJwk": jwk}
    return {**shared, "type": MULTIKEY, "publicKeyMultibase": key.public}


def controller_document(issuer: str, name: str, keys: Iterable[BadgeKey]) -> dict[str, Any]:
    """The profile of an issuer with its keys, retired ones as well (Controlled Identifiers 1.0)."""
    methods = [method(key) for key in keys]
    return {
        "@context": [CREDENTIALS, OPEN_BADGES, CONTROLLED],
        "id": issuer,
        "type": ["Profile"],
        "name": name,
        "verificationMethod": methods,
        "assertionMethod": [one["id"] for one in methods],
    }


def jwks(keys: Iterable[BadgeKey]) -> dict[str, Any]:
    """The RSA keys of an issuer as a JWK Set (RFC 7517, §5)."""
    return {"keys": [method(key)["publicKeyJwk"] for key in keys if key.kind == BadgeKey.Kind.RSA]}


def _der(key: RSAPrivateKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
