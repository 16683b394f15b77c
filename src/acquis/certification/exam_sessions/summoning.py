"""What other floors add to a summons: they declare it in their `tasks.py`."""

from collections.abc import Callable, Iterable
from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession

Note = tuple[str, str]  # a title and its text, printed in the letter
Annex = Callable[[ExamSession, User, datetime], Iterable[Note]]
ANNEXES: list[Annex] = []


def annex(function: Annex) -> Annex:
    """Declare what is called before a summons is written; what it returns is printed in it.

    It must bear being called for each letter of a session.
    """
    ANNEXES.append(function)
    return function


def notes(session: ExamSession, *, by: User, at: datetime) -> list[Note]:
    return [note for function in ANNEXES for note in function(session, by, at)]
