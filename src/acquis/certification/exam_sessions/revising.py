"""What other floors do when a session becomes one of another exam: they declare it in `tasks.py`."""

from collections.abc import Callable
from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession

Change = Callable[[ExamSession, User, datetime], None]
CHANGES: list[Change] = []


def exam_changed(function: Change) -> Change:
    """Declare what is done, in the same transaction, once a session has another exam or enterprise."""
    CHANGES.append(function)
    return function


def tell(session: ExamSession, *, by: User, at: datetime) -> None:
    for function in CHANGES:
        function(session, by, at)
