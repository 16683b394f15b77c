"""What the desk's page does over its socket, and what it is told of messages there."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.utils import timezone

from acquis.accounts.access import keep_roles_once_read, workspace_for
from acquis.accounts.models import User
from acquis.desk.conversations import presentation, queries
from acquis.desk.conversations.access import (
    conversation_of_act,
    readable,
    refuse_if_held_by_another,
)
from acquis.desk.conversations.actions.mark_read import mark_read
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.models import Conversation, Message
from acquis.kernel import live

FIGURES = 18  # more than any key has
Told = Mapping[str, Any]

# Which exchanges a person may read, for the seconds in which it is not asked again.
_read = live.Memory()


def number(said: Told, name: str) -> int:
    """A key or a position that the page named. Raises ValueError."""
    typed = str(said.get(name, ""))
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= FIGURES):
        raise ValueError(name)
    return int(typed)


def for_one_act(user: User) -> User:
    """The person with their roles read once at most, for one act: a socket lives longer than a role may."""
    reader = copy(user)
    keep_roles_once_read(reader)
    return reader


@live.act("conversation.send")
def send(user: User, said: Told) -> Told:
    """An adviser's message, once for each `client_key`; gives the lines that the page lacks."""
    writer = for_one_act(user)
    workspace, chosen = conversation_of_act(
        writer, number(said, "workspace"), number(said, "conversation"), write=True
    )
    refuse_if_held_by_another(writer, chosen)
    after, after_note = number(said, "after"), number(said, "note")
    sent = send_message(
        conversation=chosen,
        author=Message.Author.ADVISER,
        body=str(said.get("body", "")),
        author_label=writer.full_name,
        client_key=str(said.get("client_key", "")),
        by=writer,
        at=timezone.now(),
    )
    if sent.position == after + 1:
        return {"lines": presentation.line_sent(chosen, sent)}
    after = min(after, sent.position - 1)
    lines = presentation.lines_of(
        workspace, chosen, writer, after=after, after_note=after_note, may_note=True
    )
    return {"lines": presentation.rendered(lines)}


@live.act("conversation.read")
def read(user: User, said: Told) -> None:
    """How far whoever holds the exchange has read."""
    reader = for_one_act(user)
    _workspace, chosen = conversation_of_act(
        reader, number(said, "workspace"), number(said, "conversation"), write=True
    )
    mark_read(
        conversation=chosen,
        position=number(said, "position"),
        note=number(said, "note"),
        by=reader,
        at=timezone.now(),
    )


@live.act("conversation.look")
def look(user: User, said: Told) -> Told:
    """Whether the thread is still as the page shows it: what it asks now and then."""
    _workspace, chosen = conversation_of_act(
        for_one_act(user), number(said, "workspace"), number(said, "conversation")
    )
    shown = number(said, "position"), number(said, "note"), str(said.get("state", ""))
    return {"same": shown == (*queries.ends(chosen), presentation.state_of(chosen))}


@live.act("conversation.look_at_queue")
def look_at_queue(user: User, said: Told) -> Told:
    """Whether the left pane is still as the page shows it; `conversation` is 0 when none is shown."""
    adviser = for_one_act(user)
    workspace = workspace_for(adviser, number(said, "workspace"))
    shown = queries.queue(workspace, adviser)
    version = presentation.queue_version(shown, number(said, "conversation") or None)
    return {"same": version == said.get("version")}


def _has_line(user: User, news: Told, topics: frozenset[str]) -> bool:
    """A message, and not one's own: that came with the answer to the act that said it."""
    del topics
    told_of = news.get("what") == "message" and bool(news.get("position"))
    return told_of and news.get("by") != user.pk


@live.tells("conversation", wants=_has_line)
def line(user: User, news: Told, topics: frozenset[str]) -> Told | None:
    """The message that is told of, as the thread of the desk shows it."""
    del topics
    chosen = _readable(user, number(news, "conversation"))
    if chosen is None:
        return None
    return {"lines": presentation.line(chosen, number(news, "position"))}


def _has_row(user: User, news: Told, topics: frozenset[str]) -> bool:
    """A message of an exchange that the page does not show."""
    del user
    return (
        news.get("what") == "message" and f"conversation:{news.get('conversation')}" not in topics
    )


@live.tells("user", wants=_has_row)
def row(user: User, news: Told, topics: frozenset[str]) -> Told | None:
    """The row of an exchange that the adviser holds, where the page shows another."""
    del topics
    held = queries.held_row(number(news, "conversation"), user)
    if held is None or _readable(user, held.pk) is None:
        return None
    return {"row": presentation.row(held)}


def _readable(user: User, pk: int) -> Conversation | None:
    """The exchange, where the person may read it; held for a few seconds."""
    found: Conversation | None = _read.of((user.pk, pk), lambda: readable(user, pk))
    return found
