"""From the clear content of a subject to what the table keeps, and back."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from acquis.certification.papers.errors import SubjectDamaged
from acquis.certification.papers.models import Subject
from acquis.kernel import crypto


def encode(content: Mapping[str, Any]) -> bytes:
    """One text for one content: keys sorted, no spaces, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a sealed subject."""
    clear = encode(content)
    return {"sealed": crypto.seal(clear), "sha256": hashlib.sha256(clear).hexdigest()}


def unseal(subject: Subject) -> dict[str, Any]:
    """The clear content, checked against its fingerprint. Raises SubjectDamaged."""
    clear = crypto.unseal(bytes(subject.sealed))
    if hashlib.sha256(clear).hexdigest() != subject.sha256:
        raise SubjectDamaged(reference=subject.reference)
    content: dict[str, Any] = json.loads(clear)
    return content
