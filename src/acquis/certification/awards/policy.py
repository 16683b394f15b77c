"""Pure rules of official documents: what is signed, how it is numbered."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from acquis.certification.registrations.policy import later

# One series a kind and a year, each organisation its own.
PREFIXES = {"pv": "PV", "result_sheet": "FIR", "certificate": "CERT", "booklet": "LIV"}


def canonical(data: Mapping[str, Any]) -> bytes:
    """The one way of writing these data: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(data: Mapping[str, Any]) -> str:
    """What signatories sign: SHA-256, in hex, of the canonical data."""
    return hashlib.sha256(canonical(data)).hexdigest()


def series_name(organisation_id: int, kind: str, year: int) -> str:
    return f"{organisation_id}:{PREFIXES[kind]}-{year}"


def number(kind: str, year: int, rank: int) -> str:
    """« PV-2026-0007 »."""
    return f"{PREFIXES[kind]}-{year}-{rank:04}"


def missing_signers(required: Iterable[int], signed: Iterable[int]) -> list[int]:
    """Those who have not signed yet, in the order given."""
    done = set(signed)
    return [one for one in required if one not in done]


def read_code(typed: str) -> str:
    """A verification code as people copy it: any case, with or without its hyphens; maybe empty."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return "-".join(part for part in (letters[:4], letters[4:8], letters[8:]) if part)


def results_due(duration: str | None, day: date) -> date | None:
    """The last day to tell the results, by the framework's duration: « P10D », « P1M » (X-09).

    A session of 20 November and « P10D »: 30 November. None when the framework says none, or
    what is no duration.
    """
    try:
        return later(day, duration) if duration else None
    except ValueError:
        return None


class Told(StrEnum):
    """What became of a result told to a candidate; the surest that holds is the one told."""

    REPLACED = "replaced"  # told again since: corrected, or sent to another address
    HANDED = "handed"
    ACKNOWLEDGED = "acknowledged"
    OPENED = "opened"
    BOUNCED = "bounced"
    SENT = "sent"
    NO_ADDRESS = "no_address"
    DELAYED = "delayed"  # the server could not take it yet
    QUEUED = "queued"


# What proves that the result was told; a letter that left and did not come back does.
PROOFS = frozenset({Told.HANDED, Told.ACKNOWLEDGED, Told.OPENED, Told.SENT})
# What asks for somebody's hand.
TO_HAND_OVER = frozenset({Told.BOUNCED, Told.NO_ADDRESS, Told.DELAYED})
LINK_LIVES = timedelta(days=90)  # design default: as long as an appeal may reasonably follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The facts of one notice: the days in Paris on which each happened."""

    current: bool = True
    address: bool = True
    delayed: bool = False
    sent: date | None = None
    bounced: date | None = None
    opened: date | None = None
    acknowledged: date | None = None
    handed: date | None = None


def told(course: Course) -> Told:
    """The state of a notice. What was opened came, whatever a server said of it before."""
    holds = (
        (not course.current, Told.REPLACED),
        (course.acknowledged is not None, Told.ACKNOWLEDGED),
        (course.handed is not None, Told.HANDED),
        (course.opened is not None, Told.OPENED),
        (course.bounced is not None, Told.BOUNCED),
        (course.sent is not None, Told.SENT),
        (not course.address, Told.NO_ADDRESS),
        (course.delayed, Told.DELAYED),
    )
    return next((state for held, state in holds if held), Told.QUEUED)


def told_on(courses: Iterable[Course]) -> date | None:
    """The first day on which a candidate was told, over all that was sent to them; None: not yet.

    A letter that came back tells nothing on the day it left; opened all the same, it told that day.
    """
    days = [
        day
        for one in courses
        for day in (
            one.sent if one.bounced is None else None,
            one.opened,
            one.acknowledged,
            one.handed,
        )
        if day is not None
    ]
    return min(days, default=None)


def days_late(due: date | None, day: date | None) -> int:
    """How many days after the last one a result was told; 0 in time, or when no rule says."""
    if due is None or day is None:
        return 0
    return max((day - due).days, 0)


def link_expired(noted_at: datetime, now: datetime) -> bool:
    """Whether the personal link of a result opens nothing any more."""
    return now > noted_at + LINK_LIVES
