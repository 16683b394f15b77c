"""French spacing: non-breaking spaces before high punctuation and inside quotation marks."""

import re
from typing import Any

NBSP = "\u00a0"
_BEFORE = re.compile(r"(?<=\S) (?=[;:!?»%€](?:\W|$))")
_AFTER = re.compile(r"« ")


def spaced(value: Any) -> Any:
    """Set the spaces of every text in a JSON value."""
    if isinstance(value, str):
        return _AFTER.sub("«" + NBSP, _BEFORE.sub(NBSP, value))
    if isinstance(value, list):
        return [spaced(item) for item in value]
    if isinstance(value, dict):
        return {key: spaced(item) for key, item in value.items()}
    return value
