"""French spacing of everything a pack says."""

from typing import Any

from acquis.kernel.typography import french


def spaced(value: Any) -> Any:
    """Set the spaces of every text in a JSON value."""
    if isinstance(value, str):
        return french(value)
    if isinstance(value, list):
        return [spaced(item) for item in value]
    if isinstance(value, dict):
        return {key: spaced(item) for key, item in value.items()}
    return value
