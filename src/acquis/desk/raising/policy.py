"""Which remarks say the same thing, and what may become of one. Pure. Source: 002-CP1."""

import re
from collections.abc import Mapping

from acquis.desk.directory.policy import fold

RAISED, ACCEPTED, IN_PROGRESS, DONE, REFUSED = (
    "raised", "accepted", "in_progress", "done", "refused",
)  # fmt: skip
NEXT: Mapping[str, frozenset[str]] = {
    RAISED: frozenset({ACCEPTED, IN_PROGRESS, DONE, REFUSED}),
    ACCEPTED: frozenset({IN_PROGRESS, DONE, REFUSED}),
    IN_PROGRESS: frozenset({DONE, REFUSED}),
    DONE: frozenset({IN_PROGRESS}),
    REFUSED: frozenset({ACCEPTED}),
}
ALIKE = 0.34  # share of the words that two remarks have in common from which they are shown
MOST_ALIKE = 5
_SHORTEST = 4  # letters: « le », « des » say nothing of the matter
_ROOT = 6  # letters kept of a word: « livraison » meets « livraisons » and « livré » does not


def may_become(before: str, after: str) -> bool:
    return after in NEXT[before]


def matter_of(text: str) -> frozenset[str]:
    """The words that carry the sense, without accents, cut to their root."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return frozenset(word[:_ROOT] for word in words if len(word) >= _SHORTEST)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 to 1: common words over those of the shorter, as titles differ in length."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def alike(typed: str, kept: Mapping[int, str]) -> list[int]:
    """The keys of those that say about the same, the likeliest first; at most five."""
    asked = matter_of(typed)
    scores = {key: likeness(asked, matter_of(text)) for key, text in kept.items()}
    near = sorted(
        (key for key in kept if scores[key] >= ALIKE), key=lambda key: (-scores[key], key)
    )
    return near[:MOST_ALIKE]
