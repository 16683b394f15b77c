from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations import policy, queries
from acquis.desk.conversations.channels import room_of
from acquis.desk.conversations.errors import (
    ConversationEnded,
    MessageEmpty,
    MessageKeyInvalid,
    MessageTooLong,
    NotAccepted,
)
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.conversations.news import announce
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace

LABEL_CHARS = 160


@transaction.atomic
def send_message(
    *,
    conversation: Conversation,
    author: str,
    body: str,
    author_label: str,
    client_key: str,
    leaving: bool = False,
    by: User | None,
    at: datetime,
) -> Message:
    """Add a message, once: the same `client_key` gives back the message already sent.

    The first message of an adviser fixes when the contact was answered. A customer may write while
    waiting. `leaving`: it was on its way when the exchange ended, and is kept all the same.
    Raises MessageEmpty, MessageTooLong, MessageKeyInvalid, NotAccepted, ConversationEnded
    or WorkspaceSealed; nothing is written then.
    """
    refuse_text(body.strip(), client_key)
    row = queries.locked(conversation.pk)
    refuse_if_sealed(row.workspace)
    return add_message(
        row=row,
        known=queries.known(row, client_key, since=at),
        author=author,
        body=body,
        author_label=author_label,
        client_key=client_key,
        leaving=leaving,
        by=by,
        at=at,
    )


def add_message(  # noqa: PLR0913  what a message is sent with, and the exchange as it was locked
    *,
    row: Conversation,
    known: queries.Known,
    author: str,
    body: str,
    author_label: str,
    client_key: str,
    leaving: bool = False,
    by: User | None,
    at: datetime,
) -> Message:
    """`send_message` in an exchange that the transaction has locked, of a desk that is not sealed.

    `known` was read once it was. Raises what `send_message` does.
    """
    body = body.strip()
    refuse_text(body, client_key)
    if known.sent is not None:
        return row.messages.get(pk=known.sent)
    if not leaving:
        _refuse_state(row, Message.Author(author))
    message = Message.objects.create(
        workspace_id=row.workspace_id,
        conversation=row,
        position=known.last + 1,
        author=author,
        author_label=author_label[:LABEL_CHARS],
        body=body,
        sent_at=at,
        client_key=client_key,
    )
    if author == Message.Author.ADVISER and row.answered_at is None:
        row.answered_at = at
        row.save(update_fields=["answered_at"])
    if author == Message.Author.ADVISER:
        room_of(row).sent(message, at)
    writer = by if author == Message.Author.ADVISER else None
    announce(row, what="message", at=at, position=message.position, by=writer)
    # Last: all the chats of a desk share one stream, held from here to the commit.
    trace.record(
        "conversation.message_sent",
        row,
        by=by,
        at=at,
        message_id=message.pk,
        position=message.position,
        author=author,
        chars=len(body),
    )
    return message


def refuse_text(body: str, client_key: str) -> None:
    """Raises MessageEmpty, MessageTooLong or MessageKeyInvalid."""
    if not body:
        raise MessageEmpty
    if len(body) > policy.LONGEST_MESSAGE:
        raise MessageTooLong(limit=policy.LONGEST_MESSAGE)
    if not client_key or len(client_key) > policy.LONGEST_KEY:
        raise MessageKeyInvalid


def _refuse_state(conversation: Conversation, author: Message.Author) -> None:
    if author == Message.Author.SYSTEM:
        return
    if conversation.state == Conversation.State.ENDED:
        raise ConversationEnded
    if author == Message.Author.ADVISER and conversation.state == Conversation.State.WAITING:
        raise NotAccepted
