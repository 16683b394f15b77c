"""From the clear content of a subject to what the table keeps, and back."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from acquis.accounts.models import User
from acquis.certification.papers import policy
from acquis.certification.papers.errors import (
    RecordingMissing,
    RecordingNotReadable,
    SubjectDamaged,
)
from acquis.certification.papers.models import BroughtFile, Subject
from acquis.kernel import crypto, files
from acquis.kernel.models import StoredFile

ATTACHED = {
    "application/pdf", "image/png", "image/jpeg",
    files.WORD_TEXT, files.OPEN_TEXT, files.SPREADSHEET, files.OPEN_SPREADSHEET,
    files.SLIDES, files.OPEN_SLIDES,
    "audio/wav", "audio/mpeg", "audio/ogg", "audio/webm",
}  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Piece:
    """A sealed file with what its subject says of it: name, media_type, size, sha256, reader."""

    entry: Mapping[str, Any]
    file: StoredFile


def attachment_type(content: bytes) -> str | None:
    """What a file is by its content; None for what is no attachment of a subject."""
    found = policy.sound_type(content) or files.media_type_of(content)
    return found if found in ATTACHED else None


def pieces_brought(brought: Iterable[BroughtFile]) -> list[Piece]:
    """Files brought into the form, in the order in which they came."""
    return [
        Piece(json.loads(crypto.unseal(bytes(one.sealed))), one.file)
        for one in sorted(brought, key=lambda one: one.pk)
    ]


def pieces_of(subject: Subject, kept: Collection[int] | None = None) -> list[Piece]:
    """The files of a subject, or those of these numbers. Raises SubjectDamaged."""
    rows = list(subject.attachments.select_related("file").order_by("number"))
    if not rows:
        return []
    said = {one["number"]: one for one in unseal(subject)["attachments"]}
    return [Piece(said[row.number], row.file) for row in rows if kept is None or row.number in kept]


def numbered(pieces: Iterable[Piece]) -> list[dict[str, Any]]:
    """What the content of a subject says of its files, numbered from 1."""
    return [{**one.entry, "number": rank} for rank, one in enumerate(pieces, start=1)]


def unseal_attachment(subject: Subject, entry: Mapping[str, Any]) -> bytes:
    """The clear file that the content names, checked against its fingerprint there.

    Raises SubjectDamaged.
    """
    row = subject.attachments.select_related("file").filter(number=entry["number"]).first()
    if row is None:
        raise SubjectDamaged(reference=subject.reference)
    clear = crypto.unseal(files.read(row.file))
    if hashlib.sha256(clear).hexdigest() != entry["sha256"]:
        raise SubjectDamaged(reference=subject.reference)
    return clear


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
