"""Pure rules of seals: when an expiry is told, where two files part."""

from datetime import datetime, timedelta

WARNED_BEFORE = timedelta(days=60)  # a qualified certificate takes some weeks to renew


def tone(*, now: datetime, not_before: datetime, not_after: datetime) -> str:
    """`success`, `warning` when it ends within sixty days, `danger` outside its time."""
    if not not_before <= now < not_after:
        return "danger"
    return "warning" if not_after - now <= WARNED_BEFORE else "success"


def first_difference(one: bytes, other: bytes) -> int | None:
    """The rank, from 0, of the first byte that differs; None when they are the same.

    >>> first_difference(b"abc", b"abd"), first_difference(b"ab", b"abc")
    (2, 2)
    """
    if one == other:
        return None
    shared = min(len(one), len(other))
    low, high = 0, shared
    while low < high:  # the longest common beginning, by halves
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
