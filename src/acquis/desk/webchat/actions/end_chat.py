"""The end of a chat, and what the visitor says and asks then."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest

from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.errors import MessageTooLong
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.shell import refuse_if_sealed
from acquis.desk.webchat import policy, queries
from acquis.desk.webchat.actions._chat import checked_email, locked
from acquis.desk.webchat.errors import ChatNotOver, ScoreInvalid
from acquis.desk.webchat.models import Chat
from acquis.desk.webchat.news import announce_read
from acquis.kernel import outbox, trace

COMMENT_CHARS = 2000


@transaction.atomic
def end_chat(*, chat: Chat, at: datetime) -> Chat:
    """The visitor is done; ending twice changes nothing. Raises WorkspaceSealed."""
    row = locked(chat)
    if row.conversation is not None:
        ended = end_conversation(
            conversation=row.conversation, ended_by=Message.Author.CUSTOMER, by=None, at=at
        )
        row.conversation = ended
        return row
    if row.closed_at is None:
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        trace.record("webchat.closed", row, by=None, at=at, lines=row.lines.count())
    return row


@transaction.atomic
def rate_chat(*, chat: Chat, score: int, comment: str, at: datetime) -> Chat:
    """Keep the visitor's mark, 1 to 5, and their words; the last one given counts (M-04, CSAT).

    Raises ScoreInvalid, MessageTooLong (2,000 signs), ChatNotOver or WorkspaceSealed.
    """
    if not 1 <= score <= policy.BEST_SCORE:
        raise ScoreInvalid
    comment = comment.strip()
    if len(comment) > COMMENT_CHARS:
        raise MessageTooLong(limit=COMMENT_CHARS)
    row = locked(chat)
    _refuse_running(row)
    row.score, row.comment, row.rated_at = score, comment, at
    row.save(update_fields=["score", "comment", "rated_at"])
    trace.record("webchat.rated", row, by=None, at=at, score=score, commented=bool(row.comment))
    return row


@transaction.atomic
def ask_transcript(*, chat: Chat, email: str, at: datetime) -> Chat:
    """Have the exchange sent to an address once it is over; the same address gets it once.

    Raises EmailNeeded, ChatNotOver or WorkspaceSealed.
    """
    email = checked_email(email)
    row = locked(chat)
    _refuse_running(row)
    if row.transcript_to == email:
        return row
    row.transcript_to, row.transcript_asked_at = email, at
    row.save(update_fields=["transcript_to", "transcript_asked_at"])
    outbox.put("webchat.transcript", {"chat": row.pk, "to": email}, at=at)
    trace.record("webchat.transcript_asked", row, by=None, at=at, personal={"email": email})
    return row


def mark_read(*, chat: Chat, position: int) -> None:
    """How far the visitor has read; it never goes back, nor past the last message.

    Nothing is traced: nobody decided anything. Raises WorkspaceSealed.
    """
    refuse_if_sealed(chat.workspace)
    mark_all_read([(chat, position)])


def mark_all_read(seen: Sequence[tuple[Chat, int]]) -> None:
    """`mark_read` of several, on desks that take writes: one statement, whatever their number."""
    reached: dict[int, int] = {}
    for chat, position in seen:
        exists = min(position, queries.last_position(chat))
        if exists > chat.read_by_visitor and chat.conversation_id is not None:
            reached[chat.conversation_id] = max(exists, reached.get(chat.conversation_id, 0))
    reach(reached, side=Message.Author.CUSTOMER)


def reach(reached: Mapping[int, int], *, side: str) -> None:
    """One side of chats has read up to a message that is there, by the key of each exchange.

    Nothing for an exchange that is no chat of a site.
    """
    if not reached:
        return
    field = "read_by_adviser" if side == Message.Author.ADVISER else "read_by_visitor"
    # One statement: two pages that tell at once never make it go back.
    told = [
        When(conversation=pk, then=Greatest(F(field), Value(position)))
        for pk, position in reached.items()
    ]
    chats = Chat.objects.filter(conversation__in=reached)
    if chats.update(**{field: Case(*told, default=F(field))}):
        announce_read(reached, side=side)


def _refuse_running(chat: Chat) -> None:
    state = chat.conversation.state if chat.conversation is not None else None
    if policy.stage(state, closed=chat.closed_at is not None) != Conversation.State.ENDED:
        raise ChatNotOver
