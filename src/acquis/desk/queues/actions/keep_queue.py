from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.policy import HoursInvalid, hours_of
from acquis.desk.queues.access import refuse_unless_supervisor
from acquis.desk.queues.errors import HoursUnreadable, NotOfThisDesk, QueueKeyTaken
from acquis.desk.queues.models import Queue
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace

KEPT = (
    "key", "name", "channels", "priority", "skill", "hours", "closures", "target_seconds",
    "target_percent", "short_abandon_seconds", "wrapup_seconds", "offer_seconds",
    "opens_by_itself", "overflow_rounds", "overflow_seconds", "overflow_queue", "codes",
)  # fmt: skip


@transaction.atomic
def keep_queue(
    *,
    workspace: Workspace,
    queue: Queue | None,
    values: Mapping[str, Any],
    by: User,
    at: datetime,
) -> Queue:
    """Make a queue, or change one; what is not in `values` stays.

    Raises NotTheSupervisor, HoursUnreadable, QueueKeyTaken, NotOfThisDesk (where it overflows) or
    WorkspaceSealed; nothing is written then.
    """
    refuse_unless_supervisor(by, workspace)
    refuse_if_sealed(workspace)
    row = queue or Queue(workspace=workspace)
    before = {name: getattr(row, name) for name in KEPT} if queue else {}
    for name in KEPT:
        if name in values:
            setattr(row, name, values[name])
    _refuse_overflow(row)
    try:
        hours_of(row.hours)
    except HoursInvalid as fault:
        raise HoursUnreadable(part=str(fault)) from fault
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise QueueKeyTaken(key=row.key) from fault
    changed = {
        name: value.key if isinstance(value, Queue) else value
        for name in KEPT
        if before.get(name) != (value := getattr(row, name))
    }
    trace.record("queue.kept", row, by=by, at=at, made=queue is None, changed=changed)
    return row


def _refuse_overflow(row: Queue) -> None:
    """A queue overflows into another of its desk."""
    target = row.overflow_queue
    if target is not None and (target.pk == row.pk or target.workspace_id != row.workspace_id):
        raise NotOfThisDesk


@transaction.atomic
def remove_queue(*, queue: Queue, by: User, at: datetime) -> None:
    """Remove a queue: what waits in it goes where its channel says.

    Raises NotTheSupervisor or WorkspaceSealed.
    """
    refuse_unless_supervisor(by, queue.workspace)
    refuse_if_sealed(queue.workspace)
    trace.record("queue.removed", queue, by=by, at=at, key=queue.key, name=queue.name)
    queue.delete()
