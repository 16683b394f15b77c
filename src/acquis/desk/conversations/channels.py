"""What each channel adds to an exchange, gathered without knowing any of them.

A room that carries a channel (phone, web chat, mail…) says it in its `channels.py`, in a list named
`CHANNELS`: this room stands below all of them and imports none. A channel that nobody declares is
written and read on the desk and leaves nowhere.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from acquis.accounts.models import User
from acquis.desk.conversations.actions.accept_conversation import accept_conversation
from acquis.desk.conversations.models import Conversation, Message

COMPOSER = "conversations/_composer.html"
ACCEPT = "conversations/_accept.html"


def _no_context(conversation: Conversation, user: User) -> Mapping[str, Any]:
    del conversation, user
    return {}


def _stays_here(message: Message, at: datetime) -> None:
    del message, at


def _all_stay_here(messages: Sequence[Message], at: datetime) -> None:
    del messages, at


def _no_marks(messages: Sequence[Message]) -> Mapping[int, "Mark"]:
    del messages
    return {}


def _no_details(messages: Sequence[Message]) -> Mapping[int, Mapping[str, Any]]:
    del messages
    return {}


def _nothing_to_end(conversation: Conversation, at: datetime) -> None:
    del conversation, at


def _read_here(reached: Mapping[Conversation, int]) -> None:
    del reached


def _accepted(conversation: Conversation, user: User, at: datetime) -> None:
    accept_conversation(conversation=conversation, by=user, at=at)


def _not_heard(conversations: Sequence[Conversation]) -> Mapping[int, str]:
    del conversations
    return {}


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one message once it left, in a word, and why."""

    text: str
    tone: str = "neutral"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChannelRoom:
    """How one channel shows and leaves.

    `panel` is a template shown above the messages, in every state; "" shows none. `composer` is the
    template of the foot while the adviser may answer, `accept` the one while the exchange waits. All
    read `channel_context`, which is `context(conversation, user)`. `sent(message, at)` is called in the transaction that keeps a
    message of the adviser, `ended(conversation, at)` in the one that ends the exchange: what must
    leave the process is put in the outbox there. `sent` may refuse the message;
    `sent_together(messages, at)` is called besides, once for all that a transaction keeps, and refuses
    nothing. `marks(messages)` says, by the key of each message,
    what became of it. `read(reached)` is called when whoever holds exchanges has seen the messages of
    each up to a position. `script` is a module that the pages of the desk load. `files` are the natures (MIME) of the files
    that the channel carries to the customer. `details(messages)` gives what a message shows
    besides its text: a `template`, and what that template reads. `take(conversation, user, at)` is how
    one takes what waits when it is offered. `listen(conversations)` gives, by the key of each exchange
    under way that a supervisor may hear, the address to which `act=listen` is posted. `in_place` says that
    the desk may show another exchange where one of this channel is, and the reverse, without a new page.
    """

    channel: str
    panel: str = ""
    composer: str = COMPOSER
    accept: str = ACCEPT
    context: Callable[[Conversation, User], Mapping[str, Any]] = _no_context
    sent: Callable[[Message, datetime], None] = _stays_here
    sent_together: Callable[[Sequence[Message], datetime], None] = _all_stay_here
    ended: Callable[[Conversation, datetime], None] = _nothing_to_end
    marks: Callable[[Sequence[Message]], Mapping[int, Mark]] = _no_marks
    read: Callable[[Mapping[Conversation, int]], None] = _read_here
    script: str = ""
    files: Sequence[str] = ()
    details: Callable[[Sequence[Message]], Mapping[int, Mapping[str, Any]]] = _no_details
    take: Callable[[Conversation, User, datetime], None] = _accepted
    listen: Callable[[Sequence[Conversation]], Mapping[int, str]] = _not_heard
    in_place: bool = False

    @property
    def may_refuse(self) -> bool:
        """Whether a message may not leave by it, which is found out as it is kept."""
        return self.sent is not _stays_here

    @property
    def marked(self) -> bool:
        """Whether something may become of its messages."""
        return self.marks is not _no_marks

    @property
    def detailed(self) -> bool:
        """Whether its messages may show something besides their text."""
        return self.details is not _no_details


@cache
def declared() -> Mapping[str, ChannelRoom]:
    """The channels that a room carries; one room a channel."""
    found: dict[str, ChannelRoom] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.channels"
        # This room's own `channels` is this module.
        if name != __name__ and config.name.startswith("acquis.") and find_spec(name) is not None:
            for room in import_module(name).CHANNELS:
                if room.channel in found:
                    message = f"channel {room.channel} is carried twice"
                    raise ValueError(message)
                found[room.channel] = room
    return found


def room_of(conversation: Conversation) -> ChannelRoom:
    return declared().get(conversation.channel) or ChannelRoom(conversation.channel)


def by_room(conversations: Iterable[Conversation]) -> list[tuple[ChannelRoom, list[Conversation]]]:
    """The rooms that carry exchanges, each with its own."""
    found: dict[str, list[Conversation]] = {}
    for conversation in conversations:
        found.setdefault(conversation.channel, []).append(conversation)
    return [(room_of(alike[0]), alike) for alike in found.values()]


def in_place() -> frozenset[str]:
    """The channels whose exchanges open in the page of the desk."""
    return frozenset(channel for channel, room in declared().items() if room.in_place)


def scripts() -> list[str]:
    """The modules that the rooms ask for, once each."""
    return sorted({room.script for room in declared().values() if room.script})
