"""The phases of an exam as the framework's data gives them, with the candidate's own time; pure.

`phases_from` reads the contract: one assessment a scope, its phases, their steps. The times are the
framework's; the accommodation (X-11) stretches each of them alone.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from acquis.certification.frameworks.content import assessment_for


class PhaseKind(StrEnum):
    WRITTEN = "written"
    PREPARATION = "preparation"
    EXCHANGES = "exchanges"
    REACTION = "reaction"
    INTERVIEW = "interview"
    DEFENCE = "defence"
    DEPOSIT = "deposit"


_TITLE_LENGTH = 300

# « Tiers-temps » is a third, not 33 hundredths: 75 min become 100 and not 99,75.
_EXACT_EXTRA = {33: Fraction(1, 3), 66: Fraction(2, 3), 67: Fraction(2, 3)}

_WRITES = re.compile(
    r"\brédig|\bpar écrit\b|\brésum(?:e|ent|er)\b|\bétudi(?:e|ent|er)\b", re.IGNORECASE
)
_PREPARES = re.compile(r"\bprépar(?:e|ent|er)\b", re.IGNORECASE)
_LISTENS = re.compile(r"\bécoute|\benregistr", re.IGNORECASE)
_HANDS_IN = re.compile(r"\bremise\b|\bremet|\bdépos|\bdépôt\b|\ben amont\b", re.IGNORECASE)

_KIND_OF_METHOD = {
    "final_interview": PhaseKind.INTERVIEW,
    "production_questioning": PhaseKind.INTERVIEW,
    "questionnaire": PhaseKind.WRITTEN,
    "case_study": PhaseKind.WRITTEN,
    "project": PhaseKind.DEFENCE,
    "oral_defence": PhaseKind.DEFENCE,
    "portfolio": PhaseKind.DEPOSIT,
}


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """One phase to come; `minutes` 0 means that the framework gives no time."""

    position: int
    code: str
    method: str
    kind: PhaseKind
    title: str
    description: str
    minutes: int
    planned_seconds: int
    exchanges: int
    jury_present: bool
    invigilated: bool
    drawn_by_lot: bool


def phases_from(content: Mapping[str, Any], block: str, extra_time_percent: int) -> list[PhasePlan]:
    """The phases of the whole exam (`block` empty) or of one block, in order.

    Empty when the framework describes no exam for that scope.
    """
    assessment = assessment_for(dict(content), block)
    if assessment is None:
        return []
    plans: list[PhasePlan] = []
    ranks: dict[str, int] = {}
    for phase in assessment["phases"]:
        method = phase["method"]
        for step, minutes in _steps_with_minutes(phase):
            ranks[method] = ranks.get(method, 0) + 1
            plans.append(
                PhasePlan(
                    position=len(plans) + 1,
                    code=f"{method}.{ranks[method]}",
                    method=method,
                    kind=kind_of(method, step, minutes),
                    title=_title(phase["title"], step["title"]),
                    description=step.get("description") or "",
                    minutes=minutes,
                    planned_seconds=stretched_seconds(minutes, extra_time_percent),
                    exchanges=step.get("exchanges") or 0,
                    jury_present=bool(step.get("jury_present")),
                    invigilated=bool(step.get("invigilated")),
                    drawn_by_lot=bool(step.get("drawn_by_lot")),
                )
            )
    return plans


def kind_of(method: str, step: Mapping[str, Any], minutes: int) -> PhaseKind:
    """What one step is, from its method, its words and who is there."""
    words = f"{step['title']} {step.get('description') or ''}"
    jury = bool(step.get("jury_present"))
    if method == "roleplay":
        return _roleplay_kind(words, step, jury=jury)
    if method == "technical_interview":
        return _interview_kind(words, step, jury=jury)
    if method == "written_production":
        handed_in = not minutes or _HANDS_IN.search(words)
        return PhaseKind.DEPOSIT if handed_in else PhaseKind.WRITTEN
    return _KIND_OF_METHOD.get(method, PhaseKind.INTERVIEW)


def _roleplay_kind(words: str, step: Mapping[str, Any], *, jury: bool) -> PhaseKind:
    """Words decide; where there are none, what is drawn before the exchanges prepares them."""
    if step.get("exchanges") and not (_PREPARES.search(words) and not jury):
        return PhaseKind.EXCHANGES
    if _WRITES.search(words):
        return PhaseKind.WRITTEN
    if not jury and (_PREPARES.search(words) or step.get("drawn_by_lot")):
        return PhaseKind.PREPARATION
    return PhaseKind.EXCHANGES if jury else PhaseKind.WRITTEN


def _interview_kind(words: str, step: Mapping[str, Any], *, jury: bool) -> PhaseKind:
    """Alone under an eye, one prepares; what is drawn before the jury is a recording to react to."""
    if not jury and (_PREPARES.search(words) or step.get("invigilated")):
        return PhaseKind.PREPARATION
    if _LISTENS.search(words) or (jury and step.get("drawn_by_lot")):
        return PhaseKind.REACTION
    return PhaseKind.INTERVIEW


def _steps_with_minutes(phase: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], int]]:
    """The steps of a phase; the only step without a time has what remains of the phase's."""
    whole = {"title": phase["title"], "minutes": phase.get("minutes")}
    steps: Sequence[Mapping[str, Any]] = phase["steps"] or [whole]
    known = sum(step.get("minutes") or 0 for step in steps)
    without = [step for step in steps if step.get("minutes") is None]
    rest = max(0, (phase.get("minutes") or 0) - known) if len(without) == 1 else 0
    return [(step, rest if step.get("minutes") is None else int(step["minutes"])) for step in steps]


def _title(phase: str, step: str) -> str:
    joined = phase if step == phase else f"{phase} · {step}"
    return joined[:_TITLE_LENGTH]


def extra_time(percent: int) -> Fraction:
    """The part of time added: 33 is one third exactly, 66 and 67 two thirds, n else n/100."""
    return _EXACT_EXTRA.get(percent, Fraction(percent, 100))


def stretched_seconds(minutes: int, extra_time_percent: int) -> int:
    """The time with the accommodation, rounded up to the minute: never less than decided."""
    return math.ceil(minutes * (1 + extra_time(extra_time_percent))) * 60
