"""Whether a badge holds, and what does not: nothing is fetched, keys and lists are given."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from acquis.certification.badges import integrity, multibase, vcjwt
from acquis.certification.badges.canon import Uncanonical
from acquis.certification.badges.credentials import STATUS, changed
from acquis.certification.badges.reading import Read, UnreadableBadge, read


class Nature(StrEnum):
    UNREADABLE = "unreadable"
    NOT_A_BADGE = "not_a_badge"
    NO_PROOF = "no_proof"
    UNCOVERED = "uncovered"
    UNKNOWN_ISSUER = "unknown_issuer"
    UNKNOWN_BADGE = "unknown_badge"
    UNKNOWN_KEY = "unknown_key"
    WRONG_ISSUER = "wrong_issuer"
    SIGNATURE = "signature"
    ALTERED = "altered"
    REGISTERED = "registered"
    REVOKED = "revoked"
    NOT_YET = "not_yet"
    OVER = "over"
    UNREADABLE_DATE = "unreadable_date"
    UNKNOWN_STATUS = "unknown_status"


@dataclass(frozen=True)
class Fault:
    nature: Nature
    detail: str = ""


@dataclass(frozen=True)
class Key:
    """A public key of an issuer, under its address."""

    address: str
    issuer: str
    public: RSAKey | Ed25519PublicKey


@dataclass(frozen=True)
class Known:
    """What a check leans on: issuers' names and keys, their revocation lists, badges kept here."""

    issuers: Mapping[str, str]
    keys: Mapping[str, Key]
    lists: Mapping[str, Mapping[str, str]]  # list → credential → public reason
    kept: Callable[[str], Mapping[str, Any] | None] = lambda _identifier: None
    # No badge but a kept one holds, even signed by the right key, which may have been stolen; and
    # no other is canonicalised, which costs whatever its author likes.
    only_kept: bool = False


@dataclass(frozen=True)
class Checked:
    faults: tuple[Fault, ...]
    credential: dict[str, Any]  # what the file says, empty when it cannot be read
    status_seen: bool  # whether a revocation list of its issuer was at hand
    issuer: str = ""  # as the key document names it


class BadDocument(ValueError):  # noqa: N818  names the document, as the act names it
    """A key document or a revocation list that is not one."""


def known(
    documents: Iterable[Mapping[str, Any]],
    lists: Iterable[Mapping[str, Any]] = (),
    kept: Callable[[str], Mapping[str, Any] | None] = lambda _identifier: None,
    *,
    only_kept: bool = False,
) -> Known:
    """From published key documents and revocation lists. Raises BadDocument."""
    issuers, keys = {}, {}
    try:
        for document in documents:
            issuers[str(document["id"])] = str(document["name"])
            allowed = document["assertionMethod"]
            for one in document["verificationMethod"]:
                if one["controller"] == document["id"] and one["id"] in allowed:
                    keys[one["id"]] = Key(one["id"], document["id"], _public(one))
        revoked = {
            str(one["id"]): {
                str(entry["id"]): str(entry.get("revocationReason", ""))
                for entry in one["revokedCredential"]
                if entry.get("revoked", True)
            }
            for one in lists
        }
    except (KeyError, TypeError, ValueError, AttributeError, JoseError) as fault:
        raise BadDocument(str(fault)[:200]) from fault
    return Known(issuers, keys, revoked, kept, only_kept)


def check(content: bytes, *, by: Known, now: datetime) -> Checked:
    """Every thing that does not hold, the proof first."""
    try:
        found = read(content)
    except UnreadableBadge:
        return Checked((Fault(Nature.UNREADABLE),), {}, status_seen=False)
    credential = _credential(found)
    issuer = identifier_of(credential.get("issuer"))
    shape = _shape(credential, issuer)
    if shape:
        return Checked(tuple(shape), credential, status_seen=False)
    faults = _proof(found, credential, issuer, by)
    if any(fault.nature == Nature.SIGNATURE for fault in faults):
        faults += _altered(credential, by)
    faults += _times(credential, now)
    if found.text and "exp" in found.document:
        faults += _expiry(found.document["exp"], now)
    status, seen = _status(credential, by)
    return Checked((*faults, *status), credential, seen, by.issuers.get(issuer, ""))


def _public(method: Mapping[str, Any]) -> RSAKey | Ed25519PublicKey:
    if method["type"] == "Multikey":
        return multibase.read_public_multikey(method["publicKeyMultibase"])
    jwk = {name: method["publicKeyJwk"][name] for name in ("kty", "n", "e")}
    return RSAKey.import_key(jwk)


def _credential(found: Read) -> dict[str, Any]:
    if found.text:
        return vcjwt.credential_of(found.document)
    return {name: value for name, value in found.document.items() if name != "proof"}


