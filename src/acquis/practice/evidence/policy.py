"""What names a thing set aside, and where a passage of a recording lies. Pure."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

PASSAGE = re.compile(r"^(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)$|^(\d{1,5})$")


def observation_fingerprint(unit: str, title: str, statement: str) -> str:
    """Of a whole observation: the same words of the same unit are the same observation."""
    return _digest("observation", unit, title, statement)


def moment_fingerprint(unit: str, title: str, moment: Mapping[str, Any]) -> str:
    """Of one moment of an observation: its place and what was shown of it."""
    return _digest("moment", unit, title, moment["ref"], moment["label"], moment["excerpt"])


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def seconds_of(typed: str) -> int | None:
    """« 1:05 », « 1:02:03 » or « 65 » in whole seconds; None for anything else."""
    found = PASSAGE.match(typed.strip())
    if found is None:
        return None
    hours, minutes, seconds, alone = found.groups()
    if alone is not None:
        return int(alone)
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)


def passage_is_possible(begins: int, ends: int, length: float) -> bool:
    """Whether a passage, in seconds, goes forward and lies in a recording of this length."""
    return 0 <= begins < ends <= length + 1
