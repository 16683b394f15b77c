from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone.actions._line import changed
from acquis.desk.phone.actions.answer_call import begin, refuse_second_call
from acquis.desk.phone.actions.hang_up import close_call
from acquis.desk.phone.actions.place_call import adviser_leg_of, customer_leg_of, new_key
from acquis.desk.phone.models import Call, Leg
from acquis.desk.video import policy
from acquis.desk.video.actions._invitation import locked
from acquis.desk.video.errors import NobodyWaits
from acquis.desk.video.models import VideoInvitation
from acquis.desk.video.news import announce
from acquis.kernel import trace


@transaction.atomic
def let_in(*, invitation: VideoInvitation, by: User, at: datetime) -> Call:
    """Open the door to the customer who waits: a call by video begins, held by whoever opens.

    Opening twice gives the same call. Raises NobodyWaits, AlreadyOnTheLine or WorkspaceSealed.
    """
    row = locked(invitation)
    if row.state == VideoInvitation.State.CALLING and row.call is not None:
        return row.call
    if row.door(at) is not policy.Door.OPEN or row.state != VideoInvitation.State.ARRIVED:
        raise NobodyWaits
    conversation = start_conversation(
        workspace=row.workspace,
        channel=Conversation.Channel.VIDEO,
        direction=Conversation.Direction.OUT,
        contact_label=row.label,
        contact_address=row.address,
        subject=row.subject,
        customer=row.customer,
        by=by,
        at=at,
    )
    call = Call.objects.create(
        workspace=row.workspace,
        conversation=conversation,
        media_key=new_key(),
        offered_at=row.arrived_at or at,
    )
    refuse_second_call(call, by)
    adviser_leg_of(call, by)
    leg = customer_leg_of(call, row.label, state=Leg.State.JOINED)
    begin(call, at)
    call.save()
    row.state = VideoInvitation.State.CALLING
    row.call, row.leg_key = call, leg.key
    row.save(update_fields=["state", "call", "leg_key"])
    trace.record(
        "video.let_in",
        row,
        by=by,
        at=at,
        conversation_id=conversation.pk,
        waited_seconds=max(0, int((at - call.offered_at).total_seconds())),
    )
    changed(call, at=at)
    announce(row, at=at)
    return call


@transaction.atomic
def end_video(*, conversation: Conversation, at: datetime) -> None:
    """The exchange ends, and with it the call and the link that led to it."""
    call = Call.objects.filter(conversation=conversation).first()
    if call is None:
        return
    close_call(call=call, ending=Call.Ending.HUNG_UP, at=at)
    ended = VideoInvitation.objects.filter(call=call, state=VideoInvitation.State.CALLING).first()
    if ended is not None:
        ended.state = VideoInvitation.State.DONE
        ended.save(update_fields=["state"])
        announce(ended, at=at)
