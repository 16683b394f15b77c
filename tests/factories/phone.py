"""The smallest calls; traits name situations."""

import itertools
from datetime import date
from typing import Any

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone.models import Call, Leg, Line, Recording, RecordingPart
from acquis.kernel import files
from acquis.kernel.models import StoredFile
from tests.factories import desk as make
from tests.factories.desk import NOW

_rank = itertools.count(1)


def key() -> str:
    return f"{next(_rank):032x}"


def line(workspace: Workspace, **fields: Any) -> Line:
    values = {"public": True}
    return Line.objects.create(workspace=workspace, **(values | fields))


def leg(call: Call, **fields: Any) -> Leg:
    """The customer, on the line."""
    values: dict[str, Any] = {
        "side": Leg.Side.CUSTOMER,
        "label": "Odile",
        "key": key(),
        "state": Leg.State.JOINED,
    }
    return Leg.objects.create(workspace_id=call.workspace_id, call=call, **(values | fields))


def ringing_call(workspace: Workspace, *, name: str = "Odile", **fields: Any) -> Call:
    """Somebody rings at the desk, who gave a number."""
    conversation = make.conversation(
        workspace, channel=Conversation.Channel.PHONE, contact_label=name, subject=name
    )
    values = {"media_key": key(), "number": "+33639981122", "offered_at": NOW}
    call = Call.objects.create(workspace=workspace, conversation=conversation, **(values | fields))
    leg(call, label=name)
    return call


def active_call(workspace: Workspace, by: User, **fields: Any) -> Call:
    """A customer and an adviser speak."""
    values = {"state": Call.State.ACTIVE, "answered_at": NOW}
    call = ringing_call(workspace, **(values | fields))
    Conversation.objects.filter(pk=call.conversation_id).update(
        state=Conversation.State.OPEN, adviser=by, adviser_label=by.full_name
    )
    call.conversation.refresh_from_db()
    leg(call, side=Leg.Side.ADVISER, user=by, label=by.full_name)
    return call


def sound(content: bytes = b"OggS") -> StoredFile:
    return files.store(
        content + key().encode(), name="appel.ogg", media_type="audio/ogg", by=None, at=NOW
    )


def recording(call: Call, **fields: Any) -> Recording:
    values = {"kind": Recording.Kind.CALL, "key": key()}
    return Recording.objects.create(workspace_id=call.workspace_id, call=call, **(values | fields))


def recorded_call(workspace: Workspace, by: User, **fields: Any) -> Call:
    """A call that is being recorded."""
    call = active_call(
        workspace, by, recording_state=Call.RecordingState.ON, recording_key=key(), **fields
    )
    recording(call, key=call.recording_key, started_at=NOW)
    return call


def ready_recording(call: Call, **fields: Any) -> Recording:
    """A recording that can be listened to, of one part."""
    values = {
        "state": Recording.State.READY,
        "started_at": NOW,
        "ended_at": NOW,
        "seconds": 12.5,
        "file": sound(),
        "peaks": [[0, 40, 20]],
        "purge_on": date(2027, 5, 20),
    }
    made = recording(call, **(values | fields))
    RecordingPart.objects.create(
        workspace_id=call.workspace_id,
        recording=made,
        side=Leg.Side.CUSTOMER,
        label="Odile",
        file=sound(),
        seconds=12.5,
    )
    return made
