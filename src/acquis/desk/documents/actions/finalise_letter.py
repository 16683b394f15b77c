from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.documents.actions._freezing import freeze, locked, refuse_incomplete
from acquis.desk.documents.errors import LetterFinal, LetterSubmitted, ReleaseNeeded
from acquis.desk.documents.models import Letter
from acquis.kernel import realtime, trace


@transaction.atomic
def finalise_letter(*, letter: Letter, by: User, at: datetime) -> Letter:
    """Freeze the letter as a PDF, kept with its fingerprint.

    Raises LetterIncomplete (with what is missing), LetterUnfilled (what a template left to
    complete), LetterDiscarded, LetterFinal, LetterSubmitted, ReleaseNeeded (it must be read over
    first) or WorkspaceSealed.
    """
    row = locked(letter)
    if row.state == Letter.State.FINAL:
        raise LetterFinal
    if row.state == Letter.State.SUBMITTED:
        raise LetterSubmitted
    if row.needs_release:
        raise ReleaseNeeded
    refuse_incomplete(row)
    freeze(row, by=by, at=at)
    row.save(update_fields=["file", "state", "finalised_at"])
    trace.record(
        "letter.finalised",
        row,
        by=by,
        at=at,
        sha256=row.file.sha256 if row.file else "",
        customer_id=row.customer_id,
        chars=len(row.body),
        words=len(row.body.split()),
    )
    realtime.publish(row.trace_stream, at=at, what="letter", letter=row.pk)
    return row
