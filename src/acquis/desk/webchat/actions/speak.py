"""What a visitor says, and what both sides attach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations import queries as messages
from acquis.desk.conversations.actions.send_message import (
    Words,
    add,
    keep,
    refusal_of_seal,
    refuse_text,
    send_message,
)
from acquis.desk.conversations.models import Attachment, Conversation, Message
from acquis.desk.conversations.queries import Thread
from acquis.desk.webchat import policy, queries
from acquis.desk.webchat.actions._chat import locked
from acquis.desk.webchat.actions.answer_automatically import answer_automatically
from acquis.desk.webchat.actions.hand_over import hand_over
from acquis.desk.webchat.errors import ChatOver, TooFast
from acquis.desk.webchat.models import Chat, ChatLine
from acquis.kernel import files
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.models import StoredFile

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

ACCEPTED = (
    "application/pdf",
    "image/png",
    "image/jpeg",
    "text/plain",
    "text/csv",
    files.SPREADSHEET,
)
NAME_CHARS = 255


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a visitor says in their chat, under the key that keeps it once."""

    chat: Chat
    body: str
    client_key: str


def say(*, chat: Chat, body: str, client_key: str, at: datetime) -> Chat:
    """Add the words of a visitor, once for each `client_key`; the automatic answer answers them.

    The chat then bears in `said` the message just kept, if an adviser is asked for.
    Raises MessageEmpty, MessageTooLong, MessageKeyInvalid, TooFast, ChatOver, ConversationEnded or
    WorkspaceSealed; nothing is written then.
    """
    # Once handed over, for good: what is said is added to the exchange, which alone is held.
    if chat.conversation_id is None:
        return _say_first(chat, body, client_key, at)
    (said,) = say_to_advisers([Spoken(chat, body, client_key)], at=at)
    if isinstance(said, DomainRefusal):
        raise said
    return said


@transaction.atomic
def say_to_advisers(spoken: Sequence[Spoken], *, at: datetime) -> list[Chat | DomainRefusal]:
    """`say` for several visitors whose chats were handed over, in one transaction.

    The answer of each in its place: a refusal of one leaves the others kept. The number of queries
    does not grow with them.
    """
    since = at - policy.MESSAGES_WINDOW
    exchanges = {_exchange(one.chat) for one in spoken}
    keys = {one.client_key for one in spoken}
    held = messages.threads(exchanges, keys, since=since, but=queries.ASKED)
    # No line is added once there is an exchange.
    lines = queries.lines_said_of([(one.chat, one.client_key) for one in spoken], since=since)
    answers = [
        _added(one, held[_exchange(one.chat)], lines[one.chat.pk, one.client_key], at)
        for one in spoken
    ]
    keep(held.values(), at)
    return answers


def _added(one: Spoken, thread: Thread, before: queries.Said, at: datetime) -> Chat | DomainRefusal:
    chat = one.chat
    chat.conversation = thread.row
    sealed = refusal_of_seal(thread)
    if sealed is not None:
        return sealed
    if before.repeated:
        return chat
    is_new = one.client_key not in thread.sent
    if is_new and policy.too_fast(before.lately + thread.lately):
        return TooFast()
    author = Message.Author.CUSTOMER
    words = Words(thread.row.pk, author, one.body, chat.visitor.name, one.client_key)
    said = add(thread, words, at)
    if isinstance(said, DomainRefusal):
        return said
    chat.said = said  # type: ignore[attr-defined]
    return chat


def _exchange(chat: Chat) -> int:
    return chat.conversation_id or 0


@transaction.atomic
def _say_first(chat: Chat, body: str, client_key: str, at: datetime) -> Chat:
    """To the automatic answer, while no adviser was asked for."""
    row = locked(chat)
    if row.conversation_id is not None:
        return say(chat=row, body=body, client_key=client_key, at=at)
    if _already_or_flood(row, client_key, at):
        return row
    if row.closed_at is not None:
        raise ChatOver
    body = body.strip()
    refuse_text(body, client_key)
    ChatLine.objects.create(
        workspace_id=row.workspace_id,
        chat=row,
        position=row.lines.count() + 1,
        author=ChatLine.Author.VISITOR,
        body=body,
        sent_at=at,
        client_key=client_key,
    )
    answer_automatically(chat=row, question=body, at=at)
    return row


@transaction.atomic
def attach(*, chat: Chat, file: "UploadedFile[bytes]", client_key: str, at: datetime) -> Chat:
    """Add a file of the visitor, once for each `client_key`; a file is for a person to read.

    With the automatic answer still speaking, an adviser is asked for. Raises FileEmpty,
    FileTooLarge, FileKindRefused, TooFast, EmailNeeded, ChatOver, ConversationEnded or
    WorkspaceSealed; nothing is written then.
    """
    row = locked(chat)
    if _already_or_flood(row, client_key, at):
        return row
    kept = _stored(file, by=None, at=at)
    row = hand_over(chat=row, at=at)
    name = _named(file)
    handed: Conversation = row.conversation  # type: ignore[assignment]  # a hand-over gives one
    Attachment.objects.create(
        workspace_id=row.workspace_id,
        message=_send(row, handed, name, client_key, at),
        file=kept,
        name=name,
    )
    return row


def _already_or_flood(chat: Chat, client_key: str, at: datetime) -> bool:
    """Whether it was sent before, under the same key. Raises TooFast for what is new."""
    since = at - policy.MESSAGES_WINDOW
    lines = queries.lines_said(chat, since=since, client_key=client_key)
    repeated, lately = lines.repeated, lines.lately
    if chat.conversation_id is not None:
        held = messages.threads(
            [chat.conversation_id], [client_key], since=since, but=queries.ASKED
        )
        thread = held[chat.conversation_id]
        repeated, lately = repeated or client_key in thread.sent, lately + thread.lately
    if not repeated and policy.too_fast(lately):
        raise TooFast
    return repeated


def _send(
    chat: Chat, conversation: Conversation, body: str, client_key: str, at: datetime
) -> Message:
    return send_message(
        conversation=conversation,
        author=Message.Author.CUSTOMER,
        body=body,
        author_label=chat.visitor.name,
        client_key=client_key,
        by=None,
        at=at,
    )


def _named(file: "UploadedFile[bytes]") -> str:
    return str(file.name)[-NAME_CHARS:]


def _stored(file: "UploadedFile[bytes]", *, by: User | None, at: datetime) -> StoredFile:
    """Checked by what the bytes are, whatever the name says."""
    media_type = files.check_upload(file, allowed=ACCEPTED)
    return files.store(file.read(), name=_named(file), media_type=media_type, by=by, at=at)
