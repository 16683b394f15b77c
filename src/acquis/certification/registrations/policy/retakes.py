"""Who may come again after a failure or a partial success, until when, on what condition; pure.

Source: X-06 for titles, X-09 for FILEA; all numbers are the framework's own data.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from acquis.certification.registrations.policy.base import (
    CAPITALISATION,
    TRAINING,
    VAE,
    Bar,
    months_later,
)

PASSED, PARTIAL, FAILED = "passed", "partial", "failed"
EXPERIENCE, NEW_TRAINING = "experience", "new_training"
REFUSED, AFTER_TRAINING = "refused", "training"  # what follows the window
TITLE_WINDOW = "P1Y"  # back within a year without a new training
TITLE_FINISH = "P1Y"  # arrêté of 22/12/2015, art. 3, once an edition is closed
_DURATION = re.compile(r"P(\d{1,3})([DWMY])")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One exam that a jury decided: when it was sat, what came out, by which route."""

    sat_on: date
    outcome: str
    route: str = TRAINING


@dataclass(frozen=True, slots=True)
class RetakeRules:
    """`within` is an ISO 8601 duration or None, `attempts_max` None: without limit."""

    within: str | None = None
    attempts_max: int | None = None
    proof: str = ""
    beyond: str = REFUSED
    finish_within: str | None = None


@dataclass(frozen=True, slots=True)
class Retake:
    """What a candidate who did not pass may do next.

    `left` presentations remain (None: no limit stated); none remain when it is 0. `until` is the
    last day; after it, `beyond`. `new_request`: a VAE begins with a new request.
    """

    until: date | None
    left: int | None
    proof: str
    beyond: str
    new_request: bool

    @property
    def allowed(self) -> bool:
        return self.left != 0


def retake_rules(content: Mapping[str, Any], kind: str) -> RetakeRules:
    """The rules of one edition; by the kind of certification where it states none."""
    rules, title = content.get("rules", {}), kind == "titre_professionnel"
    return RetakeRules(
        within=rules.get("retake_within") or (TITLE_WINDOW if title else None),
        attempts_max=rules.get("attempts_max"),
        proof=rules.get("retake_proof") or "",
        beyond=rules.get("retake_beyond") or (AFTER_TRAINING if title else REFUSED),
        finish_within=rules.get("finish_within") or (TITLE_FINISH if title else None),
    )


def later(day: date, duration: str) -> date:
    """The last day of a period that begins on `day`: 2026-11-20 and « P1Y » give 2027-11-20.

    Raises ValueError for what is not a duration of days, weeks, months or years.
    """
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise ValueError(duration)
    number, unit = int(found[1]), found[2]
    if unit in "MY":
        return months_later(day, number * (12 if unit == "Y" else 1))
    return day + timedelta(days=number * (7 if unit == "W" else 1))


def counts_for(sat: str, taken: str, *, block: str, route: str, several: bool) -> bool:
    """Whether an exam of `sat` by the route `taken` is an attempt at `block` by `route`.

    « » is the whole: its exam is one of each of its blocks. The final interview of a capitalisation
    is an exam of the whole only by that route; with a single block, the block is the whole.
    """
    interview = not sat and taken == CAPITALISATION
    if not block and route == CAPITALISATION:
        return interview
    if block:
        return sat in {"", block} and not (several and interview)
    return not several or (not sat and not interview)


def retake(rules: RetakeRules, route: str, attempts: Sequence[Attempt]) -> Retake:
    """The right to come again after these attempts, at least one of them, none a success.

    The window runs from the first: a second failure does not open another. Where it only spares a
    new training (X-06) it binds whoever first came at the end of a training; where nobody comes
    after it (X-09), all but those whose VAE begins anew.
    """
    first = min(attempts, key=lambda each: each.sat_on)
    windowed = route != VAE and (rules.beyond == REFUSED or first.route == TRAINING)
    left = None if rules.attempts_max is None else max(rules.attempts_max - len(attempts), 0)
    return Retake(
        until=later(first.sat_on, rules.within) if windowed and rules.within else None,
        left=left,
        proof=rules.proof,
        beyond=rules.beyond,
        new_request=route == VAE,
    )


def retake_bars(
    rules: RetakeRules,
    route: str,
    attempts: Sequence[Attempt],
    on: date,
    brought: frozenset[str] = frozenset(),
) -> list[Bar]:
    """All that keeps this person from coming again that day; `brought` are their papers."""
    if not attempts:
        return []
    right = retake(rules, route, attempts)
    if not right.allowed:
        params = {"attempts": len(attempts), "maximum": rules.attempts_max}
        return [Bar("attempts_used", params)]
    found = []
    if right.until and on > right.until:
        if right.beyond == REFUSED:
            return [Bar("retake_window", {"day": right.until})]
        if NEW_TRAINING not in brought:
            found.append(Bar("retake_training", {"day": right.until}))
    if right.proof and right.proof not in brought:
        found.append(Bar("retake_experience"))
    return found


def retake_papers(
    rules: RetakeRules, route: str, attempts: Sequence[Attempt], on: date
) -> tuple[str, ...]:
    """The papers that coming again asks for on that day, beyond those of the route."""
    if not attempts:
        return ()
    right = retake(rules, route, attempts)
    late = right.until is not None and on > right.until and right.beyond == AFTER_TRAINING
    return (*((right.proof,) if right.proof else ()), *((NEW_TRAINING,) if late else ()))


def closing_bars(rules: RetakeRules, valid_to: date | None, on: date) -> list[Bar]:
    """What bars holders of blocks once their edition is closed and their time to finish is over."""
    if valid_to is None or rules.finish_within is None:
        return []
    last = later(valid_to, rules.finish_within)
    return [Bar("finish_over", {"day": last})] if on > last else []
