from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User
from acquis.desk.conversations import policy, queries
from acquis.desk.conversations.channels import by_room
from acquis.desk.conversations.errors import (
    ConversationEnded,
    MessageEmpty,
    MessageKeyInvalid,
    MessageTooLong,
    NotAccepted,
)
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.conversations.news import announce_messages
from acquis.desk.conversations.queries import Thread
from acquis.kernel import trace
from acquis.kernel.errors import DomainRefusal

LABEL_CHARS = 160


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says in an exchange, under the key that keeps it once.

    `leaving`: it was on its way when the exchange ended, and is kept all the same.
    """

    conversation: int
    author: str
    body: str
    author_label: str
    client_key: str
    by: User | None = None
    leaving: bool = False


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
    or WorkspaceSealed, or what its channel refuses; nothing is written then.
    """
    words = Words(conversation.pk, author, body, author_label, client_key, by, leaving)
    (sent,) = send_messages([words], at=at)
    if isinstance(sent, DomainRefusal):
        raise sent
    return sent


@transaction.atomic
def send_messages(words: Sequence[Words], *, at: datetime) -> list[Message | DomainRefusal]:
    """`send_message` for several, in one transaction: the answer of each in its place.

    The number of queries does not grow with them. A refusal of one leaves the others kept; what a
    channel refuses is raised and undoes all: only one message goes where `room_of(…).may_refuse`.
    """
    held = queries.threads(
        {one.conversation for one in words}, {one.client_key for one in words}, since=at
    )
    answers = [add(held[one.conversation], one, at) for one in words]
    keep(held.values(), at)
    return answers


def add(thread: Thread, words: Words, at: datetime) -> Message | DomainRefusal:
    """The message that the words become, for `keep`; that of the same key, or why there is none."""
    body = words.body.strip()
    refusal = refusal_of_text(body, words.client_key) or refusal_of_seal(thread)
    if refusal is not None:
        return refusal
    again = thread.sent.get(words.client_key)
    if again is not None:
        return again
    row = thread.row
    refusal = None if words.leaving else _refusal_of_state(row, Message.Author(words.author))
    if refusal is not None:
        return refusal
    message = Message(
        workspace_id=row.workspace_id,
        conversation=row,
        position=thread.last + 1,
        author=words.author,
        author_label=words.author_label[:LABEL_CHARS],
        body=body,
        sent_at=at,
        client_key=words.client_key,
    )
    thread.last = message.position
    thread.lately += words.author == Message.Author.CUSTOMER
    thread.sent[words.client_key] = message
    thread.fresh.append((message, words.by))
    return message


def keep(threads: Iterable[Thread], at: datetime) -> None:
    """Write what was added to the exchanges, and tell it. Raises what a channel refuses."""
    fresh = [added for thread in threads for added in thread.fresh]
    if not fresh:
        return
    messages = [message for message, _by in fresh]
    Message.objects.bulk_create(messages)
    _leave([one for one in messages if one.author == Message.Author.ADVISER], at)
    announce_messages(
        [(one, by if one.author == Message.Author.ADVISER else None) for one, by in fresh], at=at
    )
    # Last: all the chats of a desk share one stream, held from here to the commit.
    trace.record_all(_told(message, by, at) for message, by in fresh)


def _leave(messages: Sequence[Message], at: datetime) -> None:
    """What advisers wrote leaves by its channel; the first fixes when the contact was answered."""
    first = [one.conversation for one in messages if one.conversation.answered_at is None]
    if first:
        Conversation.objects.filter(pk__in={row.pk for row in first}).update(answered_at=at)
    for row in first:
        row.answered_at = at
    by_exchange: dict[int, list[Message]] = {}
    for message in messages:
        by_exchange.setdefault(message.conversation_id, []).append(message)
    exchanges = {one.conversation_id: one.conversation for one in messages}
    for room, alike in by_room(exchanges.values()):
        leaving = [message for exchange in alike for message in by_exchange[exchange.pk]]
        for message in leaving:
            room.sent(message, at)
        room.sent_together(leaving, at)


def _told(message: Message, by: User | None, at: datetime) -> trace.Told:
    facts = {
        "message_id": message.pk,
        "position": message.position,
        "author": message.author,
        "chars": len(message.body),
    }
    return trace.Told("conversation.message_sent", message.conversation, by, at, facts)


def refuse_text(body: str, client_key: str) -> None:
    """Raises MessageEmpty, MessageTooLong or MessageKeyInvalid."""
    refusal = refusal_of_text(body, client_key)
    if refusal is not None:
        raise refusal


def refusal_of_text(body: str, client_key: str) -> DomainRefusal | None:
    """MessageEmpty, MessageTooLong or MessageKeyInvalid."""
    if not body:
        return MessageEmpty()
    if len(body) > policy.LONGEST_MESSAGE:
        return MessageTooLong(limit=policy.LONGEST_MESSAGE)
    if not client_key or len(client_key) > policy.LONGEST_KEY:
        return MessageKeyInvalid()
    return None


def refusal_of_seal(thread: Thread) -> DomainRefusal | None:
    """WorkspaceSealed, where the desk no longer takes writes."""
    return WorkspaceSealed() if thread.row.workspace.sealed_at is not None else None


def _refusal_of_state(conversation: Conversation, author: Message.Author) -> DomainRefusal | None:
    if author == Message.Author.SYSTEM:
        return None
    if conversation.state == Conversation.State.ENDED:
        return ConversationEnded()
    if author == Message.Author.ADVISER and conversation.state == Conversation.State.WAITING:
        return NotAccepted()
    return None
