from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.models import Conversation
from acquis.desk.conversations.news import announce
from acquis.desk.queues import policy, queries
from acquis.desk.queues.errors import (
    AlreadyOver,
    LiveCall,
    NotOfThisDesk,
    NotYoursToMove,
    NowhereToGo,
)
from acquis.desk.queues.models import Placement, Queue
from acquis.desk.shell import refuse_if_sealed, supervises
from acquis.kernel import trace


@transaction.atomic
def hand_over(
    *,
    conversation: Conversation,
    queue: Queue | None = None,
    adviser: User | None = None,
    priority: int | None = None,
    note: str = "",
    by: User,
    at: datetime,
) -> Placement:
    """Put a contact in a queue or in somebody's hands: it waits again, with a note for who takes it.

    Whoever treats it may, and the supervisor, who may also move what still waits. `priority` (1 to
    9) overrides the queue's. Raises NowhereToGo, NotOfThisDesk, AlreadyOver, LiveCall,
    NotYoursToMove or WorkspaceSealed; nothing is written then.
    """
    row = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("workspace__organisation")
        .get(pk=conversation.pk)
    )
    _refuse(row, queue, adviser, priority, by)
    was_open = row.state == Conversation.State.OPEN
    before = row.adviser_id
    row.state = Conversation.State.WAITING
    row.adviser, row.adviser_label = None, ""
    row.save(update_fields=["state", "adviser", "adviser_label"])
    kept: dict[str, object] = {
        "queue": queue,
        "adviser": adviser,
        "priority": priority,
        "note": note.strip(),
        "placed_by_label": by.full_name[:160],
        "placed_at": at,
        "overflowed_at": None,
        "to_everyone": False,
        "workspace": row.workspace,
    }
    placement, _made = Placement.objects.update_or_create(conversation=row, defaults=kept)
    trace.record(
        "conversation.handed_over",
        row,
        by=by,
        at=at,
        queue=queue.key if queue else "",
        adviser=adviser.pk if adviser else None,
        adviser_before=before,
        was_open=was_open,
        priority=priority,
        note_chars=len(note.strip()),
    )
    announce(row, what="handed_over", at=at)
    return placement


def _refuse(
    row: Conversation, queue: Queue | None, adviser: User | None, priority: int | None, by: User
) -> None:
    refuse_if_sealed(row.workspace)
    if row.state == Conversation.State.ENDED:
        raise AlreadyOver
    mine = row.state == Conversation.State.OPEN and row.adviser_id == by.pk
    if not mine and not supervises(by, row.workspace):
        raise NotYoursToMove
    if row.state == Conversation.State.OPEN and row.channel in policy.ONE_BY_ONE:
        raise LiveCall
    nowhere = queue is None and adviser is None
    if nowhere and (priority is None or row.state == Conversation.State.OPEN):
        raise NowhereToGo
    if queue is not None and queue.workspace_id != row.workspace_id:
        raise NotOfThisDesk
    people = queries.people(row.workspace)
    if adviser is not None and not people.filter(pk=adviser.pk).exists():
        raise NotOfThisDesk
