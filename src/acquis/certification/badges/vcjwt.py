"""The signed text form, VC-JWT: compact JWS by RS256 (Open Badges 3.0, §8.2)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

ALGORITHM = "RS256"  # the one that every verifier of Open Badges must know
KEY_BITS = 2048  # the least that RFC 7518 §3.3 allows, and what verifiers expect
ADDED = ("iss", "jti", "nbf", "sub", "exp")  # registered claims beside the credential


class BadToken(ValueError):  # noqa: N818  names the text, as the act names it
    """The text is no VC-JWT by RS256 with a named key."""


def write(credential: Mapping[str, Any], *, key: RSAKey, kid: str) -> str:
    """The compact JWS; `kid` is the address where the public key is found."""
    claims = {
        **credential,
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "nbf": int(datetime.fromisoformat(credential["validFrom"]).timestamp()),
        "sub": credential["credentialSubject"]["id"],
    }
    payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
    header = {"alg": ALGORITHM, "kid": kid, "typ": "JWT"}
    return jws.serialize_compact(header, payload.encode(), key, algorithms=[ALGORITHM])


def peek(text: str) -> tuple[str, dict[str, Any]]:
    """The name of the key and the claims, not checked. Raises BadToken."""
    try:
        found = jws.extract_compact(text.encode())
        header, claims = found.headers(), json.loads(found.payload)
    except (JoseError, ValueError, TypeError, RecursionError) as fault:
        raise BadToken("unreadable") from fault
    if header.get("alg") != ALGORITHM or not isinstance(header.get("kid"), str):
        raise BadToken("another algorithm, or no named key")
    if not isinstance(claims, dict):
        raise BadToken("no claims")
    return header["kid"], claims


def holds(text: str, *, key: RSAKey) -> bool:
    """Whether the text is signed by this key. Raises BadToken for what is no VC-JWT."""
    peek(text)
    try:
        jws.deserialize_compact(text, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        return False
    return True


def credential_of(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The credential alone, as the embedded form has it."""
    return {name: value for name, value in claims.items() if name not in ADDED}


def agrees(claims: Mapping[str, Any]) -> bool:
    """Whether the registered claims say what the credential says (Open Badges 3.0, §8.2.2)."""
    issuer, subject = claims.get("issuer"), claims.get("credentialSubject")
    try:
        starts = int(datetime.fromisoformat(str(claims.get("validFrom"))).timestamp())
    except ValueError:
        return False
    return (
        claims.get("iss") == (issuer.get("id") if isinstance(issuer, dict) else issuer)
        and claims.get("jti") == claims.get("id")
        and claims.get("nbf") == starts
        and isinstance(subject, dict)
        and claims.get("sub") == subject.get("id")
    )
