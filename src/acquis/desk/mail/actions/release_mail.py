import secrets
from datetime import datetime

from django.db import transaction

from acquis.accounts.errors import WorkspaceSealed
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Attachment, Conversation, Message
from acquis.desk.mail import policy, queries
from acquis.desk.mail.models import Mail
from acquis.desk.mail.news import announce_mail
from acquis.desk.mail.shortening import shortened
from acquis.kernel import outbox, trace

SEND = "mail.send"


@transaction.atomic
def release_mail(*, mail: Mail, at: datetime, early: bool = False) -> Mail:
    """Let a scheduled mail go, once the time to call it back is over.

    Its message joins the exchange, a new one when it had none; then the outbox sends it. `early`:
    the exchange was ended, which confirms it. A mail called back or already gone does not change.
    """
    row = (
        Mail.objects.select_for_update(of=("self",))
        .select_related("workspace", "conversation", "customer", "author", "mailbox")
        .get(pk=mail.pk)
    )
    due = row.leaves_at is not None and row.leaves_at <= at
    if row.state != Mail.State.SCHEDULED or not (due or early):
        return row
    if row.workspace.sealed_at is not None:
        row.state, row.last_error = Mail.State.FAILED, str(WorkspaceSealed())[:300]
        row.save(update_fields=["state", "last_error"])
        return row
    conversation = row.conversation or _begun(row, at)
    files = list(row.files.select_related("file"))
    message = send_message(
        conversation=conversation,
        author=Message.Author.ADVISER,
        body=shortened(row.body.strip() or ", ".join(one.name for one in files)),
        author_label=row.author_label,
        client_key=f"mail:{row.pk}",
        leaving=True,
        by=row.author,
        at=at,
    )
    Attachment.objects.bulk_create(
        Attachment(workspace_id=row.workspace_id, message=message, file=one.file, name=one.name)
        for one in files
    )
    row.conversation, row.message, row.state, row.at = conversation, message, Mail.State.SENDING, at
    if policy.token_in(row.subject) is None:
        row.subject = policy.with_token(row.subject, queries.token_of(conversation))
    row.identifier = new_identifier(row)
    row.save(update_fields=["conversation", "message", "state", "at", "subject", "identifier"])
    trace.record(
        "mail.released",
        row,
        by=row.author,
        at=at,
        conversation_id=conversation.pk,
        chars=len(row.body),
        files=len(files),
    )
    send_later(row, at=at)
    announce_mail(row, what="released", at=at)
    return row


def _begun(mail: Mail, at: datetime) -> Conversation:
    """The exchange that a mail written from a record begins."""
    name, address = next(iter(policy.addresses(mail.to)), ("", ""))
    return start_conversation(
        workspace=mail.workspace,
        channel=Conversation.Channel.MAIL,
        direction=Conversation.Direction.OUT,
        contact_label=mail.customer.display_name if mail.customer else name or address,
        contact_address=address,
        subject=mail.subject,
        customer=mail.customer,
        by=mail.author,
        at=at,
    )


def send_later(mail: Mail, *, at: datetime) -> None:
    """Put a mail in the outbox; it leaves after commit."""
    outbox.put(SEND, {"mail": mail.pk}, at=at)


def new_identifier(mail: Mail) -> str:
    """A Message-ID of ours; the one it already had, for a mail sent again."""
    if mail.identifier:
        return mail.identifier
    domain = policy.domain_of(mail.from_address)
    return f"<acquis.{mail.pk}.{secrets.token_hex(8)}@{domain}>"
