"""The embedded proof `eddsa-rdfc-2022` (W3C Data Integrity EdDSA Cryptosuites 1.0, §3.2)."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from acquis.certification.badges import multibase
from acquis.certification.badges.canon import Loader, canonical
from acquis.certification.badges.contexts import bundled

SUITE = "eddsa-rdfc-2022"
KIND = "DataIntegrityProof"
PURPOSE = "assertionMethod"
PLAIN = {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}


class BadProof(ValueError):  # noqa: N818  names the proof, as the act names it
    """There is no proof of this suite, or what it says of itself cannot be read."""


def moment(at: datetime) -> str:
    """An XML Schema date and time in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def prove(
    document: Mapping[str, Any],
    *,
    key: Ed25519PrivateKey,
    method: str,
    at: datetime,
    load: Loader = bundled,
) -> dict[str, Any]:
    """The document with its proof; `method` is the address of the public key.

    Raises Uncanonical when a claim would not be covered.
    """
    options = {
        "type": KIND,
        "cryptosuite": SUITE,
        "created": moment(at),
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
    }
    signature = key.sign(covered(document, options, load=load))
    return {**document, "proof": [{**options, "proofValue": multibase.encode(signature)}]}


def proof_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The proof of this suite that an issuer made of what it asserts. Raises BadProof."""
    given = document.get("proof")
    for one in given if isinstance(given, list) else [given]:
        if not isinstance(one, dict) or one.get("cryptosuite") != SUITE:
            continue
        if one.get("type") != KIND or one.get("proofPurpose") != PURPOSE:
            raise BadProof("another purpose")
        if not isinstance(one.get("verificationMethod"), str):
            raise BadProof("no key is named")
        return one
    raise BadProof("no proof of this suite")


def is_plain(document: Mapping[str, Any]) -> bool:
    """Whether the proof says of itself what `prove` says and no more. Raises BadProof."""
    proof = proof_of(document)
    return set(proof) == PLAIN and all(isinstance(value, str) for value in proof.values())


def holds(document: Mapping[str, Any], *, key: Ed25519PublicKey, load: Loader = bundled) -> bool:
    """Whether the proof is this key's over this very document. Raises BadProof or Uncanonical."""
    proof = proof_of(document)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    secured = {name: value for name, value in document.items() if name != "proof"}
    try:
        signature = multibase.decode(str(proof.get("proofValue", "")))
    except ValueError as fault:
        raise BadProof("unreadable signature") from fault
    try:
        key.verify(signature, covered(secured, options, load=load))
    except InvalidSignature:
        return False
    return True


def covered(
    document: Mapping[str, Any], options: Mapping[str, Any], *, load: Loader = bundled
) -> bytes:
    """What is signed, 64 bytes: SHA-256 of the canonical options, then of the canonical document."""
    configuration = {"@context": document.get("@context"), **options}
    return hashlib.sha256(canonical(configuration, load=load).encode()).digest() + (
        hashlib.sha256(canonical(dict(document), load=load).encode()).digest()
    )
