"""What a block of an earlier edition is worth in a later one; pure (X-02).

Correspondences are data: a person confirmed them when the later edition was published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition, and the pairs « block of the one before → block of this one »."""

    key: int
    pairs: Sequence[tuple[str, str]] = field(default_factory=tuple)


def carried(held: Iterable[tuple[int, str]], chain: Sequence[Edition]) -> frozenset[str]:
    """The blocks held in the last edition of the chain, oldest first; « » is the whole.

    `held` are (edition, block). A block that replaces several is held when all of them are; one
    without a correspondence is lost on the way. The whole certification stays held. Editions out
    of the chain count for nothing.
    """
    by_edition: dict[int, set[str]] = {}
    for key, block in held:
        by_edition.setdefault(key, set()).add(block)
    codes: set[str] = set()
    for edition in chain:
        replaced: dict[str, set[str]] = {}
        for before, after in edition.pairs:
            replaced.setdefault(after, set()).add(before)
        kept = {after for after, sources in replaced.items() if sources <= codes}
        whole = {""} & codes
        codes = kept | whole | by_edition.get(edition.key, set())
    return frozenset(codes)
