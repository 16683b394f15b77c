from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.actions.accept_conversation import accept_conversation
from acquis.desk.conversations.actions.identify_customer import identify_customer
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.phone import policy, queries
from acquis.desk.phone.actions._line import changed, locked
from acquis.desk.phone.actions.place_call import adviser_leg_of, new_key
from acquis.desk.phone.errors import AlreadyOnTheLine, CallTaken, NotRinging
from acquis.desk.phone.models import Call, Leg, Recording
from acquis.kernel import trace


@transaction.atomic
def answer_call(*, call: Call, customer: Customer | None = None, by: User, at: datetime) -> Leg:
    """Take a call that rings; the person who answers has the conversation.

    `customer` is whom the number told, if one is known. Raises CallTaken, NotRinging,
    AlreadyOnTheLine, CallEnded, WrapUpPending, CustomerOfAnotherDesk or WorkspaceSealed.
    """
    row = locked(call)
    if row.state != Call.State.RINGING or row.conversation.direction == Conversation.Direction.OUT:
        taken = row.legs.filter(side=Leg.Side.ADVISER, state=Leg.State.JOINED).first()
        if taken is None:
            raise NotRinging
        if taken.user_id == by.pk:
            return taken
        raise CallTaken(adviser=taken.label)
    refuse_second_call(row, by)
    conversation = row.conversation
    if conversation.state == Conversation.State.WAITING or conversation.adviser_id != by.pk:
        accept_conversation(conversation=conversation, by=by, at=at)
    if customer is not None and conversation.customer_id is None:
        identify_customer(conversation=conversation, customer=customer, by=by, at=at)
    leg = adviser_leg_of(row, by)
    waited = max(0, int((at - row.offered_at).total_seconds()))
    begin(row, at)
    row.offered_to = None
    row.save()
    trace.record("call.answered", row, by=by, at=at, waited_seconds=waited)
    changed(row, at=at)
    return leg


def refuse_second_call(call: Call, by: User) -> None:
    if by.pk in queries.busy_people(call.workspace):
        raise AlreadyOnTheLine


def begin(call: Call, at: datetime) -> None:
    """The two sides speak: fix when, and record if the desk samples this call. Not saved here.

    A desk whose customers are played keeps every call: all were told beforehand (G-08).
    """
    call.state = Call.State.ACTIVE
    call.held = False
    if call.answered_at is None:
        call.answered_at = at
        Conversation.objects.filter(pk=call.conversation_id, answered_at=None).update(
            answered_at=at
        )
    line = queries.line_of(call.workspace)
    sampled = line.played or policy.is_sampled(line.recording_percent, call.media_key)
    if call.recording_key or not sampled:
        return
    record(call, Recording.Kind.CALL)


def record(call: Call, kind: Recording.Kind) -> None:
    """Ask for a recording, which starts once it was announced. The call is not saved here."""
    call.recording_key = new_key()
    call.recording_state = Call.RecordingState.ANNOUNCED
    Recording.objects.create(
        workspace_id=call.workspace_id, call=call, kind=kind, key=call.recording_key
    )
