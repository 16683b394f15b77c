"""The steps that a procedure lists, and what an abusive contact calls for. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
MOST_STEPS = 40
STEP_CHARS = 300
WARNINGS = 2  # before the contact may be ended (K-07)
_NUMBERED = re.compile(r"^\s{0,3}\d+[.)]\s+(.+)$")
_OPTIONAL = re.compile(r"\((?:facultati(?:f|ve)|si besoin)\)", re.IGNORECASE)
_MARKS = re.compile(r"\*\*|__|`")


def steps_of(markdown: str) -> list[str]:
    """The numbered lines of a procedure, without their marks, in order; at most 40."""
    found = [matched[1] for line in markdown.splitlines() if (matched := _NUMBERED.match(line))]
    return [_MARKS.sub("", step).strip()[:STEP_CHARS] for step in found][:MOST_STEPS]


def is_optional(step: str) -> bool:
    """Whether the procedure itself lets the step be passed over: « (facultatif) » in its line."""
    return _OPTIONAL.search(step) is not None


def warnings_today(said: Sequence[datetime], now: datetime) -> int:
    """How many warnings were given on the day of Paris: those of another day are past."""
    today = now.astimezone(PARIS).date()
    return sum(at.astimezone(PARIS).date() == today for at in said)


def may_end_contact(warnings: int) -> bool:
    return warnings >= WARNINGS


def is_recurring(count: int, threshold: int) -> bool:
    """Whether so many cases of the same product and symptom call for an alert."""
    return threshold > 0 and count >= threshold
