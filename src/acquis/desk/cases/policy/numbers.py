"""The numbers of cases, as they are given and as people type them. Pure."""

import re

SERIES = ("DEM", "SAV", "REC")  # requests, breakdowns, complaints
DIGITS = 5
_TYPED = re.compile(r"^(?:([A-Z]{3})[ -]?)?(\d{1,9})$")


def number_of(series: str, rank: int) -> str:
    return f"{series}-{rank:0{DIGITS}d}"


def meant(typed: str) -> list[str]:
    """The whole numbers that somebody means: « rec-12 », « REC 00012 », « 12 » in each series.

    What was typed comes first: a number from elsewhere keeps its own form.
    """
    typed = typed.strip()
    found = {typed: None, typed.upper(): None}
    if matched := _TYPED.match(typed.upper()):
        series, rank = matched.groups()
        found |= {number_of(one, int(rank)): None for one in ([series] if series else SERIES)}
    return [number for number in found if number]
