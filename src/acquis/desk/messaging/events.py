"""What a gateway tells us, cleaned. Pure but for the sizes that settings allow."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from acquis.desk.messaging.errors import EventInvalid
from acquis.kernel.typography import undisguised

MOST_MEDIA = 5
LONGEST_TEXT = 4000
STATES = ("sent", "delivered", "failed")


@dataclass(frozen=True, slots=True)
class Media:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message of a customer."""

    event_id: str
    address: str
    name: str
    text: str
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one of our messages, named by the gateway's own identifier."""

    event_id: str
    remote_id: str
    state: str
    reason: str


def read(event: Any) -> Incoming | Receipt:
    """Tell a message from a receipt. Raises EventInvalid, saying which part is wrong."""
    if not isinstance(event, Mapping):
        raise EventInvalid(what="JSON")
    event_id = _text(event, "id", 120, needed=True)
    kind = event.get("type")
    if kind == "message":
        media = event.get("media") or []
        if not isinstance(media, list) or len(media) > MOST_MEDIA:
            raise EventInvalid(what="media")
        return Incoming(
            event_id=event_id,
            address=_text(event, "from", 254, needed=True),
            name=_text(event, "name", 160),
            text=_text(event, "text", LONGEST_TEXT, needed=not media),
            media=tuple(_media(one) for one in media),
        )
    if kind == "receipt":
        state = event.get("state")
        if state not in STATES:
            raise EventInvalid(what="state")
        return Receipt(
            event_id=event_id,
            remote_id=_text(event, "message", 120, needed=True),
            state=str(state),
            reason=_text(event, "reason", 300),
        )
    raise EventInvalid(what="type")


def _text(event: Mapping[str, Any], name: str, longest: int, *, needed: bool = False) -> str:
    value = event.get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise EventInvalid(what=name)
    value = undisguised(value).strip()
    if needed and not value:
        raise EventInvalid(what=name)
    return value


def _media(one: Any) -> Media:
    if not isinstance(one, Mapping):
        raise EventInvalid(what="media")
    try:
        content = base64.b64decode(_text(one, "content", 12_000_000, needed=True), validate=True)
    except (binascii.Error, ValueError) as error:
        raise EventInvalid(what="media") from error
    return Media(_text(one, "name", 200) or "fichier", content)
