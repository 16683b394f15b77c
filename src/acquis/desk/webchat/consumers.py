"""The socket of a visitor: « something changed », « the adviser is writing », nothing else."""

import json
import time
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import Http404
from django.urls import path

from acquis.desk.webchat.access import chat_of, site_of_key
from acquis.desk.webchat.errors import TokenInvalid
from acquis.desk.webchat.news import topic_of
from acquis.kernel.realtime import group_name

TYPING_PAUSE = 1.0  # seconds between two tellings of one visitor
LARGEST_TEXT = 2000


class VisitorConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """A visitor follows the exchange that their token names.

    `{"hello": token, "site": key}` in, `{"ready": true}` out; then `{"changed": true}`, with the
    `position` of the message if one was sent, `{"read": position}` when the adviser has read so far, and `{"typing": true}` out, `{"typing": true}` and `{"ping": 1}` in. A visitor hears of their own conversation alone: which one is worked out from the token.
    """

    async def connect(self) -> None:
        self.conversation: int | None = None
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
            await self._hello(str(said["hello"]), str(said.get("site", "")))
        if said.get("typing") is True:
            await self._typing()

    async def _hello(self, token: str, key: str) -> None:
        known, conversation = await self._known(token, key)
        if not known:
            await self.close(code=4401)
            return
        if conversation != self.conversation:
            await self._leave()
            self.conversation = conversation
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
        """What pages of the desk are told, without its content."""
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
        place = {"position": position} if position else {}
        await self.send(json.dumps({"changed": True, **place}))

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def _known(self, token: str, key: str) -> tuple[bool, int | None]:
        try:
            return True, chat_of(site_of_key(key), token).conversation_id
        except (Http404, TokenInvalid):
            return False, None


websocket_urlpatterns = [path("ws/chat/", VisitorConsumer.as_asgi())]
