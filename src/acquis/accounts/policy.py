"""How long a run of failed sign-ins locks an address, and how a device is named. Pure."""

import ipaddress
from datetime import datetime, timedelta

LOCKING_STEP = 10  # every tenth failure locks
FIRST_LOCK = timedelta(minutes=2)  # then twice as long each time
BLOCKING_COUNT = 50  # from here only the person who manages accounts lifts it
FORGOTTEN_AFTER = timedelta(days=1)  # a quiet day starts the count again, short of a block

SECOND_STEP_LASTS = timedelta(minutes=5)  # between the password and the code
RECOVERY_CODES = 10

_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
# The order matters: most browsers also claim to be those below them.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def is_blocked(count: int) -> bool:
    return count >= BLOCKING_COUNT


def lock_after(count: int) -> timedelta:
    """How long the failure that brings the count to `count` locks; zero when it does not.

    >>> [lock_after(n).total_seconds() / 60 for n in (9, 10, 11, 20, 30)]
    [0.0, 2.0, 0.0, 4.0, 8.0]
    """
    if count == 0 or count % LOCKING_STEP:
        return timedelta(0)
    return FIRST_LOCK * (1 << (count // LOCKING_STEP - 1))


def count_after(count: int, last: datetime | None, at: datetime) -> int:
    """The count with one more attempt at `at`; `last` is the moment of the one before."""
    if last is not None and not is_blocked(count) and at - last > FORGOTTEN_AFTER:
        return 1
    return count + 1


def device_label(user_agent: str) -> str:
    """« Firefox · Windows »; empty when nothing is recognised."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)


def address_or_none(text: str | None) -> str | None:
    try:
        return str(ipaddress.ip_address(text or ""))
    except ValueError:
        return None
