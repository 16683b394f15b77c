"""What changed between two editions: added, removed, reworded, with the nearest correspondences."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from acquis.certification.frameworks.content import Content

KINDS = ("block", "competency", "criterion", "transversal")
NATURES = ("added", "removed", "reworded", "moved", "same")
SAME_ENOUGH = 62  # token-sort ratio (0–100) under which two wordings are two things


@dataclass(frozen=True)
class Item:
    kind: str  # block, competency, criterion, transversal
    code: str
    text: str
    place: str  # code of the block, empty for what is common


@dataclass(frozen=True)
class Change:
    """`nature` is added, removed, reworded, moved or same; `nearness` is 0–100.

    `confirmed`: a person stated this correspondence.
    """

    kind: str
    nature: str
    before: Item | None
    after: Item | None
    nearness: int = 0
    confirmed: bool = False


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


def compare(
    before: Content, after: Content, confirmed: Sequence[Mapping[str, Any]] = ()
) -> list[Change]:
    """Pair the items of each kind: what people confirmed, same wording, the nearest enough.

    Every item of both sides appears exactly once; `confirmed` are {kind, from, to}.
    """
    changes: list[Change] = []
    old, new = items_of(before), items_of(after)
    for kind in KINDS:
        stated = {(one["from"], one["to"]) for one in confirmed if one["kind"] == kind}
        changes += _pair(
            kind,
            [item for item in old if item.kind == kind],
            [item for item in new if item.kind == kind],
            stated,
        )
    return changes


def _pair(
    kind: str, old: list[Item], new: list[Item], stated: Collection[tuple[str, str]]
) -> list[Change]:
    left, right = list(old), list(new)
    pairs: list[tuple[Item, Item]] = []

    def take(item: Item, match: Item) -> None:
        pairs.append((item, match))
        _remove(left, item)
        _remove(right, match)

    def is_stated(one: Item, other: Item) -> bool:
        return (one.code, other.code) in stated

    for sign in (is_stated, _same_place_and_words, _same_words):
        for item in list(left):
            match = next((other for other in right if sign(item, other)), None)
            if match is not None:
                take(item, match)
    for item, match in _nearest(left, right):
        take(item, match)
    changes = [
        Change(kind, nature(one, other), one, other, nearness(one, other), is_stated(one, other))
        for one, other in pairs
    ]
    changes += [Change(kind, "removed", item, None) for item in left]
    changes += [Change(kind, "added", None, item) for item in right]
    order = {id(item): index for index, item in enumerate([*new, *old])}
    return sorted(changes, key=lambda change: order[id(change.after or change.before)])


def _remove(items: list[Item], item: Item) -> None:
    """By identity: two items may say the same."""
    del items[next(index for index, one in enumerate(items) if one is item)]


def nearness(one: Item, other: Item) -> int:
    """How near two wordings are, 0 to 100."""
    return round(fuzz.token_sort_ratio(one.text.casefold(), other.text.casefold()))


def _same_words(one: Item, other: Item) -> bool:
    return one.text.casefold() == other.text.casefold()


def _same_place_and_words(one: Item, other: Item) -> bool:
    return one.place == other.place and _same_words(one, other)


def _nearest(left: Sequence[Item], right: Sequence[Item]) -> list[tuple[Item, Item]]:
    """Greedy best pairs by wording: the highest ratio first, each item used once."""
    if not left or not right:
        return []
    ranked = sorted(
        (
            (ratio, i, j)
            for i, item in enumerate(left)
            for _text, ratio, j in process.extract(
                item.text.casefold(),
                [other.text.casefold() for other in right],
                scorer=fuzz.token_sort_ratio,
                score_cutoff=SAME_ENOUGH,
                limit=None,
            )
        ),
        key=lambda entry: (-entry[0], entry[1], entry[2]),
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for _ratio, i, j in ranked:
        if i in used_left or j in used_right:
            continue
        used_left.add(i)
        used_right.add(j)
        pairs.append((left[i], right[j]))
    return pairs


def nature(before: Item, after: Item) -> str:
    """What became of an item: same, moved to another block, or reworded."""
    if before.text.casefold() != after.text.casefold():
        return "reworded"
    return "same" if before.place == after.place else "moved"


def summary(changes: Sequence[Change]) -> dict[str, int]:
    return {nature: sum(1 for c in changes if c.nature == nature) for nature in NATURES}


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
