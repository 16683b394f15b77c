from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.policy import HoursInvalid, hours_of
from acquis.desk.queues.access import refuse_unless_supervisor
from acquis.desk.queues.errors import HoursUnreadable, QueueKeyTaken
from acquis.desk.queues.models import Queue
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace

KEPT = (
    "key", "name", "channels", "priority", "skill", "hours", "closures", "target_seconds",
    "target_percent", "short_abandon_seconds", "wrapup_seconds",
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

    Raises NotTheSupervisor, HoursUnreadable, QueueKeyTaken or WorkspaceSealed; nothing is written
    then.
    """
    refuse_unless_supervisor(by, workspace)
    refuse_if_sealed(workspace)
    row = queue or Queue(workspace=workspace)
    before = {name: getattr(row, name) for name in KEPT} if queue else {}
    for name in KEPT:
        if name in values:
            setattr(row, name, values[name])
    try:
        hours_of(row.hours)
    except HoursInvalid as fault:
        raise HoursUnreadable(part=str(fault)) from fault
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise QueueKeyTaken(key=row.key) from fault
    changed = {name: getattr(row, name) for name in KEPT if before.get(name) != getattr(row, name)}
    trace.record("queue.kept", row, by=by, at=at, made=queue is None, changed=changed)
    return row


@transaction.atomic
def remove_queue(*, queue: Queue, by: User, at: datetime) -> None:
    """Remove a queue: what waits in it goes where its channel says.

    Raises NotTheSupervisor or WorkspaceSealed.
    """
    refuse_unless_supervisor(by, queue.workspace)
    refuse_if_sealed(queue.workspace)
    trace.record("queue.removed", queue, by=by, at=at, key=queue.key, name=queue.name)
    queue.delete()
