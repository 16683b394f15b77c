import secrets
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone import policy, queries
from acquis.desk.phone.actions._line import changed
from acquis.desk.phone.errors import LineBusy
from acquis.desk.phone.models import Call, Leg
from acquis.desk.queues.actions.place_contact import place_contact
from acquis.kernel import trace


def new_key() -> str:
    """A name that nobody guesses: of a room, a leg, a recording."""
    return secrets.token_hex(16)


@transaction.atomic
def place_call(
    *,
    workspace: Workspace,
    number: str,
    name: str,
    subject: str = "",
    played_key: str = "",
    by: User | None = None,
    at: datetime,
) -> Leg:
    """Ring at a desk, as a customer; the leg given back is what the caller's page holds.

    `number` is what the caller says of themself and may be no number at all: it is kept only in
    international form. `played_key` names the exchange of a scenario: the same key gives the same
    leg. Raises LineBusy or WorkspaceSealed.
    """
    found = policy.dialled(number)
    known = "" if isinstance(found, policy.Unreachable) else found
    conversation = start_conversation(
        workspace=workspace,
        channel=Conversation.Channel.PHONE,
        direction=Conversation.Direction.IN,
        contact_label=name,
        contact_address=known,
        subject=subject,
        played_key=played_key,
        by=by,
        at=at,
    )
    line = queries.line_of(workspace)
    place_contact(conversation=conversation, queue=line.queue, label=str(line), at=at)
    placed = Leg.objects.filter(call__conversation=conversation, side=Leg.Side.CUSTOMER).first()
    if placed is not None:
        return placed
    ringing = Call.objects.filter(workspace=workspace, state=Call.State.RINGING).count()
    if ringing >= policy.MOST_RINGING:
        raise LineBusy
    call = Call.objects.create(
        workspace=workspace,
        conversation=conversation,
        media_key=new_key(),
        number=known,
        offered_at=at,
    )
    leg = customer_leg_of(call, name, state=Leg.State.JOINED)
    trace.record("call.placed", call, by=by, at=at, conversation_id=conversation.pk)
    changed(call, at=at)
    return leg


def customer_leg_of(call: Call, name: str, *, state: Leg.State) -> Leg:
    return Leg.objects.create(
        workspace_id=call.workspace_id,
        call=call,
        side=Leg.Side.CUSTOMER,
        label=name[:160],
        key=new_key(),
        state=state,
    )


def adviser_leg_of(call: Call, by: User, *, side: Leg.Side = Leg.Side.ADVISER) -> Leg:
    return Leg.objects.create(
        workspace_id=call.workspace_id,
        call=call,
        side=side,
        user=by,
        label=by.full_name[:160],
        key=new_key(),
        state=Leg.State.JOINED,
    )
