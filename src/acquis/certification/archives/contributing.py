"""What other floors add to a session's archive, and why they hold it: declared in their `tasks.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession
from acquis.kernel.models import StoredFile


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of the package: its path under `data/`, and its bytes or the file that holds them."""

    path: str
    content: bytes | StoredFile


Contributor = Callable[[ExamSession, User, datetime], Iterable[Piece]]
CONTRIBUTORS: list[Contributor] = []


def contributor(function: Contributor) -> Contributor:
    """Declare what gives pieces of a session; each is taken once it is written, one at a time."""
    CONTRIBUTORS.append(function)
    return function
