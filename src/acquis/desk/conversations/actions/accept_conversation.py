from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations import queries, routing
from acquis.desk.conversations.errors import AlreadyAccepted, ConversationEnded, WrapUpPending
from acquis.desk.conversations.models import Conversation
from acquis.desk.conversations.news import announce
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def accept_conversation(*, conversation: Conversation, by: User, at: datetime) -> Conversation:
    """Take a waiting contact; taking one's own again changes nothing.

    Raises AlreadyAccepted (by somebody else), ConversationEnded, WrapUpPending (the adviser has an
    ended conversation to qualify first), WorkspaceSealed, or the refusal of the room that routes
    (`routing`); nothing is written then.
    """
    row = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=conversation.pk)
    )
    refuse_if_sealed(row.workspace)
    if row.state == Conversation.State.OPEN and row.adviser_id == by.pk:
        return row
    if row.state == Conversation.State.ENDED:
        raise ConversationEnded
    if row.state == Conversation.State.OPEN:
        raise AlreadyAccepted(adviser=row.adviser_label)
    pending = queries.to_qualify(row.workspace, by).first()
    if pending is not None:
        raise WrapUpPending(contact=pending.contact_label or str(pending))
    routing.refuse_unless_free(row, by, at)
    row.state = Conversation.State.OPEN
    row.adviser = by
    row.adviser_label = by.full_name
    row.save(update_fields=["state", "adviser", "adviser_label"])
    waited = max(0, int((at - row.started_at).total_seconds()))
    trace.record(
        "conversation.accepted", row, by=by, at=at, channel=row.channel, waited_seconds=waited
    )
    announce(row, what="accepted", at=at)
    return row
