"""What changed between two editions: added, removed, reworded, with the nearest correspondences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from acquis.certification.frameworks.content import Content

SAME_ENOUGH = 62  # token-sort ratio (0–100) under which two wordings are two things


@dataclass(frozen=True)
class Item:
    kind: str  # block, competency, criterion, transversal
    code: str
    text: str
    place: str  # code of the block, empty for what is common


@dataclass(frozen=True)
class Change:
    """`nature` is added, removed, reworded, moved or same; `nearness` is 0–100."""

    kind: str
    nature: str
    before: Item | None
    after: Item | None
    nearness: int


def items_of(content: Content) -> list[Item]:
    found = []
    for block in content["blocks"]:
        code = block["code"]
        found.append(Item("block", code, block["title"], code))
        found += [
            Item("competency", one["code"], one["statement"], code) for one in block["competencies"]
        ]
        found += [Item("criterion", one["code"], one["text"], code) for one in block["criteria"]]
    found += [
        Item("transversal", one["code"], one["title"], "")
        for one in content["transversal_competencies"]
    ]
    return found


def compare(before: Content, after: Content) -> list[Change]:
    """Pair the items of each kind: same wording first, then the nearest above SAME_ENOUGH.

    Every item of both sides appears exactly once.
    """
    changes: list[Change] = []
    old, new = items_of(before), items_of(after)
    for kind in ("block", "competency", "criterion", "transversal"):
        changes += _pair(
            kind,
            [item for item in old if item.kind == kind],
            [item for item in new if item.kind == kind],
        )
    return changes


def _pair(kind: str, old: list[Item], new: list[Item]) -> list[Change]:
    left, right = list(old), list(new)
    pairs: list[tuple[Item, Item, int]] = []
    for exact in (_same_place_and_words, _same_words):
        for item in list(left):
            match = next((other for other in right if exact(item, other)), None)
            if match is not None:
                pairs.append((item, match, 100))
                left.remove(item)
                right.remove(match)
    for item, match, nearness in _nearest(left, right):
        pairs.append((item, match, nearness))
        left.remove(item)
        right.remove(match)
    changes = [
        Change(kind, _nature(before, after), before, after, nearness)
        for before, after, nearness in pairs
    ]
    changes += [Change(kind, "removed", item, None, 0) for item in left]
    changes += [Change(kind, "added", None, item, 0) for item in right]
    order = {id(item): index for index, item in enumerate([*new, *old])}
    return sorted(changes, key=lambda change: order[id(change.after or change.before)])


def _same_words(one: Item, other: Item) -> bool:
    return one.text.casefold() == other.text.casefold()


def _same_place_and_words(one: Item, other: Item) -> bool:
    return one.place == other.place and _same_words(one, other)


def _nearest(left: Sequence[Item], right: Sequence[Item]) -> list[tuple[Item, Item, int]]:
    """Greedy best pairs by wording: the highest ratio first, each item used once."""
    if not left or not right:
        return []
    matrix = process.cdist(
        [item.text.casefold() for item in left],
        [item.text.casefold() for item in right],
        scorer=fuzz.token_sort_ratio,
    )
    ranked = sorted(
        (
            (float(matrix[i][j]), i, j)
            for i in range(len(left))
            for j in range(len(right))
            if matrix[i][j] >= SAME_ENOUGH
        ),
        key=lambda entry: (-entry[0], entry[1], entry[2]),
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for ratio, i, j in ranked:
        if i in used_left or j in used_right:
            continue
        used_left.add(i)
        used_right.add(j)
        pairs.append((left[i], right[j], round(ratio)))
    return pairs


def _nature(before: Item, after: Item) -> str:
    if before.text.casefold() != after.text.casefold():
        return "reworded"
    return "same" if before.place == after.place else "moved"


def summary(changes: Sequence[Change]) -> dict[str, int]:
    natures = ("added", "removed", "reworded", "moved", "same")
    return {nature: sum(1 for c in changes if c.nature == nature) for nature in natures}


def correspondences(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Proposed correspondences between the two editions, for a person to confirm."""
    return [
        {
            "kind": change.kind,
            "from": change.before.code,
            "to": change.after.code,
            "nature": change.nature,
            "nearness": change.nearness,
        }
        for change in changes
        if change.before and change.after
    ]
