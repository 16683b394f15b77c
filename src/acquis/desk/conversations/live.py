"""What the desk's page does over its socket, and what it is told of messages there."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone

from acquis.accounts.access import keep_roles_once_read, workspace_for
from acquis.accounts.models import User
from acquis.desk.conversations import presentation, queries
from acquis.desk.conversations.access import (
    conversation_of_act,
    conversations_of_acts,
    readable,
    refuse_if_held_by_another,
)
from acquis.desk.conversations.actions.mark_read import Seen, mark_all_read
from acquis.desk.conversations.actions.send_message import Words, send_messages
from acquis.desk.conversations.channels import room_of
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.shell import may_write
from acquis.kernel import live
from acquis.kernel.errors import DomainRefusal

Told = Mapping[str, Any]

# Which exchanges a person may read, for the seconds in which it is not asked again.
_read = live.Memory()


def for_one_act(user: User) -> User:
    """The person with their roles read once at most, for one act: a socket lives longer than a role may."""
    reader = copy(user)
    keep_roles_once_read(reader)
    return reader


@dataclass(frozen=True, slots=True)
class _Sending:
    """A message that may be sent, and how far the page that sends it shows the thread."""

    user: User
    conversation: Conversation
    words: Words
    after: int
    after_note: int

    def lines(self, sent: Message) -> Told:
        """Those that the page lacks."""
        if sent.position == self.after + 1:
            return {"lines": presentation.line_sent(self.conversation, sent)}
        lines = presentation.lines_of(
            self.conversation.workspace,
            self.conversation,
            self.user,
            after=min(self.after, sent.position - 1),
            after_note=self.after_note,
            may_note=True,
        )
        return {"lines": presentation.rendered(lines)}


@live.acts_together("conversation.send")
def send(asked: Sequence[live.Asked]) -> list[live.Outcome]:
    """Messages of advisers, each once for its `client_key`; each page gets the lines that it lacks."""
    at = timezone.now()
    answers: dict[int, live.Outcome] = {}
    sendings: dict[int, _Sending] = {}
    for place, (one, door) in enumerate(zip(asked, _doors(asked), strict=True)):
        try:
            sendings[place] = _sending(door, one.said)
        except (DomainRefusal, Http404, ValueError) as refusal:
            answers[place] = refusal
    for place, outcome in _sent(sendings, at).items():
        if isinstance(outcome, Message):
            answers[place] = sendings[place].lines(outcome)
        else:
            answers[place] = outcome
    return [answers[place] for place in range(len(asked))]


def _sending(door: "_Door | Exception", said: Told) -> _Sending:
    """Raises why nothing may be sent."""
    if isinstance(door, Exception):
        raise door
    user, conversation = door
    refuse_if_held_by_another(user, conversation)
    words = Words(
        conversation.pk,
        Message.Author.ADVISER,
        str(said.get("body", "")),
        user.full_name,
        str(said.get("client_key", "")),
        by=user,
    )
    return _Sending(
        user, conversation, words, live.number(said, "after"), live.number(said, "note")
    )


def _sent(sendings: Mapping[int, _Sending], at: datetime) -> dict[int, Message | DomainRefusal]:
    """What became of each: in one transaction, but alone where the channel may refuse it."""
    alone = {place for place, one in sendings.items() if room_of(one.conversation).may_refuse}
    together = [place for place in sendings if place not in alone]
    kept = send_messages([sendings[place].words for place in together], at=at) if together else []
    sent = dict(zip(together, kept, strict=True))
    for place in alone:
        try:
            (sent[place],) = send_messages([sendings[place].words], at=at)
        except DomainRefusal as refusal:
            sent[place] = refusal
    return sent


_Door = tuple[User, Conversation]


def _doors(asked: Sequence[live.Asked]) -> list[_Door | Exception]:
    """Who asks and the exchange that they name, where they may write there; else why not."""
    named: dict[int, tuple[User, int, int]] = {}
    doors: dict[int, _Door | Exception] = {}
    for place, one in enumerate(asked):
        try:
            desk, pk = live.number(one.said, "workspace"), live.number(one.said, "conversation")
        except ValueError as error:
            doors[place] = error
        else:
            named[place] = copy(one.user), desk, pk
    found = conversations_of_acts([*named.values()]) if named else []
    for (place, (user, *_named)), door in zip(named.items(), found, strict=True):
        doors[place] = door if isinstance(door, Exception) else (user, door)
    return [doors[place] for place in range(len(asked))]


@live.acts_together("conversation.read")
def read(asked: Sequence[live.Asked]) -> list[live.Outcome]:
    """How far those who hold exchanges have read them."""
    answers: dict[int, live.Outcome] = {}
    seen: dict[int, Seen] = {}
    for place, (one, door) in enumerate(zip(asked, _doors(asked), strict=True)):
        if isinstance(door, Exception):
            answers[place] = door
            continue
        user, conversation = door
        try:
            position, note = live.number(one.said, "position"), live.number(one.said, "note")
        except ValueError as error:
            answers[place] = error
        else:
            seen[place] = Seen(conversation, position, note, user)
            answers[place] = {}
    mark_all_read([*seen.values()])
    return [answers[place] for place in range(len(asked))]


@live.act("conversation.look", reads=True)
def look(user: User, said: Told) -> Told:
    """Whether the thread is still as the page shows it, else the lines that it lacks and the state.

    What became of messages (`channels.Mark`) has no end to compare: it is given each time.
    """
    reader = for_one_act(user)
    workspace, chosen = conversation_of_act(
        reader, live.number(said, "workspace"), live.number(said, "conversation")
    )
    position, note = live.number(said, "position"), live.number(said, "note")
    state = presentation.state_of(chosen)
    same = (position, note, said.get("state")) == (*queries.ends(chosen), state)
    if same and not room_of(chosen).marked:
        return {"same": True}
    lines = presentation.lines_of(
        workspace, chosen, reader, after=position, after_note=note,
        may_note=may_write(reader, workspace),
    )  # fmt: skip
    lines["marks"] = presentation.marks_of(chosen)
    return {"same": False, "lines": presentation.rendered(lines), "state": state}


@live.act("conversation.look_at_queue", reads=True)
def look_at_queue(user: User, said: Told) -> Told:
    """Whether the left pane is still as the page shows it; `conversation` is 0 when none is shown."""
    adviser = for_one_act(user)
    workspace = workspace_for(adviser, live.number(said, "workspace"))
    shown = queries.queue(workspace, adviser)
    version = presentation.queue_version(shown, live.number(said, "conversation") or None)
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
    chosen = _readable(user, live.number(news, "conversation"))
    if chosen is None:
        return None
    return {"lines": presentation.line(chosen, live.number(news, "position"))}


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
    held = queries.held_row(live.number(news, "conversation"), user)
    if held is None or _readable(user, held.pk) is None:
        return None
    return {"row": presentation.row(held)}


def _readable(user: User, pk: int) -> Conversation | None:
    """The exchange, where the person may read it; held for a few seconds."""
    found: Conversation | None = _read.of((user.pk, pk), lambda: readable(user, pk))
    return found
