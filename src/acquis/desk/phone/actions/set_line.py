from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.phone import queries
from acquis.desk.phone.errors import NumberTaken
from acquis.desk.phone.models import Line
from acquis.desk.queues.errors import NotOfThisDesk
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace

FIELDS = (
    "public",
    "ring_seconds",
    "voicemail",
    "recording_percent",
    "recording_purpose",
    "number",
    "played",
)


@transaction.atomic
def set_line(*, workspace: Workspace, values: Mapping[str, Any], by: User, at: datetime) -> Line:
    """Set the telephone of a desk; what was set before stays in the trace.

    Without `queue` or `number` in the values, it stays. Raises NotOfThisDesk, NumberTaken or
    WorkspaceSealed.
    """
    line = line_to_set(workspace)
    if queries.is_taken(values.get("number", ""), by_other_than=workspace):
        raise NumberTaken
    before = _kept(line)
    for name in FIELDS:
        setattr(line, name, values.get(name, before[name]))
    if "queue" in values:
        line.queue = values["queue"]
    if line.queue is not None and line.queue.workspace_id != workspace.pk:
        raise NotOfThisDesk
    line.save()
    after = _kept(line)
    trace.record("phone.line_set", workspace, by=by, at=at, before=before, after=after)
    return line


def _kept(line: Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in FIELDS} | {"queue": line.queue_id}


@transaction.atomic
def renew_address(*, workspace: Workspace, by: User, at: datetime) -> Line:
    """Void the public address of a line: the one handed out before opens nothing any more."""
    line = line_to_set(workspace)
    line.generation += 1
    line.save(update_fields=["generation"])
    trace.record("phone.address_renewed", workspace, by=by, at=at, generation=line.generation)
    return line


def line_to_set(workspace: Workspace) -> Line:
    """The row of the desk, made if it has none, locked by its workspace. Raises WorkspaceSealed."""
    place = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(place)
    return Line.objects.get_or_create(workspace=place)[0]
