from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.phone import queries
from acquis.desk.phone.actions._line import changed, leg_on_the_line, locked
from acquis.desk.phone.errors import NotRecording, ObjectionTooLate
from acquis.desk.phone.models import Call, Leg, Recording
from acquis.kernel import trace

STATES = Call.RecordingState


@transaction.atomic
def pause_recording(*, call: Call, paused: bool, by: User, at: datetime) -> Call:
    """Keep nothing of what is said while the customer pays, then go on.

    Raises NotRecording, NotOnTheLine, CallEnded or WorkspaceSealed. Source: G-08.
    """
    row = locked(call)
    leg_on_the_line(row, by)
    before, after = (STATES.ON, STATES.PAUSED) if paused else (STATES.PAUSED, STATES.ON)
    if row.recording_state == after:
        return row
    if row.recording_state != before:
        raise NotRecording
    row.recording_state = after
    row.save(update_fields=["recording_state"])
    trace.record(
        "recording.paused" if paused else "recording.resumed",
        row,
        by=by,
        at=at,
        recording=row.recording_key,
    )
    changed(row, at=at)
    return row


@transaction.atomic
def oppose_recording(*, call: Call, leg: Leg, at: datetime) -> Call:
    """The customer does not want to be recorded: stop, and delete what was kept of this call.

    Said by themself on their page, or by the adviser for them. Raises NotRecording,
    ObjectionTooLate, CallEnded or WorkspaceSealed. Source: G-08.
    """
    row = locked(call)
    if row.recording_state == STATES.OPPOSED:
        return row
    if row.recording_state == STATES.OFF:
        raise NotRecording
    if queries.line_of(row.workspace).played:
        raise ObjectionTooLate
    row.recording_state = STATES.OPPOSED
    row.save(update_fields=["recording_state"])
    Recording.objects.filter(call=row, key=row.recording_key).update(
        state=Recording.State.DELETED, deleted_at=at, deleted_why="opposition"
    )
    trace.record(
        "recording.opposed",
        row,
        by=leg.user,
        at=at,
        recording=row.recording_key,
        said_by=leg.side,
    )
    changed(row, at=at)
    return row
