from datetime import datetime

from django.db import transaction

from acquis.desk.conversations.models import Conversation
from acquis.desk.conversations.news import announce
from acquis.desk.queues import queries
from acquis.desk.queues.actions._offers import locked
from acquis.desk.queues.models import Offer, Placement
from acquis.kernel import trace


@transaction.atomic
def overflow(*, conversation: Conversation, at: datetime) -> Placement | None:
    """Move a contact that nobody took to the queue that its own names, else offer it to everybody.

    It moves to another queue once: what nobody takes there is offered to everybody, whatever the
    skill, and stays. None, and nothing written, when it was taken or is asked of somebody.
    Raises WorkspaceSealed.
    """
    row = locked(conversation)
    asked = Offer.objects.filter(conversation=row, state=Offer.State.PENDING).exists()
    queue = queries.queue_of(row)
    placed = Placement.objects.filter(conversation=row).first()
    if row.state != Conversation.State.WAITING or asked or queue is None:
        return None
    if placed is not None and placed.to_everyone:
        return None
    if placed is None:
        placed = Placement(workspace=row.workspace, conversation=row, placed_at=at, queue=queue)
    target = queue.overflow_queue if placed.overflowed_at is None else None
    if target is None:
        placed.to_everyone = True
    else:
        placed.queue = target
    placed.adviser, placed.overflowed_at = None, at
    placed.save()
    trace.record(
        "conversation.overflowed",
        row,
        by=None,
        at=at,
        queue_before=queue.key,
        queue=target.key if target else "",
        to_everyone=placed.to_everyone,
    )
    announce(row, what="overflowed", at=at)
    return placed
