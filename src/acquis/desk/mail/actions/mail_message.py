from datetime import datetime

from django.db import transaction

from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.mail import policy, queries
from acquis.desk.mail.actions.release_mail import new_identifier, send_later
from acquis.desk.mail.models import Mail
from acquis.kernel import trace


@transaction.atomic
def mail_message(*, message: Message, at: datetime) -> Mail | None:
    """Send as a mail a message of the adviser that was written otherwise.

    None when nobody's address is known: the message stays in the exchange.
    """
    conversation = message.conversation
    workspace = conversation.workspace
    answered = queries.answerable(conversation)
    customer = conversation.customer
    known = [
        answered.reply_to or answered.from_address
        if answered is not None and answered.state == Mail.State.RECEIVED
        else "",
        conversation.contact_address,
        customer.email if customer else "",
    ]
    address = next((one for one in known if policy.is_address(one)), None)
    if address is None:
        return None
    mailbox = (answered.mailbox if answered else None) or queries.default_mailbox(workspace)
    mail = Mail.objects.create(
        workspace=workspace,
        mailbox=mailbox,
        conversation=conversation,
        message=message,
        customer=customer,
        answers=answered,
        state=Mail.State.SENDING,
        references=policy.references_of(answered.identifier, answered.references)
        if answered
        else "",
        from_name=mailbox.display_name if mailbox else workspace.name[:200],
        from_address=mailbox.address if mailbox else queries.desk_address(workspace),
        to=address,
        subject=policy.with_token(_subject(conversation, answered), queries.token_of(conversation)),
        body="\n\n".join(filter(None, [message.body, mailbox.signature if mailbox else ""])),
        at=at,
        author=conversation.adviser,
        author_label=message.author_label,
    )
    mail.identifier = new_identifier(mail)
    mail.save(update_fields=["identifier"])
    trace.record("mail.released", mail, by=None, at=at, message_id=message.pk)
    send_later(mail, at=at)
    return mail


def _subject(conversation: Conversation, answered: Mail | None) -> str:
    """« Re: » where something is answered; what the desk writes first bears its own subject."""
    if answered is None and conversation.direction == Conversation.Direction.OUT:
        return conversation.subject
    return policy.answer_subject(answered.subject if answered else conversation.subject)
