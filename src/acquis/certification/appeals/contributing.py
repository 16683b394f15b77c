"""What floors above add to the file of an appeal: declared in their `tasks.py`, asked when it is assembled."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from acquis.certification.exam_sessions.models import SessionCandidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One more piece, in French: a fact of the exam, never a verdict. The committee alone reads it."""

    title: str
    lines: Sequence[str]


Contributor = Callable[[SessionCandidate], Iterable[Fact]]
CONTRIBUTORS: list[Contributor] = []


def contributor(function: Contributor) -> Contributor:
    """Declare what knows facts of a candidate's exam."""
    CONTRIBUTORS.append(function)
    return function
