"""A draft thrown away, and taken back."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.documents.actions._freezing import locked
from acquis.desk.documents.errors import LetterFinal, LetterNotDiscarded, LetterSubmitted
from acquis.desk.documents.models import Letter
from acquis.kernel import realtime, trace


@transaction.atomic
def discard_letter(*, letter: Letter, by: User, at: datetime) -> Letter:
    """Take a draft out of the lists; every word of it is kept. Discarded already, nothing changes.

    Raises LetterFinal, LetterSubmitted or WorkspaceSealed.
    """
    row = locked(letter)
    if row.state == Letter.State.FINAL:
        raise LetterFinal
    if row.state == Letter.State.SUBMITTED:
        raise LetterSubmitted
    if row.state == Letter.State.DRAFT:
        _become(row, Letter.State.DISCARDED, "letter.discarded", by=by, at=at)
    return row


@transaction.atomic
def restore_letter(*, letter: Letter, by: User, at: datetime) -> Letter:
    """Make a discarded letter a draft again. Raises LetterNotDiscarded or WorkspaceSealed."""
    row = locked(letter)
    if row.state != Letter.State.DISCARDED:
        raise LetterNotDiscarded
    _become(row, Letter.State.DRAFT, "letter.restored", by=by, at=at)
    return row


def _become(row: Letter, state: Letter.State, verb: str, *, by: User, at: datetime) -> None:
    row.state = state
    row.save(update_fields=["state"])
    trace.record(verb, row, by=by, at=at, customer_id=row.customer_id)
    realtime.publish(row.trace_stream, at=at, what="letter", letter=row.pk)
