"""Who may sit an exam by which route, and why not; pure (X-02, X-12).

A bar is a code and what its sentence needs; `presentation` writes the sentence.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from acquis.certification.registrations.policy.base import (
    CAPITALISATION,
    CCS,
    TRAINING,
    VAE,
    Bar,
    months_later,
)
from acquis.certification.registrations.policy.retakes import (
    Attempt,
    RetakeRules,
    closing_bars,
    retake_bars,
)

__all__ = ["CAPITALISATION", "CCS", "TRAINING", "VAE", "Bar", "Request", "Way", "bars"]

SILENCE_MONTHS = 2  # L6412-2: silence for two months is acceptance
START_MONTHS = 6  # R6412-4: to begin after the file is admitted
VAE_FILES_A_YEAR = 3  # R6412-3: for different certifications, blocks apart
VAE_FILES_A_CERTIFICATION = 1  # R6412-3: within the same calendar year


@dataclass(frozen=True, slots=True)
class Request:
    """A VAE file: when it was asked, what was decided (`accepted`, `refused` or nothing yet)."""

    requested_on: date
    decision: str = ""
    decided_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """An enrolment as the rules see it; `held` are the blocks already obtained.

    `attempts` are the exams already decided for the same thing by other enrolments, `brought` the
    papers brought, `decided_on` the day this very enrolment was decided, `valid_to` the last day of
    its edition.
    """

    route: str
    block: str = ""
    blocks: Sequence[str] = ()
    held: Collection[str] = frozenset()
    title_held: bool = False
    request: Request | None = None
    attempts: Sequence[Attempt] = ()
    rules: RetakeRules = field(default_factory=RetakeRules)
    brought: frozenset[str] = frozenset()
    decided_on: date | None = None
    valid_to: date | None = None


def admitted_on(request: Request) -> date | None:
    """The day from which a VAE file is admitted: its decision, or two months of silence.

    None when it was refused.
    """
    if request.decision == "refused":
        return None
    if request.decision == "accepted":
        return request.decided_on
    return months_later(request.requested_on, SILENCE_MONTHS)


def start_by(request: Request) -> date | None:
    """The last day to begin a VAE once its file is admitted; told, never a bar."""
    admitted = admitted_on(request)
    return months_later(admitted, START_MONTHS) if admitted else None


def bars(way: Way, on: date) -> list[Bar]:
    """All that keeps this person from sitting that day by this route; empty: they may."""
    if way.decided_on is not None:
        return [Bar("already_decided", {"day": way.decided_on})]
    again = retake_bars(way.rules, way.route, way.attempts, on, way.brought)
    return [*_route_bars(way, on), *again]


def _route_bars(way: Way, on: date) -> list[Bar]:
    if way.route == VAE:
        return _vae_bars(way.request, on)
    if way.route == CAPITALISATION:
        return [*_capitalisation_bars(way), *closing_bars(way.rules, way.valid_to, on)]
    if way.route == CCS and not way.title_held:
        return [Bar("ccs_without_title")]
    return []


def _vae_bars(request: Request | None, on: date) -> list[Bar]:
    if request is None:
        return [Bar("vae_not_requested")]
    admitted = admitted_on(request)
    if admitted is None:
        return [Bar("vae_refused", {"day": request.decided_on, "reason": request.reason})]
    return [Bar("vae_too_early", {"day": admitted})] if admitted > on else []


def _capitalisation_bars(way: Way) -> list[Bar]:
    """A block is taken once; the whole asks for all of them in the booklet (X-02)."""
    if way.block:
        held = way.block in way.held
        return [Bar("block_held", {"block": way.block})] if held else []
    missing = [code for code in way.blocks if code not in way.held]
    return [Bar("blocks_missing", {"blocks": ", ".join(missing)})] if missing else []


def vae_quota(same: int, others: int) -> str:
    """What one more VAE file would pass over this calendar year, of whole certifications only.

    `same` are the files for this certification, `others` the other certifications asked for:
    `certification`, `year` or nothing.
    """
    if same >= VAE_FILES_A_CERTIFICATION:
        return "certification"
    return "year" if others >= VAE_FILES_A_YEAR else ""
