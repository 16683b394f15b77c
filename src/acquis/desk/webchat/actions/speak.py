"""What a visitor says, and what both sides attach."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations import policy as conversations
from acquis.desk.conversations import queries as messages
from acquis.desk.conversations.actions.send_message import add_message, send_message
from acquis.desk.conversations.errors import MessageEmpty, MessageKeyInvalid, MessageTooLong
from acquis.desk.conversations.models import Attachment, Conversation, Message
from acquis.desk.shell import refuse_if_sealed
from acquis.desk.webchat import policy, queries
from acquis.desk.webchat.actions._chat import locked
from acquis.desk.webchat.actions.answer_automatically import answer_automatically
from acquis.desk.webchat.actions.hand_over import hand_over
from acquis.desk.webchat.errors import ChatOver, TooFast
from acquis.desk.webchat.models import Chat, ChatLine
from acquis.kernel import files
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


@transaction.atomic
def say(*, chat: Chat, body: str, client_key: str, at: datetime) -> Chat:
    """Add the words of a visitor, once for each `client_key`; the automatic answer answers them.

    The chat then bears in `said` the message just kept, if an adviser is asked for.
    Raises MessageEmpty, MessageTooLong, MessageKeyInvalid, TooFast, ChatOver, ConversationEnded or
    WorkspaceSealed; nothing is written then.
    """
    # Once handed over, for good: what is said is added to the exchange, which alone is held.
    row = chat if chat.conversation_id is not None else locked(chat)
    if row.conversation_id is not None:
        _say_to_adviser(row, body, client_key, at)
        return row
    if _already_or_flood(row, client_key, at):
        return row
    if row.closed_at is not None:
        raise ChatOver
    body = body.strip()
    if not body:
        raise MessageEmpty
    if len(body) > conversations.LONGEST_MESSAGE:
        raise MessageTooLong(limit=conversations.LONGEST_MESSAGE)
    if not client_key or len(client_key) > conversations.LONGEST_KEY:
        raise MessageKeyInvalid
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


def _say_to_adviser(chat: Chat, body: str, client_key: str, at: datetime) -> None:
    """Add a message, unless a line or a message bears its key already. Raises what `say` does."""
    since = at - policy.MESSAGES_WINDOW
    held, before = queries.held_with_lines_said(chat, since=since, client_key=client_key)
    refuse_if_sealed(held.workspace)
    chat.conversation = held
    if before.repeated:
        return
    known = messages.known(held, client_key, since=since, but=queries.ASKED)
    if known.sent is None and policy.too_fast(before.lately + known.lately):
        raise TooFast
    chat.said = add_message(  # type: ignore[attr-defined]
        row=held,
        known=known,
        author=Message.Author.CUSTOMER,
        body=body,
        author_label=chat.visitor.name,
        client_key=client_key,
        by=None,
        at=at,
    )


def _already_or_flood(chat: Chat, client_key: str, at: datetime) -> bool:
    """Whether it was sent before, under the same key. Raises TooFast for what is new."""
    since = at - policy.MESSAGES_WINDOW
    lines = queries.lines_said(chat, since=since, client_key=client_key)
    repeated, lately = lines.repeated, lines.lately
    if chat.conversation is not None:
        known = messages.known(chat.conversation, client_key, since=since, but=queries.ASKED)
        repeated, lately = repeated or known.sent is not None, lately + known.lately
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