def _shape(credential: Mapping[str, Any], issuer: str) -> list[Fault]:
    """Claims without which nothing can be said of a badge."""
    kinds, subject = credential.get("type"), credential.get("credentialSubject")
    badge = isinstance(kinds, list) and {"OpenBadgeCredential", "AchievementCredential"} & {
        str(kind) for kind in kinds
    }
    fits = (
        bool(badge)
        and bool(issuer)
        and isinstance(credential.get("id"), str)
        and isinstance(subject, dict)
    )
    if not fits:
        return [Fault(Nature.NOT_A_BADGE)]
    return [] if _plain_contexts(credential) else [Fault(Nature.UNCOVERED, "@context")]


def _plain_contexts(credential: Mapping[str, Any]) -> bool:
    """No term is given another meaning by the file itself: what is read is what was signed."""
    given = credential.get("@context")
    named = isinstance(given, list) and all(isinstance(one, str) for one in given)
    return named and not any(_redefines(value) for value in credential.values())


def _redefines(value: Any) -> bool:
    if isinstance(value, list):
        return any(_redefines(one) for one in value)
    if isinstance(value, dict):
        return "@context" in value or any(_redefines(one) for one in value.values())
    return False


def _proof(found: Read, credential: Mapping[str, Any], issuer: str, by: Known) -> list[Fault]:
    if issuer not in by.issuers:
        return [Fault(Nature.UNKNOWN_ISSUER, issuer)]
    if by.only_kept and by.kept(str(credential["id"])) is None:
        return [Fault(Nature.UNKNOWN_BADGE, str(credential["id"]))]
    address = _method(found)
    key = by.keys.get(address)
    if key is None:
        return [Fault(Nature.UNKNOWN_KEY, address) if address else Fault(Nature.NO_PROOF)]
    faults = [Fault(Nature.WRONG_ISSUER, key.issuer)] if key.issuer != issuer else []
    try:
        if not _signed(found, key, credential, by):
            faults.append(Fault(Nature.SIGNATURE))
        elif found.text and not vcjwt.agrees(found.document):
            faults.append(Fault(Nature.REGISTERED))
    except Uncanonical as fault:
        faults += [Fault(Nature.UNCOVERED, str(fault)), Fault(Nature.SIGNATURE)]
    except (vcjwt.BadToken, integrity.BadProof):
        faults.append(Fault(Nature.SIGNATURE))
    return faults


def _method(found: Read) -> str:
    """The address of the key that a badge names, or nothing."""
    if found.text:
        return vcjwt.peek(found.text)[0]  # read before: it is a VC-JWT
    try:
        return str(integrity.proof_of(found.document)["verificationMethod"])
    except integrity.BadProof:
        return ""


def _signed(found: Read, key: Key, credential: Mapping[str, Any], by: Known) -> bool:
    if found.text:
        return isinstance(key.public, RSAKey) and vcjwt.holds(found.text, key=key.public)
    if by.only_kept and not (integrity.is_plain(found.document) and not _altered(credential, by)):
        return False  # what differs from what was signed cannot hold: nothing is computed
    return isinstance(key.public, Ed25519PublicKey) and integrity.holds(
        found.document, key=key.public
    )


def _altered(credential: Mapping[str, Any], by: Known) -> list[Fault]:
    """Which claims are not those of the badge kept under the same identifier."""
    kept = by.kept(str(credential["id"]))
    if kept is None:
        return []
    return [Fault(Nature.ALTERED, path) for path in changed(dict(credential), dict(kept))]


def _times(credential: Mapping[str, Any], now: datetime) -> list[Fault]:
    faults = []
    for name, nature in (("validFrom", Nature.NOT_YET), ("validUntil", Nature.OVER)):
        if name not in credential:
            continue
        try:
            moment = datetime.fromisoformat(str(credential[name]))
        except ValueError:
            faults.append(Fault(Nature.UNREADABLE_DATE, name))
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        late = now < moment if nature == Nature.NOT_YET else now > moment
        faults += [Fault(nature, str(credential[name]))] if late else []
    return faults


def _expiry(exp: Any, now: datetime) -> list[Fault]:
    """RFC 7519, §4.1.4: seconds since 1970."""
    if isinstance(exp, bool) or not isinstance(exp, int | float):
        return [Fault(Nature.UNREADABLE_DATE, "exp")]
    return [Fault(Nature.OVER, "exp")] if now.timestamp() >= exp else []


def _status(credential: Mapping[str, Any], by: Known) -> tuple[list[Fault], bool]:
    """Revoked or not, and whether the list that the badge names was at hand."""
    status = credential.get("credentialStatus")
    if status is None:
        return [], False
    if not isinstance(status, dict) or status.get("type") != STATUS:
        return [Fault(Nature.UNKNOWN_STATUS)], False
    found = by.lists.get(str(status.get("id")))
    if found is None:
        return [], False
    identifier = str(credential["id"])
    return ([Fault(Nature.REVOKED, found[identifier])] if identifier in found else []), True


def identifier_of(issuer: Any) -> str:
    """An issuer is named by its address, or by a profile that has one."""
    return str(issuer.get("id", "")) if isinstance(issuer, dict) else str(issuer or "")
