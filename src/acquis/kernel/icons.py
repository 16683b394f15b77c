"""The drawings that pages may use: one sprite, listed in `icons.txt`."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_MISSING = "question-mark"

SPRITE = next(
    path.relative_to(_HERE / "static").as_posix()
    for path in (_HERE / "static/vendor").glob("tabler-icons@*/sprite.svg")
)


@cache
def names() -> frozenset[str]:
    return frozenset((_HERE / "icons.txt").read_text().split())


def known(name: str) -> str:
    """The name itself, or a question mark for a drawing that the sprite does not hold."""
    return name if name in names() else _MISSING
