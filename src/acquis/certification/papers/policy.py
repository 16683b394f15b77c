"""Drawing a subject by lot so that anybody can recompute it; pure. Stated in docs/rules/draw.md."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from acquis.certification.exam_sessions.phases import PhaseKind, PhasePlan
from acquis.certification.papers.errors import AttachmentsTooHeavy, TooManyAttachments

SEED_BYTES = 32
ALREADY_SEEN = "already_seen"
WITHDRAWN = "withdrawn"
_SPACE = 2**256  # how many values a SHA-256 digest takes
# Frames of MPEG layer 3 without an ID3 tag: versions 1, 2 and 2.5, with or without checksum.
_MP3_FRAMES = {bytes([second]) for second in (0xFA, 0xFB, 0xF2, 0xF3, 0xE2, 0xE3)}

# Files sealed with a subject: PDF, images, office files, sounds.
MOST_ATTACHMENTS = 8
LONGEST_ATTACHMENT = 10 * 1024 * 1024  # bytes of one
HEAVIEST_ATTACHMENTS = 30 * 1024 * 1024  # bytes of all those of a subject
FOR_CANDIDATE, FOR_JURY = "candidate", "jury"
CANDIDATE_ATTACHMENT_KEYS = frozenset({"number", "name", "media_type", "size"})

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


def frozen_bytes(frozen: Mapping[str, Any]) -> bytes:
    """One text for what is frozen: keys sorted, no spaces, UTF-8."""
    return json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def commitment(seed_hex: str, frozen: Mapping[str, Any]) -> str:
    """What is published before the draws: it binds the seed and the subjects, and tells neither."""
    return hashlib.sha256(bytes.fromhex(seed_hex) + frozen_bytes(frozen)).hexdigest()


def own_seed(seed_hex: str, candidate: str, kind: str) -> str:
    """The randomness of one candidate and kind: HMAC-SHA-256 of the session's seed, in hexadecimal."""
    return hmac.digest(bytes.fromhex(seed_hex), f"{candidate}\n{kind}".encode(), "sha256").hex()


def eligible(
    pool: Iterable[str], seen: Iterable[str], withdrawn: Iterable[str] = ()
) -> tuple[list[str], list[dict[str, str]]]:
    """Separate what may be drawn for a person: never what they saw, never what was withdrawn.

    Returns the sorted pool, which may be empty, and what is left out, each with its reason.
    """
    known, gone = set(seen), set(withdrawn)
    reasons = {
        each: ALREADY_SEEN if each in known else WITHDRAWN
        for each in pool
        if each in known or each in gone
    }
    fresh = sorted(set(pool) - set(reasons))
    return fresh, [{"reference": each, "reason": reasons[each]} for each in sorted(reasons)]


def faults(proof: Mapping[str, Any]) -> list[str]:
    """What of a proof does not hold: « commitment », or the draws that the seed does not give.

    A proof is what the minutes hold of the draws once the seed is told (docs/rules/draw.md).
    """
    found = []
    if commitment(proof["seed"], proof["frozen"]) != proof["commitment"]:
        found.append("commitment")
    for draw in proof["draws"]:
        frozen = proof["frozen"]["pools"].get(draw["kind"], {})
        pool = set(frozen) - {each["reference"] for each in draw["excluded"]}
        seed = own_seed(proof["seed"], draw["candidate"], draw["kind"])
        if not pool or pick(seed, pool) != draw["subject"]:
            found.append(f"{draw['candidate']} · {draw['kind']}")
    return found


def sound_type(content: bytes) -> str | None:
    """What kind of sound these bytes are, by their signature: WAV, MP3, Ogg or WebM; None for others."""
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    if content[:3] == b"ID3" or (content[:1] == b"\xff" and content[1:2] in _MP3_FRAMES):
        return "audio/mpeg"
    if content[:4] == b"OggS":
        return "audio/ogg"
    return "audio/webm" if content[:4] == b"\x1a\x45\xdf\xa3" else None


def next_reference(family: str, number: int) -> str:
    """The reference of a later version: « VAL-E01 », then « VAL-E01-v2 »; at most 40 signs."""
    ending = f"-v{number}"
    return family[: 40 - len(ending)] + ending


def candidate_side(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without what belongs to the jury: role sheets, what is expected, criteria."""
    shown = {key: value for key, value in content.items() if key in CANDIDATE_KEYS}
    if "exchanges" in content:
        shown["exchanges"] = [
            {key: value for key, value in exchange.items() if key in CANDIDATE_EXCHANGE_KEYS}
            for exchange in content["exchanges"]
        ]
    handed = [one for one in content.get("attachments", []) if one["reader"] == FOR_CANDIDATE]
    if handed:
        shown["attachments"] = [
            {key: value for key, value in one.items() if key in CANDIDATE_ATTACHMENT_KEYS}
            for one in handed
        ]
    return shown


def attachment_numbered(
    content: Mapping[str, Any], number: int, readers: Iterable[str] = (FOR_CANDIDATE, FOR_JURY)
) -> Mapping[str, Any] | None:
    """What the content says of one of its files; None for none, or for one of other readers."""
    allowed = set(readers)
    return next(
        (
            one
            for one in content.get("attachments", [])
            if one["number"] == number and one["reader"] in allowed
        ),
        None,
    )


def check_attachments(sizes: Sequence[int]) -> None:
    """How many files one subject has, and how heavy, in bytes.

    Raises TooManyAttachments or AttachmentsTooHeavy.
    """
    if len(sizes) > MOST_ATTACHMENTS:
        raise TooManyAttachments(most=MOST_ATTACHMENTS)
    if sum(sizes) > HEAVIEST_ATTACHMENTS:
        raise AttachmentsTooHeavy(limit=HEAVIEST_ATTACHMENTS // 1024 // 1024)


class _Part(Protocol):
    @property
    def method(self) -> str: ...
    @property
    def kind(self) -> str: ...


def kind_used_by(part: _Part) -> str | None:
    """The kind of subject that a phase, to come or begun, uses; None when nothing is drawn for it."""
    if part.method == "roleplay":
        return "written" if part.kind == PhaseKind.WRITTEN else "exchanges"
    if part.method == "case_study":
        return "written"
    return "recording" if part.kind == PhaseKind.REACTION else None


def kinds_used(plans: Iterable[PhasePlan]) -> list[str]:
    """The kinds of subjects of an exam, in the order of the day."""
    kinds = (kind_used_by(plan) for plan in plans)
    return list(dict.fromkeys(kind for kind in kinds if kind))
