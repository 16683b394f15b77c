from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.phone.actions._line import changed, leg_on_the_line, locked
from acquis.desk.phone.models import Call, Leg
from acquis.kernel import trace


@transaction.atomic
def hang_up(*, call: Call, by: User, at: datetime) -> Call:
    """End a call for everybody on it, from the desk; its wrap-up begins.

    A colleague who was asked in, or a supervisor, only leaves. Hanging up twice changes nothing.
    Raises NotOnTheLine or WorkspaceSealed.
    """
    row = locked(call, ended=True)
    if row.state == Call.State.ENDED:
        return row
    leg = leg_on_the_line(row, by)
    if leg.side == Leg.Side.COLLEAGUE:
        leave(row, leg, at=at)
        return row
    end_conversation(conversation=row.conversation, by=by, at=at)
    row.refresh_from_db()
    return row


@transaction.atomic
def customer_hangs_up(*, leg: Leg, ending: str = Call.Ending.HUNG_UP, at: datetime) -> Call:
    """The customer ends the call: before an answer it was missed, after a message it waits.

    Raises WorkspaceSealed.
    """
    row = locked(leg.call, ended=True)
    if row.state == Call.State.ENDED:
        return row
    if row.state == Call.State.VOICEMAIL:
        # The message is still to be listened to: its conversation waits for an adviser.
        close_call(call=row, ending=Call.Ending.MESSAGE, at=at)
        row.refresh_from_db()
        return row
    if row.state == Call.State.RINGING:
        outgoing = row.conversation.direction == Conversation.Direction.OUT
        ending = Call.Ending.DECLINED if outgoing else Call.Ending.MISSED
    close_call(call=row, ending=ending, at=at)
    end_conversation(
        conversation=row.conversation, ended_by=Message.Author.CUSTOMER, by=None, at=at
    )
    row.refresh_from_db()
    return row


@transaction.atomic
def interrupt_call(*, call: Call, ending: str, at: datetime) -> Call:
    """End a call that nobody ended: its sound is gone, or its desk was sealed under it."""
    row = locked(call, ended=True, sealed=True)
    if row.state == Call.State.ENDED:
        return row
    close_call(call=row, ending=ending, at=at)
    if row.workspace.sealed_at is not None:
        return locked(call, ended=True, sealed=True)
    end_conversation(conversation=row.conversation, ended_by=Message.Author.SYSTEM, by=None, at=at)
    row.refresh_from_db()
    return row


def close_call(*, call: Call, ending: str, at: datetime) -> None:
    """Put everybody off the line. Called with the conversation's end, or before it; once."""
    row = locked(call, ended=True, sealed=True)
    if row.state == Call.State.ENDED:
        return
    if row.state == Call.State.RINGING and ending == Call.Ending.HUNG_UP:
        ending = Call.Ending.MISSED
    spoken = 0 if row.answered_at is None else int((at - row.answered_at).total_seconds())
    row.state = Call.State.ENDED
    row.ending = ending
    row.ended_at = at
    row.held = row.consulting = False
    row.offered_to = None
    row.save()
    row.legs.exclude(state=Leg.State.LEFT).update(state=Leg.State.LEFT, left_at=at)
    trace.record("call.ended", row, by=None, at=at, ending=str(ending), seconds=max(0, spoken))
    changed(row, at=at)


def leave(call: Call, leg: Leg, *, at: datetime) -> None:
    """One person goes, the others stay. The call is saved."""
    leg.state = Leg.State.LEFT
    leg.left_at = at
    leg.save(update_fields=["state", "left_at"])
    if leg.side == Leg.Side.COLLEAGUE and call.consulting:
        call.consulting = False
        call.save(update_fields=["consulting"])
    trace.record("call.left", call, by=leg.user, at=at, side=leg.side)
    changed(call, at=at)
