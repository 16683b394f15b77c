from datetime import datetime

from django.db import transaction
from django.db.models import Max

from acquis.accounts.models import User
from acquis.desk.conversations.actions.send_message import LABEL_CHARS, refuse_text
from acquis.desk.conversations.errors import NoteOfSomebodyElse
from acquis.desk.conversations.models import Conversation, ConversationNote
from acquis.desk.conversations.news import announce
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace


@transaction.atomic
def write_note(
    *, conversation: Conversation, body: str, client_key: str, by: User, at: datetime
) -> ConversationNote:
    """Add an internal note to an exchange in any state, once for one `client_key`.

    Whoever writes in the desk may: the colleague who knows, the supervisor who listens. Who holds
    the exchange is told. Raises MessageEmpty, MessageTooLong, MessageKeyInvalid or
    WorkspaceSealed; nothing is written then.
    """
    body = body.strip()
    refuse_text(body, client_key)
    row = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=conversation.pk)
    )
    refuse_if_sealed(row.workspace)
    known = row.notes.filter(client_key=client_key).first()
    if known is not None:
        return known
    note = ConversationNote.objects.create(
        workspace_id=row.workspace_id,
        conversation=row,
        after_position=row.messages.aggregate(last=Max("position"))["last"] or 0,
        author=by,
        author_label=by.full_name[:LABEL_CHARS],
        body=body,
        written_at=at,
        client_key=client_key,
    )
    trace.record(
        "conversation.note_written",
        row,
        by=by,
        at=at,
        note_id=note.pk,
        after_position=note.after_position,
        chars=len(body),
        held_by=row.adviser_id,
    )
    _tell(row, at)
    return note


@transaction.atomic
def withdraw_note(
    *, note: ConversationNote, withdrawn: bool, by: User, at: datetime
) -> ConversationNote:
    """Withdraw one's own note, or put it back; it is kept either way.

    Raises NoteOfSomebodyElse or WorkspaceSealed; nothing is written then.
    """
    row = (
        ConversationNote.objects.select_for_update(of=("self",))
        .select_related("conversation__workspace")
        .get(pk=note.pk)
    )
    refuse_if_sealed(row.conversation.workspace)
    if row.author_id != by.pk:
        raise NoteOfSomebodyElse(author=row.author_label)
    if withdrawn == (row.withdrawn_at is not None):
        return row
    row.withdrawn_at = at if withdrawn else None
    row.save(update_fields=["withdrawn_at"])
    verb = "conversation.note_withdrawn" if withdrawn else "conversation.note_put_back"
    trace.record(verb, row.conversation, by=by, at=at, note_id=row.pk)
    _tell(row.conversation, at)
    return row


def _tell(conversation: Conversation, at: datetime) -> None:
    """Tell the pages that show the exchange and who holds it; the rest of the desk need not know."""
    if conversation.adviser_id is not None:
        announce(conversation, what="message", at=at)
    else:
        realtime.publish(
            f"conversation:{conversation.pk}", at=at, what="note", conversation=conversation.pk
        )
