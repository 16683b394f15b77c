"""What a block of an earlier edition, or an exam of it, is worth in a later one; pure (X-02, X-06).

Correspondences are data: a person confirmed them when the later edition was published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition, and the pairs « block of the one before → block of this one ».

    `renumbered`: it stands in the registers under another code than the one before. `sole`: it has
    one block, which is the whole.
    """

    key: int
    pairs: Sequence[tuple[str, str]] = field(default_factory=tuple)
    renumbered: bool = False
    sole: bool = False


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
        whole = {""} & codes
        codes = _replaced(codes, edition) | whole | by_edition.get(edition.key, set())
    return frozenset(codes)


def attempted(block: str, key: int, chain: Sequence[Edition]) -> frozenset[str]:
    """The blocks of the last edition at which an exam of `block` of the edition `key` was an attempt.

    « » is the whole, of every edition; an only block is the whole. A block is followed to what
    replaces it; what replaces several is attempted by none of them alone, as the whole is not by one
    of its blocks. Without a correspondence a block keeps its code, unless the edition stands in the
    registers under another one: the doubt is the candidate's. Editions out of the chain have the
    same codes.
    """
    place = next((place for place, one in enumerate(chain) if one.key == key), len(chain))
    later = chain[place + 1 :]
    if not block or (later and chain[place].sole):
        return frozenset({""})
    codes = {block}
    for edition in later:
        named = {code for pair in edition.pairs for code in pair}
        kept = set() if edition.renumbered else codes - named
        codes = kept | _replaced(codes, edition)
    return frozenset(codes)


def _replaced(codes: set[str], edition: Edition) -> set[str]:
    """The blocks of this edition all of whose sources, in the one before, are among these."""
    sources: dict[str, set[str]] = {}
    for before, after in edition.pairs:
        sources.setdefault(after, set()).add(before)
    return {after for after, wanted in sources.items() if wanted <= codes}
