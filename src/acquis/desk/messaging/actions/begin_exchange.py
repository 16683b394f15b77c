from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
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

    The same `client_key` gives back the exchange already begun. Raises OptedOut, WindowClosed, the
    refusals of send_message, or WorkspaceSealed; nothing is written then.
    """
    begun = Message.objects.filter(workspace=customer.workspace, client_key=client_key).first()
    if begun is not None:
        return begun.conversation
    conversation = start_conversation(
        workspace=customer.workspace,
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
