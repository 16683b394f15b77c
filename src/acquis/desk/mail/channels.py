"""Mail as the exchanges of the desk show it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from acquis.accounts.models import User
from acquis.desk.conversations.channels import ChannelRoom
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.mail import presentation
from acquis.desk.mail.actions.mail_message import mail_message
from acquis.desk.mail.actions.release_mail import release_mail
from acquis.desk.mail.models import Mail


def context(conversation: Conversation, user: User) -> Mapping[str, Any]:
    """What one is writing there, and what of it is about to leave."""
    return presentation.writing_context(
        conversation.workspace, user, conversation=conversation, at=timezone.now()
    )


def sent(message: Message, at: datetime) -> None:
    """A message that was not written as a mail (by the API, say) leaves as one all the same."""
    if not message.client_key.startswith("mail:"):
        mail_message(message=message, at=at)


def ended(conversation: Conversation, at: datetime) -> None:
    """Whoever ends an exchange just after sending does not call the mail back."""
    for mail in Mail.objects.filter(conversation=conversation, state=Mail.State.SCHEDULED):
        release_mail(mail=mail, at=at, early=True)


CHANNELS = [
    ChannelRoom(
        Conversation.Channel.MAIL,
        panel="mail/_panel.html",
        composer="mail/_composer.html",
        context=context,
        sent=sent,
        ended=ended,
        marks=presentation.marks,
        details=presentation.details,
        script="mail/composer.js",
    )
]
