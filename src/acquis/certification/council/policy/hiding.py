"""What a table does not say of few people, so that nobody is read through it; pure."""

from collections.abc import Sequence

FEWEST = 5  # people behind a figure: under it, the figure is hidden
FEWEST_JURORS = 3  # of two, each knows the other
CAUTION = 30  # people under which a figure is shown with a warning


def hidden_rows(sizes: Sequence[int]) -> list[bool]:
    """Which rows of a partition of people are hidden, when the whole is published beside them.

    A row of fewer than FEWEST people is hidden. What the whole minus the rest would give back is
    hidden too: as long as one row alone is hidden, or the hidden ones hold fewer than FEWEST people
    together, the smallest of the others joins them. Rows of nobody say nothing and stay.
    """
    hidden = [0 < size < FEWEST for size in sizes]
    while any(hidden):
        people = sum(size for size, gone in zip(sizes, hidden, strict=True) if gone)
        if sum(hidden) > 1 and people >= FEWEST:
            break
        others = [
            (size, place)
            for place, (size, gone) in enumerate(zip(sizes, hidden, strict=True))
            if size and not gone
        ]
        if not others:
            break
        hidden[min(others)[1]] = True
    return hidden


def tells_of_each(successes: int, n: int) -> bool:
    """Whether a share of 0 or 1 says of each person what happened to them."""
    return successes in (0, n)


def may_compare(people: int, jurors: int) -> bool:
    """Whether figures of jurors may be shown: enough candidates, and jurors too many to guess."""
    return people >= FEWEST and jurors >= FEWEST_JURORS
