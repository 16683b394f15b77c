"""From the clear content of a subject to what the table keeps, and back."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from acquis.accounts.models import User
from acquis.certification.papers import policy
from acquis.certification.papers.errors import (
    RecordingMissing,
    RecordingNotReadable,
    SubjectDamaged,
)
from acquis.certification.papers.models import Subject
from acquis.kernel import crypto, files


def encode(content: Mapping[str, Any]) -> bytes:
    """One text for one content: keys sorted, no spaces, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a sealed subject."""
    clear = encode(content)
    return {"sealed": crypto.seal(clear), "sha256": hashlib.sha256(clear).hexdigest()}


def sealed_sound(content: bytes, *, by: User | None, at: datetime) -> dict[str, Any]:
    """The columns of a recorded call: the file holds it encrypted. Raises RecordingNotReadable."""
    media_type = policy.sound_type(content)
    if media_type is None:
        raise RecordingNotReadable
    stored = files.store(
        crypto.seal(content),
        name="enregistrement-scelle",
        media_type="application/octet-stream",
        by=by,
        at=at,
    )
    return {
        "recording": stored,
        "recording_type": media_type,
        "recording_sha256": hashlib.sha256(content).hexdigest(),
    }


def unseal_sound(subject: Subject) -> bytes:
    """The clear sound, checked against its fingerprint. Raises RecordingMissing or SubjectDamaged."""
    if subject.recording is None:
        raise RecordingMissing
    clear = crypto.unseal(files.read(subject.recording))
    if hashlib.sha256(clear).hexdigest() != subject.recording_sha256:
        raise SubjectDamaged(reference=subject.reference)
    return clear


def unseal(subject: Subject) -> dict[str, Any]:
    """The clear content, checked against its fingerprint. Raises SubjectDamaged."""
    clear = crypto.unseal(bytes(subject.sealed))
    if hashlib.sha256(clear).hexdigest() != subject.sha256:
        raise SubjectDamaged(reference=subject.reference)
    content: dict[str, Any] = json.loads(clear)
    return content
