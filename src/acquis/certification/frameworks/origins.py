"""Which item of what was read each corrected item comes from, so that it can be put back.

Items carry no number of their own: they are paired within their kind by their place, their code and
their words, the surest signs first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from acquis.certification.frameworks.content import Content
from acquis.certification.frameworks.corrections import (
    at,
    items_of_kind,
    kind_of,
    leading_text,
    name_of,
    parent_of,
)

KINDS = (
    "block",
    "activity",
    "competency",
    "criterion",
    "transversal",
    "assessment",
    "phase",
    "step",
)
CHILDREN = ("activities", "competencies", "criteria", "phases", "steps")
# The two fields of these names that are an item's own and not its children.
OWN = {"criterion": ("competencies",), "phase": ("competencies",), "transversal": ("criteria",)}
IDENTITY = (
    "title",
    "kind",
    "code",
    "acronym",
    "edition",
    "level",
    "effective_from",
    "nsf",
    "rome",
    "formacode",
)

Entry = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Origins:
    """`of` leads from a corrected item to the read one; `gone` are read items that were removed."""

    of: dict[str, str]
    gone: list[str]
    changed: frozenset[str]
    added: frozenset[str]


def own_fields(item: dict[str, Any], kind: str) -> dict[str, Any]:
    """What the item says itself, without its children; what says nothing is left out."""
    if kind == "identity":
        return {name: item[name] for name in IDENTITY if item.get(name) not in (None, [], "")}
    inner = set(CHILDREN) - set(OWN.get(kind, ()))
    return {
        name: value
        for name, value in item.items()
        if name not in inner
        and value not in (None, [], "", {})
        and (name, value) != ("evaluated", True)
    }


def trace_origins(read: Content, now: Content) -> Origins:
    of: dict[str, str] = {"": "", "/rules": "/rules"}
    gone: list[str] = []
    changed: set[str] = set()
    added: set[str] = set()
    for kind in KINDS:
        old, new = items_of_kind(read, kind), items_of_kind(now, kind)
        pairs = _pair(kind, old, new)
        of.update(pairs)
        taken = set(pairs.values())
        gone += [
            pointer
            for pointer, _item in old
            if pointer not in taken and not any(pointer.startswith(f"{one}/") for one in gone)
        ]
        added |= {pointer for pointer, _item in new if pointer not in pairs}
        before = dict(old)
        changed |= {
            pointer
            for pointer, item in new
            if pointer in pairs
            and own_fields(item, kind) != own_fields(before[pairs[pointer]], kind)
        }
    if own_fields(read, "identity") != own_fields(now, "identity"):
        changed.add("")
    if read["rules"] != now["rules"]:
        changed.add("/rules")
    return Origins(of, gone, frozenset(changed), frozenset(added))


def _pair(kind: str, old: list[Entry], new: list[Entry]) -> dict[str, str]:
    """New pointer → old pointer; each used once."""
    pairs: dict[str, str] = {}
    signs: tuple[Callable[[Entry], Any], ...] = (
        lambda entry: (entry[0], name_of(entry[1], kind), leading_text(entry[1], kind)),
        lambda entry: (name_of(entry[1], kind), leading_text(entry[1], kind)),
        lambda entry: ("code", entry[1]["code"]) if entry[1].get("code") else None,
        lambda entry: (
            ("text", leading_text(entry[1], kind)) if leading_text(entry[1], kind) else None
        ),
        lambda entry: ("place", entry[0]),
    )
    left_old, left_new = list(old), list(new)
    for sign in signs:
        waiting: dict[Any, list[Entry]] = {}
        for entry in left_old:
            waiting.setdefault(sign(entry), []).append(entry)
        for entry in list(left_new):
            mark = sign(entry)
            if mark is None or not waiting.get(mark):
                continue
            match = waiting[mark].pop(0)
            pairs[entry[0]] = match[0]
            left_old.remove(match)
            left_new.remove(entry)
    return pairs


def restored(read: Content, now: Content, pointer: str, kind: str) -> dict[str, Any] | None:
    """The whole item as it was read, with the children it has now; None when it was added.

    Of the identity, the fields to set.
    """
    origin = trace_origins(read, now).of.get(pointer)
    if origin is None:
        return None
    before, after = at(read, origin), at(now, pointer)
    if kind == "identity":
        lists: dict[str, Any] = {"nsf": [], "rome": [], "formacode": []}
        return {
            name: before.get(name, lists.get(name))
            for name in IDENTITY
            if name in before or name in after
        }
    inner = set(CHILDREN) - set(OWN.get(kind, ()))
    own = {name: value for name, value in before.items() if name not in inner}
    return own | {name: value for name, value in after.items() if name in inner}


def returning(read: Content, now: Content, gone: str) -> tuple[str, dict[str, Any]] | None:
    """The list that takes a removed item back, and {item, index}; None when there is none."""
    origins = trace_origins(read, now)
    if gone not in origins.gone:
        return None
    holder = parent_of(gone)
    owner, name = parent_of(holder), holder.rpartition("/")[2]
    back = {old: new for new, old in origins.of.items()}
    if owner and owner not in back:
        return None
    place = f"{back[owner] if owner else ''}/{name}"
    taken = set(origins.of.values())
    item = dict(at(read, gone))
    for children in CHILDREN:
        if children in item and children not in OWN.get(kind_of(gone), ()):
            item[children] = [
                child
                for i, child in enumerate(item[children])
                if f"{gone}/{children}/{i}" not in taken
            ]
    index = int(gone.rpartition("/")[2])
    return place, {"item": item, "index": min(index, len(at(now, place)))}
