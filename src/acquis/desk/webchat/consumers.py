"""The socket of a visitor: what changed, with the words themselves, and what the visitor says."""

import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import override

from acquis.desk.conversations.models import Message
from acquis.desk.webchat import presentation, queries
from acquis.desk.webchat.access import chat_at, chats_at
from acquis.desk.webchat.actions import speak
from acquis.desk.webchat.actions.end_chat import mark_all_read
from acquis.desk.webchat.errors import TokenInvalid
from acquis.desk.webchat.models import Chat
from acquis.desk.webchat.news import topic_of
from acquis.kernel import live
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.realtime import Socket, group_name

logger = logging.getLogger(__name__)
TYPING_PAUSE = 1.0  # seconds between two tellings of one visitor
LARGEST_TEXT = 64 * 1024
LONGEST_POSITION = 8  # figures
MOST_GIVEN = 400  # positions that one socket remembers having given
MOST_MISSING = 50  # messages told at one look: a page that lacks more asks for the whole
Said = Mapping[str, Any]


class VisitorConsumer(Socket):
    """A visitor follows the exchange that their token names, and speaks in it.

    In: `{"hello": token, "site": key, "lang": "fr"}`, then `{"say": key, "body": text}`, `{"seen": position}`,
    `{"look": {…}}`, `{"typing": true}` and `{"ping": 1}`. Out: `{"ready": true}`, then
    `{"said": key, "position": 7, "at": …}` once it is committed, or `refused`, or `failed`, after which the
    page posts it over HTTP under the same key, and `{"heard": key}` before, while it waits; `{"changed": true}`, with the `position` and the `items` of
    the message if one was sent; after a look `{"same": true}`, or as many `items` as are missing `after` the position that
    the page shows; `{"read": position}` when the adviser has read so far; `{"typing": true}`.

    A visitor hears of their own conversation alone: which one is worked out from the token, again at
    each act, and every few seconds for what is read.
    """

    async def connect(self) -> None:
        self.conversation: int | None = None
        self.token = self.key = ""
        self.language = "fr"
        self.given: set[int] = set()  # positions of the messages that the page has from here
        self.told_at = 0.0
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002
        try:
            message = json.loads((text_data or "{}")[:LARGEST_TEXT])
            said = {str(key): value for key, value in message.items()}
        except (ValueError, AttributeError):
            await self.close(code=4400)
            return
        if "ping" in said:
            await self.send(json.dumps({"pong": True}))
        if "hello" in said:
            await self._hello(said)
        if "say" in said:
            saying = _SAYING.of(self._asked(live.without_disguise(said)))
            answer = await self.waited(saying, said["say"])
            self._give([answer.get("position", 0)])
            await self.send(json.dumps(answer))
        if "seen" in said:
            await _SEEING.of(self._asked(said))
        if "look" in said:
            answer = await _LOOKING.of(self._asked(said))
            self._give(item["position"] for item in answer.get("items", ()))
            await self.send(json.dumps(answer))
        if said.get("typing") is True:
            await self._typing()

    async def _hello(self, said: Said) -> None:
        token, key = str(said["hello"]), str(said.get("site", ""))
        known, conversation = await live.read(_known, token, key)
        if not known:
            await self.close(code=4401)
            return
        self.token, self.key = token, key
        self.language = "en" if str(said.get("lang", "")).startswith("en") else "fr"
        if conversation != self.conversation:
            await self._leave()
            self.conversation = conversation
            self.given.clear()
            for group in self._groups():
                await self.channel_layer.group_add(group, self.channel_name)
        await self.send(json.dumps({"ready": True}))

    async def _typing(self) -> None:
        now = time.monotonic()
        if self.conversation is None or now - self.told_at < TYPING_PAUSE:
            return
        self.told_at = now
        topic = topic_of(self.conversation)
        news = json.dumps({"topic": topic, "who": "customer"})
        await self.channel_layer.group_send(group_name(topic), {"type": "news", "text": news})

    async def disconnect(self, code: int) -> None:  # noqa: ARG002
        await self._leave()

    async def _leave(self) -> None:
        for group in self._groups():
            await self.channel_layer.group_discard(group, self.channel_name)

    def _groups(self) -> list[str]:
        if self.conversation is None:
            return []
        return [
            group_name(f"conversation:{self.conversation}"),
            group_name(topic_of(self.conversation)),
        ]

    async def news(self, event: dict[str, Any]) -> None:
        """What pages of the desk are told; of a message, what its visitor sees of it."""
        told = json.loads(event["text"])
        if "customer" in (told.get("who"), told.get("side")):
            return  # what the visitor does, they know
        if told.get("who") == "adviser":
            await self.send(json.dumps({"typing": True}))
            return
        position = told.get("position")
        if told.get("what") == "read" and position:
            await self.send(json.dumps({"read": position}))
            return
        changed: dict[str, Any] = {"changed": True}
        if position:
            changed["position"] = position
            if told.get("what") == "message":
                if position in self.given:
                    return  # their own words, or what a look has brought
                items = await _TELLING.of((self._asked({}), position))
                if items:
                    changed["items"] = items
                    self._give([position])
        await self.send(json.dumps(changed))

    def _give(self, positions: Iterable[int]) -> None:
        self.given.update(positions)
        if len(self.given) > MOST_GIVEN:
            self.given = set(sorted(self.given)[-MOST_GIVEN // 2 :])

    def _asked(self, said: Said) -> "_Asked":
        return _Asked(self.key, self.token, self.language, self.conversation, said)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one visitor asks, by the door of a request: an address and a token."""

    key: str
    token: str
    language: str
    conversation: int | None
    said: Said


def _doors(asked: Sequence[_Asked]) -> list[Chat | Http404 | DomainRefusal]:
    return chats_at([(one.key, one.token) for one in asked])


def _say_all(asked: Sequence[_Asked]) -> list[dict[str, Any]]:
    """Keep what visitors say, each once for its key; each is answered in their language."""
    outcomes = live.each_alone(_spoken, asked)
    return [_answer(one, outcome) for one, outcome in zip(asked, outcomes, strict=True)]


def _spoken(asked: Sequence[_Asked]) -> list[Chat | Exception]:
    """Those whom an adviser answers in one transaction, whoever speaks with the automatic answer apart."""
    at = timezone.now()
    answers: dict[int, Chat | Exception] = {}
    together: dict[int, speak.Spoken] = {}
    for place, (one, door) in enumerate(zip(asked, _doors(asked), strict=True)):
        if isinstance(door, Exception):
            answers[place] = door
            continue
        spoken = speak.Spoken(door, str(one.said.get("body", "")), str(one.said["say"]))
        if door.conversation_id is not None:
            together[place] = spoken
            continue
        try:
            with override(one.language):
                answers[place] = speak.say(
                    chat=door, body=spoken.body, client_key=spoken.client_key, at=at
                )
        except DomainRefusal as refusal:
            answers[place] = refusal
    kept = speak.say_to_advisers([*together.values()], at=at) if together else []
    answers |= zip(together, kept, strict=True)
    return [answers[place] for place in range(len(asked))]


def _answer(one: _Asked, outcome: Chat | Exception) -> dict[str, Any]:
    key = str(one.said["say"])
    if isinstance(outcome, DomainRefusal):
        with override(one.language):
            return {"said": key, "refused": live.refused(outcome)}
    if isinstance(outcome, Exception):
        if not isinstance(outcome, Http404):
            logger.error("webchat: said", exc_info=outcome)
        return {"said": key, "failed": True}
    kept = _kept(outcome, key)
    if kept is None:
        return {"said": key, "position": 0}  # to the automatic answer, which has answered
    return {"said": key, "position": kept.position, "at": kept.sent_at.isoformat()}


def _see_all(asked: Sequence[_Asked]) -> list[None]:
    """How far visitors have read; a number that means nothing says nothing."""
    seen = []
    for one, door in zip(asked, _doors(asked), strict=True):
        typed = str(one.said["seen"])
        if isinstance(door, Exception) or not (typed.isascii() and typed.isdecimal()):
            continue
        if len(typed) < LONGEST_POSITION:
            seen.append((door, int(typed)))
    mark_all_read(seen)
    return [None] * len(asked)


def _look_all(asked: Sequence[_Asked]) -> list[dict[str, Any]]:
    """What each page lacks of its exchange: asked now and then, and when something is missing."""
    answers: dict[int, dict[str, Any]] = {}
    spans: dict[int, queries.Span] = {}
    for place, (one, door) in enumerate(zip(asked, _doors(asked), strict=True)):
        if isinstance(door, Exception) or door.conversation_id != one.conversation:
            answers[place] = {"changed": True}  # without a door the request that follows says why
            continue
        shown, now = one.said["look"], queries.mark_of(door)
        after = queries.position_shown(shown, now)
        if shown == now:
            answers[place] = {"same": True}
        elif door.conversation_id is None or after is None or now[0] - after > MOST_MISSING:
            answers[place] = {"changed": True}
        else:
            answers[place] = {"read": now[1]} if shown[1] != now[1] else {}
            spans[place] = queries.Span(door, after, now[0])
    for (place, span), items in zip(
        spans.items(), presentation.items_of([*spans.values()]), strict=True
    ):
        if span.after != span.until:
            lacking = {"position": span.until, "after": span.after, "items": items}
            answers[place] |= {"changed": True, **lacking}
    return [answers[place] for place in range(len(asked))]


def _tell_all(asked: Sequence[tuple[_Asked, int]]) -> list[list[dict[str, Any]]]:
    """The message at a position, as its visitor sees it: none when it is not for them."""
    doors = _doors([one for one, _position in asked])
    spans = {
        place: queries.Span(door, position - 1, position)
        for place, ((one, position), door) in enumerate(zip(asked, doors, strict=True))
        if not isinstance(door, Exception) and door.conversation_id == one.conversation
    }
    found = dict(zip(spans, presentation.items_of([*spans.values()]), strict=True))
    return [found.get(place, []) for place in range(len(asked))]


_SAYING = live.Gathering(_say_all)
_SEEING = live.Gathering(_see_all)
_TELLING = live.Gathering(_tell_all, on=live.read)
_LOOKING = live.Gathering(_look_all, on=live.read)


def _kept(chat: Chat, key: str) -> Message | None:
    """The message that was said under the key, just now or before."""
    said: Message | None = vars(chat).get("said")
    if said is not None and said.client_key != key:
        said = None  # two of one visitor in a turn
    if said is None and chat.conversation is not None:
        said = chat.conversation.messages.filter(client_key=key).first()
    return said


def _known(token: str, key: str) -> tuple[bool, int | None]:
    try:
        return True, chat_at(key, token).conversation_id
    except (Http404, TokenInvalid):
        return False, None


websocket_urlpatterns = [path("ws/chat/", VisitorConsumer.as_asgi())]
