"""Drawing a subject by lot so that anybody can recompute it; pure. Stated in docs/rules/draw.md."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from acquis.certification.exam_sessions.phases import PhaseKind, PhasePlan

SEED_BYTES = 32
_SPACE = 2**256  # how many values a SHA-256 digest takes

# All that the candidate sees of a subject: a part that is not named here stays the jury's.
CANDIDATE_KEYS = frozenset(
    {
        "kind",
        "code",
        "title",
        "enterprise",
        "minutes",
        "preparation_minutes",
        "customer",
        "situation",
        "instructions",
        "trigger",
        "documents",
        "brief",
    }
)
CANDIDATE_EXCHANGE_KEYS = frozenset(
    {"key", "customer", "channel", "direction", "title", "candidate"}
)


def pick(seed_hex: str, references: Iterable[str]) -> str:
    """The subject that this seed designates among these references, each as likely as another.

    The order in which the references come does not matter. Raises ValueError when there is none.
    """
    pool = sorted(set(references))
    if not pool:
        raise ValueError("nothing to draw from")
    message = bytes.fromhex(seed_hex) + "\n".join(pool).encode()
    fair = _SPACE - _SPACE % len(pool)
    digest = hashlib.sha256(message).digest()
    while int.from_bytes(digest) >= fair:  # the incomplete last turn would favour the first ones
        digest = hashlib.sha256(digest).digest()
    return pool[int.from_bytes(digest) % len(pool)]


def eligible(
    references: Sequence[str], seen: Iterable[str]
) -> tuple[list[str], list[dict[str, str]]]:
    """Separate what the person has not seen; when all was seen, all is eligible again.

    Returns the sorted pool and what is left out, each with its reason.
    """
    known = set(seen)
    fresh = sorted(each for each in references if each not in known)
    if not fresh:
        return sorted(references), []
    left_out = sorted(each for each in references if each in known)
    return fresh, [{"reference": each, "reason": "already_seen"} for each in left_out]


def candidate_side(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without what belongs to the jury: role sheets, what is expected, criteria."""
    shown = {key: value for key, value in content.items() if key in CANDIDATE_KEYS}
    if "exchanges" in content:
        shown["exchanges"] = [
            {key: value for key, value in exchange.items() if key in CANDIDATE_EXCHANGE_KEYS}
            for exchange in content["exchanges"]
        ]
    return shown


def kind_used_by(plan: PhasePlan) -> str | None:
    """The kind of subject that a phase uses; None when nothing is drawn for it."""
    if plan.method == "roleplay":
        return "written" if plan.kind == PhaseKind.WRITTEN else "exchanges"
    return "recording" if plan.kind == PhaseKind.REACTION else None


def kinds_used(plans: Iterable[PhasePlan]) -> list[str]:
    """The kinds of subjects of an exam, in the order of the day."""
    kinds = (kind_used_by(plan) for plan in plans)
    return list(dict.fromkeys(kind for kind in kinds if kind))
