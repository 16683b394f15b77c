from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.models import Conversation
from acquis.desk.conversations.news import announce
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def reopen_conversation(
    *, conversation: Conversation, by: User | None, at: datetime
) -> Conversation:
    """Go on with an exchange that was ended and not yet qualified: the contact wrote again.

    It is its adviser's as before. One that is open, waits or was qualified does not change: what
    was qualified is counted, and what follows is another contact. Raises WorkspaceSealed.
    """
    row = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=conversation.pk)
    )
    refuse_if_sealed(row.workspace)
    if row.state != Conversation.State.ENDED or row.qualified_at is not None:
        return row
    ended_at = row.ended_at
    held = row.adviser_id is not None
    row.state = Conversation.State.OPEN if held else Conversation.State.WAITING
    row.ended_at = None
    row.save(update_fields=["state", "ended_at"])
    trace.record("conversation.reopened", row, by=by, at=at, ended_at_before=ended_at)
    announce(row, what="reopened", at=at)
    return row
