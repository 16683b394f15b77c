"""The canonical text of a line and its fingerprint."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

from acquis.kernel.models import TraceLine

ORIGIN = "0" * 64  # what the first line of a stream is chained to


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def plain(value: Any) -> Any:
    """Reduce to JSON values whose text is always the same: dates and numbers become strings."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    # Whole numbers, truth values and nothing at all are written the same everywhere.
    return value if value is None or isinstance(value, bool | int) else str(value)


def fingerprint(line: TraceLine) -> str:
    """SHA-256, in hex, over the previous fingerprint and the line's canonical JSON."""
    return hashlib.sha256(f"{line.previous}\n{text(line)}".encode()).hexdigest()


def text(line: TraceLine) -> str:
    """The canonical JSON that the fingerprint covers, after the fingerprint before it."""
    return canonical({**_told(line), "position": line.position})


def text_around_position(line: TraceLine) -> tuple[str, str]:
    """The line's canonical JSON before and after its position, for what numbers lines itself."""
    told = _told(line)
    before = {name: value for name, value in told.items() if name < "position"}
    after = {name: value for name, value in told.items() if name > "position"}
    return f'{canonical(before)[:-1]},"position":', f",{canonical(after)[1:]}"


def _told(line: TraceLine) -> dict[str, Any]:
    return {
        "stream": line.stream,
        "at": line.at.astimezone(UTC).isoformat(),
        "actor_id": line.actor_id,
        "actor_label": line.actor_label,
        "verb": line.verb,
        "object_type": line.object_type,
        "object_id": line.object_id,
        "data": line.data,
        "personal_digest": line.personal_digest,
    }
