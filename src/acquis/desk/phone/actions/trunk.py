"""What the gateway to the public network tells: calls that come, calls that end, the operator gone."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory.policy import spoken_phone
from acquis.desk.phone import policy, queries
from acquis.desk.phone.actions._line import locked
from acquis.desk.phone.actions.hang_up import close_call, customer_hangs_up
from acquis.desk.phone.actions.leave_message import leave_message
from acquis.desk.phone.actions.place_call import place_call
from acquis.desk.phone.errors import NoVoicemail, NumberUnknown
from acquis.desk.phone.models import Call, Leg, Line
from acquis.kernel import realtime, trace
from acquis.kernel.media.sip.trunk import Cause, cause_of

ENDINGS: Mapping[Cause, Call.Ending] = {
    Cause.BUSY: Call.Ending.BUSY,
    Cause.NO_ANSWER: Call.Ending.NO_ANSWER,
    Cause.DECLINED: Call.Ending.DECLINED,
    Cause.UNASSIGNED: Call.Ending.UNASSIGNED,
    Cause.REFUSED: Call.Ending.REFUSED,
    Cause.FAILED: Call.Ending.FAILED,
}


@transaction.atomic
def receive_call(
    *, called: str, number: str, name: str, trunk_call: str, epoch: str, at: datetime
) -> Leg:
    """A telephone rings at the desk whose number it called. Told again, it gives the same leg.

    `number` is "" for a caller who hides it; `epoch` is of the media worker that holds the call.
    Raises NumberUnknown when no desk has the number
    `called`, LineBusy or WorkspaceSealed.
    """
    line = queries.line_called(called)
    if line is None:
        raise NumberUnknown
    known = Leg.objects.filter(workspace_id=line.workspace_id, trunk_call=trunk_call).first()
    if known is not None:
        return known
    leg = place_call(
        workspace=line.workspace,
        number=number,
        name=name or (spoken_phone(number) if number else ""),
        at=at,
    )
    leg.trunk_call = trunk_call
    leg.save(update_fields=["trunk_call"])
    Call.objects.filter(pk=leg.call_id).update(epoch=epoch)
    return leg


@transaction.atomic
def end_trunk_leg(*, leg: Leg, status: int, at: datetime) -> None:
    """A telephone is off the line: whoever held it hung up, or a call of ours came to nothing.

    `status` is the last one of SIP; 0 says that the gateway itself is gone. Told again, it
    changes nothing. Raises WorkspaceSealed.
    """
    call = locked(leg.call, ended=True)
    row = call.legs.get(pk=leg.pk)
    if call.state == Call.State.ENDED or row.state == Leg.State.LEFT:
        return
    if row.state == Leg.State.RINGING:
        _give_up(call, ENDINGS[cause_of(status)], at)
        return
    ending = Call.Ending.HUNG_UP if status else Call.Ending.INTERRUPTED
    customer_hangs_up(leg=row, ending=ending, at=at)


@transaction.atomic
def reach_limit(*, leg: Leg, seconds: int, at: datetime) -> None:
    """It rang, or a message lasted, as long as the desk allows.

    A caller whom nobody answers leaves a message where the line takes some, else is hung up on. A
    limit that means nothing any more changes nothing. Raises MessageTooEarly or WorkspaceSealed.
    """
    call = locked(leg.call, ended=True)
    row = call.legs.get(pk=leg.pk)
    if call.state == Call.State.VOICEMAIL and policy.is_message_over(seconds):
        customer_hangs_up(leg=row, at=at)
    elif call.state == Call.State.RINGING and row.state == Leg.State.RINGING:
        _give_up(call, Call.Ending.NO_ANSWER, at)
    elif call.state == Call.State.RINGING and call.answered_at is None:
        try:
            leave_message(leg=row, at=at)
        except NoVoicemail:
            customer_hangs_up(leg=row, at=at)


def _give_up(call: Call, ending: Call.Ending, at: datetime) -> None:
    """End a call of ours that nobody answered."""
    conversation: Conversation = call.conversation
    close_call(call=call, ending=ending, at=at)
    end_conversation(conversation=conversation, ended_by=Message.Author.SYSTEM, by=None, at=at)


@transaction.atomic
def note_trunk(*, up: bool, status: int, at: datetime) -> None:
    """The operator answers, or cannot be reached: every desk that has a number of it says so."""
    lines = Line.objects.select_for_update(of=("self",)).exclude(number="").order_by("pk")
    for line in lines.select_related("workspace"):
        if up == (line.outage_since is None) and (up or line.outage_status == status):
            continue
        line.outage_since = None if up else line.outage_since or at
        line.outage_status = 0 if up else status
        line.save(update_fields=["outage_since", "outage_status"])
        verb = "phone.trunk_back" if up else "phone.trunk_lost"
        trace.record(verb, line.workspace, by=None, at=at, status=status)
        realtime.publish(line.workspace.trace_stream, at=at, what="trunk")
