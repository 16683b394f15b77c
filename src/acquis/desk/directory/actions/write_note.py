from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.directory.errors import NoteEmpty
from acquis.desk.directory.models import Customer, CustomerNote
from acquis.desk.directory.policy.minimisation import excesses
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace


@transaction.atomic
def write_note(*, customer: Customer, body: str, by: User, at: datetime) -> CustomerNote:
    """Keep what an adviser writes about a customer; a note is never edited.

    What should not be kept of a person is named in the trace, by subject: the adviser was warned
    before, and decided (G-06). Raises NoteEmpty or WorkspaceSealed.
    """
    refuse_if_sealed(customer.workspace)
    body = body.strip()
    if not body:
        raise NoteEmpty
    note = CustomerNote.objects.create(
        workspace_id=customer.workspace_id,
        customer=customer,
        body=body,
        author=by,
        author_label=by.full_name,
        written_at=at,
    )
    stream = f"workspace:{customer.workspace_id}"
    trace.record(
        "note.written",
        note,
        by=by,
        at=at,
        stream=stream,
        customer_id=customer.pk,
        chars=len(body),
        warned=sorted({excess.subject for excess in excesses(body)}),
    )
    realtime.publish(stream, at=at, what="customer", customer=customer.pk)
    return note
