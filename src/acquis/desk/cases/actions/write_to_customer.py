"""A message about a case, by the channel that the customer reads."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.cases.errors import ContactAddressMissing
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory.models import Customer

Channel = Conversation.Channel
WRITTEN = frozenset({Channel.MAIL, Channel.SMS})


@transaction.atomic
def write_to_customer(
    *,
    customer: Customer,
    channel: str,
    subject: str,
    body: str,
    client_key: str,
    by: User,
    at: datetime,
) -> Conversation:
    """Begin an exchange with the customer by e-mail or SMS. Raises ContactAddressMissing."""
    address = customer.email if channel == Channel.MAIL else customer.phone
    if not address:
        raise ContactAddressMissing
    talk = start_conversation(
        workspace=customer.workspace,
        channel=channel,
        direction=Conversation.Direction.OUT,
        contact_label=customer.display_name,
        contact_address=address,
        subject=subject,
        customer=customer,
        by=by,
        at=at,
    )
    send_message(
        conversation=talk,
        author=Message.Author.ADVISER,
        body=body,
        author_label=by.full_name,
        client_key=client_key,
        by=by,
        at=at,
    )
    return talk
