"""What a badge says: the credential of a certificate, from what the certificate prints."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from acquis.certification.badges.contexts import CREDENTIALS, EXTENSIONS, OPEN_BADGES
from acquis.certification.badges.integrity import moment

SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
ACQUIRED, NOT_ACQUIRED = "Acquis", "Non acquis"
STATUS = "1EdTechRevocationList"
SHOWN = 16  # hexadecimal digits of an edition's fingerprint: enough to tell editions apart


@dataclass(frozen=True)
class Facts:
    """What a badge is made of beside the certificate's own data."""

    issuer: str  # its address, with the slash at its end
    identifier: uuid.UUID
    salt: str
    at: datetime


def achievement_place(data: Mapping[str, Any]) -> str:
    """Where the achievement of a certificate is found under its issuer: edition, then block if one.

    >>> achievement_place({"framework": {"sha256": "ab" * 32}, "block": {"code": ""}})
    'abababababababab'
    """
    place = str(data["framework"]["sha256"])[:SHOWN]
    block = str(data["block"]["code"])
    return f"{place}-{quote(block, safe='')}" if block else place


def hashed_name(name: str, salt: str) -> str:
    """Open Badges 3.0, §B.5 IdentityHash: `sha256$` and the digest of the name, then of the salt."""
    return f"sha256${hashlib.sha256((name + salt).encode()).hexdigest()}"


def names(said: Mapping[str, Any], name: str) -> bool:
    """Whether one of the hashed names of a sound credential is this one."""
    return any(
        one.get("identityHash") == hashed_name(name, str(one.get("salt", "")))
        for one in said["credentialSubject"].get("identifier", [])
        if one.get("hashed") and one.get("identityType") == "name"
    )


def credential(data: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """The unsigned OpenBadgeCredential of a certificate's `data`: neither e-mail nor birth date."""
    place = f"{facts.issuer}titres/{achievement_place(data)}/"
    found: dict[str, Any] = {
        "@context": [CREDENTIALS, OPEN_BADGES, EXTENSIONS],
        "id": f"urn:uuid:{facts.identifier}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {
            "id": facts.issuer,
            "type": ["Profile"],
            "name": str(data["organisation"]["name"]),
        },
        "validFrom": moment(facts.at),
        "name": _title(data),
        "credentialSubject": _subject(data, facts, place),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": {"id": f"{facts.issuer}revocations/", "type": STATUS},
    }
    if data["decided_at"]:
        found["awardedDate"] = moment(datetime.fromisoformat(str(data["decided_at"])))
    return found


def _subject(data: Mapping[str, Any], facts: Facts, place: str) -> dict[str, Any]:
    subject: dict[str, Any] = {
        "id": f"urn:uuid:{uuid.uuid5(facts.identifier, 'holder')}",
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "identityType": "name",
                "hashed": True,
                "salt": facts.salt,
                "identityHash": hashed_name(str(data["candidate"]["name"]), facts.salt),
            }
        ],
        "achievement": _achievement(data, place),
    }
    if data["blocks"]:
        subject["result"] = [
            {
                "type": ["Result"],
                "resultDescription": _result_address(place, block),
                "value": ACQUIRED,
            }
            for block in data["blocks"]
        ]
    return subject


def _achievement(data: Mapping[str, Any], place: str) -> dict[str, Any]:
    framework = data["framework"]
    achievement: dict[str, Any] = {
        "id": place,
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": _title(data),
        "description": f"{framework['title']}, édition {framework['edition']}.",
        "criteria": {
            "narrative": "Certificat délivré par décision d’un jury, selon les critères du"
            f" référentiel {framework['code']}, édition {framework['edition']}."
        },
        "humanCode": str(framework["code"]),
        "inLanguage": "fr",
    }
    if data["blocks"]:
        achievement["resultDescription"] = [
            {
                "id": _result_address(place, block),
                "type": ["ResultDescription"],
                "name": _named(block),
                "resultType": "Result",
                "allowedValue": [ACQUIRED, NOT_ACQUIRED],
                "requiredValue": ACQUIRED,
            }
            for block in data["blocks"]
        ]
    return achievement


def _title(data: Mapping[str, Any]) -> str:
    block, title = data["block"], str(data["framework"]["title"])
    return f"{title} – {_named(block)}" if block["code"] else title


def _named(block: Mapping[str, Any]) -> str:
    """A block by its code and title; many titles begin with the code."""
    code, title = str(block["code"]), str(block["title"])
    return title if title.startswith(code) else f"{code} – {title}"


def _result_address(place: str, block: Mapping[str, str]) -> str:
    return f"{place}#{quote(block['code'], safe='')}"


def changed(read: Any, right: Any, path: str = "") -> Iterable[str]:
    """The claims that differ between two credentials, as paths, in the order of the right one.

    >>> list(changed({"a": {"b": [1, 3]}, "c": 0}, {"a": {"b": [1, 2]}}))
    ['a.b[1]', 'c']
    """
    if isinstance(read, dict) and isinstance(right, dict):
        for name in [*right, *(one for one in read if one not in right)]:
            below = f"{path}.{name}" if path else name
            if name in read and name in right:
                yield from changed(read[name], right[name], below)
            else:
                yield below
    elif isinstance(read, list) and isinstance(right, list) and len(read) == len(right):
        for rank, (one, other) in enumerate(zip(read, right, strict=True)):
            yield from changed(one, other, f"{path}[{rank}]")
    elif type(read) is not type(right) or read != right:
        yield path
