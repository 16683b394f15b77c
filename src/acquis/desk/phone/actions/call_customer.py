from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.phone import policy
from acquis.desk.phone.actions._line import changed, locked
from acquis.desk.phone.actions.answer_call import begin
from acquis.desk.phone.actions.place_call import adviser_leg_of, customer_leg_of, new_key
from acquis.desk.phone.errors import AlreadyOnTheLine, NotRinging, NumberRefused
from acquis.desk.phone.models import Call, Leg
from acquis.desk.phone.presentation import reason_of
from acquis.desk.phone.queries import busy_people, outside_number
from acquis.kernel import trace


@transaction.atomic
def call_customer(
    *,
    workspace: Workspace,
    number: str,
    name: str,
    customer: Customer | None = None,
    returns: Call | None = None,
    subject: str = "",
    by: User,
    at: datetime,
) -> Call:
    """Call somebody, until they answer or decline.

    It rings at their number when this desk reaches the public network, else on a page that they hold.

    `returns` is the missed call that is returned. Raises NumberRefused with the reason,
    AlreadyOnTheLine, CustomerOfAnotherDesk or WorkspaceSealed.
    """
    found = policy.dialled(number)
    if isinstance(found, policy.Unreachable):
        raise NumberRefused(number=number, reason=reason_of(found))
    if by.pk in busy_people(workspace):
        raise AlreadyOnTheLine
    conversation = start_conversation(
        workspace=workspace,
        channel=Conversation.Channel.PHONE,
        direction=Conversation.Direction.OUT,
        contact_label=name,
        contact_address=found,
        subject=subject,
        customer=customer,
        by=by,
        at=at,
    )
    call = Call.objects.create(
        workspace=workspace,
        conversation=conversation,
        media_key=new_key(),
        number=found,
        offered_at=at,
        returns=returns,
    )
    adviser_leg_of(call, by)
    leg = customer_leg_of(call, name, state=Leg.State.RINGING)
    if outside_number(workspace):
        leg.trunk_call = leg.key
        leg.save(update_fields=["trunk_call"])
    trace.record(
        "call.dialled",
        call,
        by=by,
        at=at,
        conversation_id=conversation.pk,
        customer_id=customer.pk if customer else None,
        returns=returns.pk if returns else None,
    )
    changed(call, at=at)
    return call


@transaction.atomic
def pick_up(*, leg: Leg, at: datetime) -> Leg:
    """The customer answers a call of the desk. Answering twice changes nothing.

    Raises NotRinging, CallEnded or WorkspaceSealed.
    """
    row = locked(leg.call)
    mine = row.legs.get(pk=leg.pk)
    if mine.state == Leg.State.JOINED:
        return mine
    if row.state != Call.State.RINGING:
        raise NotRinging
    mine.state = Leg.State.JOINED
    mine.save(update_fields=["state"])
    begin(row, at)
    row.save()
    trace.record("call.picked_up", row, by=None, at=at)
    changed(row, at=at)
    return mine
