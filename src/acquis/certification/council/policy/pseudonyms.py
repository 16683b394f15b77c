"""Letters in place of names, drawn anew for each pack; pure."""

import hashlib
import hmac
from collections.abc import Iterable

SEED_BYTES = 32
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letters(rank: int) -> str:
    """A, B, … Z, AA, AB, …: the name of column `rank`, from 0, as spreadsheets have it."""
    name = ""
    rank += 1
    while rank:
        rank, place = divmod(rank - 1, len(_ALPHABET))
        name = _ALPHABET[place] + name
    return name


def shuffled(seed: bytes, keys: Iterable[int]) -> dict[int, str]:
    """A letter for each key, in an order that only the seed explains: HMAC-SHA-256 of the key.

    The same seed gives the same letters; another pack's seed gives unrelated ones.
    """
    ordered = sorted(
        set(keys), key=lambda key: hmac.digest(seed, str(key).encode(), hashlib.sha256)
    )
    return {key: letters(rank) for rank, key in enumerate(ordered)}
