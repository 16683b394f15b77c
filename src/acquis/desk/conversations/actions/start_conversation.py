from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.errors import CustomerOfAnotherDesk
from acquis.desk.conversations.models import Conversation
from acquis.desk.conversations.news import announce
from acquis.desk.directory.models import Customer
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace

LABEL_CHARS = 160
SUBJECT_CHARS = 200
ADDRESS_CHARS = 254


@transaction.atomic
def start_conversation(  # noqa: PLR0913  what a contact begins with
    *,
    workspace: Workspace,
    channel: str,
    direction: str,
    contact_label: str,
    subject: str,
    contact_address: str = "",
    customer: Customer | None = None,
    played_key: str = "",
    by: User | None,
    at: datetime,
) -> Conversation:
    """Begin a contact: incoming ones wait for an adviser, outgoing ones are open at once.

    `played_key` names the exchange of a scenario; the same key gives the same conversation.
    `by` is None when nobody who signed in began it (a customer, a script).
    Raises CustomerOfAnotherDesk or WorkspaceSealed; nothing is written then.
    """
    # One writer at a time, so that the same key cannot begin two.
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(workspace)
    if customer is not None and customer.workspace_id != workspace.pk:
        raise CustomerOfAnotherDesk
    if played_key:
        played = Conversation.objects.filter(workspace=workspace, played_key=played_key).first()
        if played is not None:
            return played
    outgoing = direction == Conversation.Direction.OUT
    conversation = Conversation.objects.create(
        workspace=workspace,
        customer=customer,
        channel=Conversation.Channel(channel),
        direction=Conversation.Direction(direction),
        state=Conversation.State.OPEN if outgoing else Conversation.State.WAITING,
        subject=subject[:SUBJECT_CHARS],
        contact_label=contact_label[:LABEL_CHARS],
        contact_address=contact_address[:ADDRESS_CHARS],
        adviser=by if outgoing else None,
        adviser_label=by.full_name if outgoing and by else "",
        started_at=at,
        played_key=played_key,
    )
    trace.record(
        "conversation.started",
        conversation,
        by=by,
        at=at,
        channel=conversation.channel,
        direction=conversation.direction,
        customer_id=customer.pk if customer else None,
        played_key=played_key,
    )
    announce(conversation, what="started", at=at)
    return conversation
