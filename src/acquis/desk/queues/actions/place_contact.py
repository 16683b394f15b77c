from datetime import datetime

from django.db import transaction

from acquis.desk.conversations.models import Conversation
from acquis.desk.queues.models import Placement, Queue


@transaction.atomic
def place_contact(
    *, conversation: Conversation, queue: Queue | None, label: str, at: datetime
) -> Placement | None:
    """Have a contact that begins wait in the queue of what it came by (a site, a line…).

    None without a queue: its channel says where it waits. One that was placed stays where it is.
    """
    if queue is None:
        return None
    placed, _made = Placement.objects.get_or_create(
        conversation=conversation,
        defaults={
            "workspace_id": conversation.workspace_id,
            "queue": queue,
            "placed_by_label": label[:160],
            "placed_at": at,
        },
    )
    return placed
