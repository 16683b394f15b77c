"""Numbers of records, orders and invoices, as they are given and as people type them. Pure."""

import re
from collections.abc import Iterable

SERIES = "C-"  # of the references that the desk gives to customers
DIGITS = 5
_SERIES = re.compile(rf"^{SERIES}(\d{{1,18}})\Z", re.ASCII)  # 18 figures fit the database's integer
_NUMBER = re.compile(r"^(.*?)(\d+)$", re.ASCII | re.DOTALL)


def reference_of(rank: int) -> str:
    return f"{SERIES}{rank:0{DIGITS}d}"


def rank_of(reference: str) -> int | None:
    """The rank of a reference in the series « C-00001 »; None for one from elsewhere."""
    found = _SERIES.match(reference)
    return int(found.group(1)) if found else None


def meant(typed: str, examples: Iterable[str] = ()) -> list[str]:
    """The whole numbers that somebody means: as typed, and in capitals.

    Figures alone are read in the series of `examples` too: « 12 » beside « FV-2026-00345 » is
    « FV-2026-00012 ».
    """
    typed = typed.strip()
    found = {typed: None, typed.upper(): None}
    if typed.isascii() and typed.isdecimal():
        for example in examples:
            if matched := _NUMBER.match(example):
                head, figures = matched.groups()
                found[f"{head}{int(typed):0{len(figures)}d}"] = None
    return [number for number in found if number]
