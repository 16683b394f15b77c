from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory.models import Customer


@transaction.atomic
def begin_exchange(
    *,
    customer: Customer,
    channel: str,
    address: str,
    body: str,
    client_key: str,
    by: User,
    at: datetime,
) -> Conversation:
    """Begin an exchange by a message to a customer: both stand or fall together.

    The same `client_key` gives back the exchange already begun with this customer. Raises OptedOut, WindowClosed, the
    refusals of send_message, or WorkspaceSealed; nothing is written then.
    """
    # One writer at a time: a double click must not begin two.
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=customer.workspace_id)
    sent = Message.objects.filter(conversation__customer=customer, client_key=client_key)
    begun = sent.select_related("conversation").first()
    if begun is not None:
        return begun.conversation
    conversation = start_conversation(
        workspace=workspace,
        channel=channel,
        direction=Conversation.Direction.OUT,
        contact_label=customer.display_name,
        contact_address=address,
        subject="",
        customer=customer,
        by=by,
        at=at,
    )
    send_message(
        conversation=conversation,
        author=Message.Author.ADVISER,
        body=body,
        author_label=by.full_name,
        client_key=client_key,
        by=by,
        at=at,
    )
    return conversation
