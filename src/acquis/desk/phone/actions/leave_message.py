from datetime import datetime

from django.db import transaction

from acquis.desk.conversations.models import Conversation
from acquis.desk.phone import policy, queries
from acquis.desk.phone.actions._line import changed, locked
from acquis.desk.phone.actions.answer_call import record
from acquis.desk.phone.errors import MessageTooEarly, NotRinging, NoVoicemail
from acquis.desk.phone.models import Call, Leg, Recording
from acquis.kernel import trace


@transaction.atomic
def leave_message(*, leg: Leg, at: datetime) -> Call:
    """Nobody answers: record what the customer says after the tone.

    The conversation goes on waiting, with the message to listen to. Raises NoVoicemail,
    MessageTooEarly, NotRinging, CallEnded or WorkspaceSealed.
    """
    row = locked(leg.call)
    if row.state == Call.State.VOICEMAIL:
        return row
    incoming = row.conversation.direction == Conversation.Direction.IN
    if row.state != Call.State.RINGING or not incoming:
        raise NotRinging
    line = queries.line_of(row.workspace)
    if not line.voicemail:
        raise NoVoicemail
    if not policy.may_leave_message(
        rang_since=row.offered_at, now=at, ring_seconds=queries.rings_until_message(line, at)
    ):
        raise MessageTooEarly
    row.state = Call.State.VOICEMAIL
    record(row, Recording.Kind.VOICEMAIL)
    row.save()
    trace.record("call.voicemail_opened", row, by=None, at=at)
    changed(row, at=at)
    return row
