"""What a document says of its jury in sentences only; pure.

« CCP Réaliser des actions commerciales… : L'un des membres du jury […] doit avoir une expérience de
la rétention client » (TP-00483). « Le jury est composé de : Un représentant de FILEA ; Un ou deux
représentants du monde économique » (FILEA).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_EXPERIENCE = re.compile(
    r"une expérience (?:de la |de l['’]|du |des |en |de )([^.;,(]+)", re.IGNORECASE
)
_SEATS = re.compile(
    r"\b(un|une|deux|trois)(?: ou (deux|trois|quatre))? représentants? (?:de la |de l['’]|du |des |de )"
    r"([^.;,(]+)",
    re.IGNORECASE,
)
_NUMBERS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4}


def specialities(content: Mapping[str, Any], notes: Sequence[str], block: str) -> Iterator[str]:
    """The experience that one member needs for this scope.

    A sentence that begins with the title of a block is of that block; another is of every scope.
    """
    titles = {each["code"]: each["title"] for each in content.get("blocks", [])}
    for note in notes:
        heading, colon, rest = note.partition(" : ")
        codes = [code for code, title in titles.items() if colon and title in heading]
        found = _EXPERIENCE.search(rest if codes else note)
        if found and (not codes or block in codes):
            yield found[1].strip()


def seats(notes: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """In whose name members sit: the body, the least and the most."""
    for note in notes:
        for least, most, body in _SEATS.findall(note):
            minimum = _NUMBERS[least.lower()]
            yield body.strip(), minimum, _NUMBERS[most.lower()] if most else minimum
