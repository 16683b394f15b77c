"""The phases of an exam as the framework's data gives them, with the candidate's own time; pure.

`phases_from` reads the contract: one assessment a scope, its phases, their steps. The times are the
framework's; an accommodation (X-11) stretches each of them alone.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from acquis.certification.frameworks.content import assessment_for
from acquis.certification.frameworks.phase_kinds import PhaseKind
from acquis.certification.registrations.policy import NO_EXTRA, ExtraTime

__all__ = ["PhaseKind", "PhasePlan", "kind_of", "phases_from", "stretched_seconds"]

_TITLE_LENGTH = 300

_WRITES = re.compile(
    r"\brédig|\bpar écrit\b|\brésum(?:e|ent|er)\b|\bétudi(?:e|ent|er)\b", re.IGNORECASE
)
_PREPARES = re.compile(r"\bprépar(?:e|ent|er)\b", re.IGNORECASE)
_LISTENS = re.compile(r"\bécoute|\benregistr", re.IGNORECASE)
_HANDS_IN = re.compile(r"\bremise\b|\bremet|\bdépos|\bdépôt\b|\ben amont\b", re.IGNORECASE)

# A juror plays the customers, asks and listens, unless the framework's step says otherwise (X-04: the
# final interview, of which the table of steps says nothing, is part of the jury's 95 minutes).
_BEFORE_JURY = frozenset(
    {PhaseKind.EXCHANGES, PhaseKind.REACTION, PhaseKind.INTERVIEW, PhaseKind.DEFENCE}
)

_KIND_OF_METHOD = {
    "final_interview": PhaseKind.INTERVIEW,
    "production_questioning": PhaseKind.INTERVIEW,
    "questionnaire": PhaseKind.WRITTEN,
    "case_study": PhaseKind.WRITTEN,
    "oral_defence": PhaseKind.DEFENCE,
}


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """One phase to come; `minutes` 0 means that the framework gives no time.

    `pause_seconds` are rest that the day must hold after the work, outside its time.
    """

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
    pause_seconds: int = 0
    listens: int = 1  # how often a drawn recording may be heard
    answer_recorded: bool = False  # in the browser, else said to the jury
    spelling_help: bool = False
    late_refused: bool = False  # a document handed in after its time
    deposit_days: int | None = None  # before the day of the exam, when the framework says so
    deposit_hour: str = "23:59"  # of that day, in France


def phases_from(
    content: Mapping[str, Any], block: str, extra: ExtraTime = NO_EXTRA
) -> list[PhasePlan]:
    """The phases of the whole exam (`block` empty) or of one block, in order.

    `extra` stretches those that the person's accommodations name (X-11). Empty when the framework
    describes no exam for that scope.
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
            kind = kind_of(method, step, minutes)
            seconds = stretched_seconds(minutes, extra.part(kind, method))
            plans.append(
                PhasePlan(
                    position=len(plans) + 1,
                    code=f"{method}.{ranks[method]}",
                    method=method,
                    kind=kind,
                    title=_title(phase["title"], step["title"]),
                    description=step.get("description") or "",
                    minutes=minutes,
                    planned_seconds=seconds,
                    exchanges=step.get("exchanges") or 0,
                    jury_present=_before_jury(step, kind),
                    invigilated=bool(step.get("invigilated")),
                    drawn_by_lot=bool(step.get("drawn_by_lot")),
                    pause_seconds=extra.pause_minutes(seconds // 60, kind, method) * 60,
                    listens=step.get("listens") or 1,
                    answer_recorded=_answer_recorded(step),
                    spelling_help=bool(step.get("spelling_help")),
                    late_refused=bool(step.get("late_refused")),
                    **_deposit_before(step),
                )
            )
    return plans


def _deposit_before(step: Mapping[str, Any]) -> dict[str, Any]:
    stated = step.get("deposit_before")
    if stated is None:
        return {}
    return {"deposit_days": stated["days"], "deposit_hour": stated.get("hour") or "23:59"}


def _before_jury(step: Mapping[str, Any], kind: PhaseKind) -> bool:
    stated = step.get("jury_present")
    return kind in _BEFORE_JURY if stated is None else bool(stated)


def _answer_recorded(step: Mapping[str, Any]) -> bool:
    """What nobody hears is recorded, unless the framework says otherwise."""
    stated = step.get("answer_recorded")
    return not step.get("jury_present") if stated is None else bool(stated)


def kind_of(method: str, step: Mapping[str, Any], minutes: int) -> PhaseKind:
    """What one step is, from its method, its words and who is there."""
    words = f"{step['title']} {step.get('description') or ''}"
    jury = bool(step.get("jury_present"))
    if method == "roleplay":
        return _roleplay_kind(words, step, jury=jury)
    if method == "technical_interview":
        return _interview_kind(words, step, jury=jury)
    if method in {"project", "portfolio"}:
        return _work_kind(method, words, jury=jury)
    if method == "written_production":
        handed_in = not minutes or _HANDS_IN.search(words)
        return PhaseKind.DEPOSIT if handed_in else PhaseKind.WRITTEN
    return _KIND_OF_METHOD.get(method, PhaseKind.INTERVIEW)


def _work_kind(method: str, words: str, *, jury: bool) -> PhaseKind:
    """A work is handed in, then presented to the jury; where no step says which, by its method (X-10)."""
    if jury:
        return PhaseKind.DEFENCE
    if method == "portfolio" or _HANDS_IN.search(words):
        return PhaseKind.DEPOSIT
    return PhaseKind.DEFENCE


def _roleplay_kind(words: str, step: Mapping[str, Any], *, jury: bool) -> PhaseKind:
    """Words decide; where there are none, what is drawn before the exchanges prepares them.

    A role play of which nothing is said is one with customers (X-09).
    """
    if step.get("exchanges") and not (_PREPARES.search(words) and not jury):
        return PhaseKind.EXCHANGES
    if _WRITES.search(words):
        return PhaseKind.WRITTEN
    if not jury and (_PREPARES.search(words) or step.get("drawn_by_lot")):
        return PhaseKind.PREPARATION
    alone = step.get("jury_present") is False or step.get("invigilated")
    return PhaseKind.WRITTEN if alone and not jury else PhaseKind.EXCHANGES


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


def stretched_seconds(minutes: int, part: Fraction) -> int:
    """The time with `part` of it added, rounded up to the minute: never less than decided."""
    return math.ceil(minutes * (1 + part)) * 60
