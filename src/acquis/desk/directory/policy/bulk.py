"""One change for many records: what it makes of each, and how it is undone. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from acquis.desk.directory.policy import fold

Act = Literal["tag_add", "tag_remove", "segment", "custom", "withdraw"]
TAGS_CHARS = 300  # of a record's tags together, as its form takes them
FIELDS: Mapping[Act, str] = {
    "tag_add": "tags",
    "tag_remove": "tags",
    "segment": "segment",
    "custom": "custom",
    "withdraw": "consents",
}


def act_of(name: str) -> Act:
    """The act of that name. Raises KeyError."""
    return {str(act): act for act in FIELDS}[name]


class NotPossible(ValueError):  # noqa: N818 - says what cannot be
    """The record cannot take the change, or give it back; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Wanted:
    """`value`: tags, a segment, or the value of a field; `target`: a field's key or a channel."""

    act: Act
    value: Any = None
    target: str = ""

    @property
    def field(self) -> str:
        return FIELDS[self.act]

    @property
    def undoes(self) -> bool:
        """An agreement comes from the customer alone: its withdrawal is not taken back (P-07)."""
        return self.act != "withdraw"


def after(wanted: Wanted, kept: Any) -> Any:
    """What the field holds once changed; equal to `kept` when there is nothing to change.

    Raises NotPossible when the tags would be too long.
    """
    if wanted.act == "tag_add":
        return _tagged(_texts(kept), wanted.value)
    if wanted.act == "tag_remove":
        gone = {fold(tag) for tag in wanted.value}
        return [tag for tag in _texts(kept) if fold(tag) not in gone]
    if wanted.act == "segment":
        return wanted.value
    if wanted.act == "custom":
        return _with(kept, wanted.target, wanted.value)
    return _with(kept, wanted.target, {"granted": False})


def changes(wanted: Wanted, kept: Any) -> bool:
    """Whether the record would change. Raises NotPossible as `after` does."""
    if wanted.act != "withdraw":
        return bool(after(wanted, kept) != kept)
    said = (kept or {}).get(wanted.target)
    granted = said.get("granted") if isinstance(said, dict) else said
    return granted is not False


def undone(wanted: Wanted, now: Any, before: Any, later: Any) -> Any:
    """What the field holds once the change is taken back; what others did since then stays.

    Raises NotPossible when the value was changed again since.
    """
    if wanted.field == "tags":
        added = {fold(tag) for tag in later} - {fold(tag) for tag in before}
        removed = [tag for tag in before if fold(tag) not in {fold(kept) for kept in later}]
        return _tagged([tag for tag in _texts(now) if fold(tag) not in added], removed)
    if wanted.act == "segment":
        if now != later:
            raise NotPossible("changed_since")
        return before
    key = wanted.target
    if (now or {}).get(key) != later.get(key):
        raise NotPossible("changed_since")
    return _with(now, key, before.get(key))


def _tagged(kept: Sequence[str], more: Sequence[str]) -> list[str]:
    have = {fold(tag) for tag in kept}
    tags = [*kept, *(tag for tag in more if fold(tag) not in have)]
    if len(", ".join(tags)) > TAGS_CHARS and len(tags) > len(kept):
        raise NotPossible("tags_too_long")
    return tags


def _texts(kept: Any) -> list[str]:
    return [str(tag) for tag in kept or []]


def _with(kept: Any, key: str, value: Any) -> dict[str, Any]:
    rest = {name: one for name, one in (kept or {}).items() if name != key}
    return rest if value is None else {**(kept or {}), key: value}
