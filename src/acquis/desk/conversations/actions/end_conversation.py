from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.channels import room_of
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.conversations.news import announce
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def end_conversation(
    *,
    conversation: Conversation,
    ended_by: str = Message.Author.ADVISER,
    by: User | None,
    at: datetime,
) -> Conversation:
    """Close the exchange; its qualification is still to be done. Ending twice changes nothing.

    `ended_by` says which side ended it (customer, adviser or system). Raises WorkspaceSealed.
    """
    row = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=conversation.pk)
    )
    refuse_if_sealed(row.workspace)
    if row.state == Conversation.State.ENDED:
        return row
    row.state = Conversation.State.ENDED
    row.ended_at = at
    row.save(update_fields=["state", "ended_at"])
    trace.record(
        "conversation.ended",
        row,
        by=by,
        at=at,
        ended_by=str(ended_by),
        seconds=max(0, int((at - row.started_at).total_seconds())),
        messages=row.messages.count(),
    )
    room_of(row).ended(row, at)
    announce(row, what="ended", at=at)
    return row
