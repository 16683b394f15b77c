"""What is looked at again and again: mailboxes to read, delays that ran out.

An application declares it in its `tasks.py`. Every worker makes the rounds: the function itself
must see in the database what is due, and that no other worker is at it.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

logger = logging.getLogger(__name__)
Function = Callable[[datetime], None]


@dataclass
class Round:
    function: Function
    seconds: float  # between the end of one look and the next
    looked_at: float = float("-inf")  # on the monotonic clock of this process


ROUNDS: dict[str, Round] = {}


def every(seconds: float, name: str) -> Callable[[Function], Function]:
    """Declare what is looked at every so many seconds, with the time as its argument."""

    def declare(function: Function) -> Function:
        ROUNDS[name] = Round(function, seconds)
        return function

    return declare


def make(*, now: datetime) -> int:
    """Look at what is due; a fault is told and spoils no other round. Returns how many were due."""
    due = [
        (name, one)
        for name, one in ROUNDS.items()
        if time.monotonic() - one.looked_at >= one.seconds
    ]
    for name, one in due:
        try:
            one.function(now)
        except Exception:
            logger.exception("round %s", name)
        one.looked_at = time.monotonic()
    return len(due)
