"""The two ways out: a gateway over HTTP, and the embedded one that writes to a folder."""

import http.client
import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from acquis.desk.conversations.models import Message
from acquis.desk.messaging import policy
from acquis.desk.messaging.models import Delivery, Gateway
from acquis.kernel import crypto, files

PATIENCE = 10.0  # seconds
LONGEST_ANSWER = 64 * 1024
PASSING = frozenset({408, 425, 429})  # refusals that pass: try again later


class GatewayUnreachable(OSError):  # noqa: N818  as the outbox reads it: tried again later
    """The gateway did not take the message for now."""


@dataclass(frozen=True, slots=True)
class Outcome:
    state: str  # of a Delivery
    remote_id: str = ""
    reason: str = ""


def content(delivery: Delivery) -> dict[str, Any]:
    """What is told to a gateway (docs/gateways.md)."""
    message = delivery.message
    return {
        "id": f"{delivery.workspace_id}-{delivery.pk}",
        "channel": message.conversation.channel,
        "from": delivery.gateway.sender if delivery.gateway else "",
        "to": delivery.recipient,
        "text": message.body,
    } | _media(message)


def _media(message: Message) -> dict[str, Any]:
    """The files of a message, and no text beside them: it is their name."""
    attached = list(message.attachments.select_related("file"))
    if not attached:
        return {}
    told = [
        {
            "name": one.name,
            "type": one.file.media_type,
            "content": b64encode(files.read(one.file)).decode(),
        }
        for one in attached
    ]
    return {"text": "", "media": told}


def hand_over(delivery: Delivery, *, at: datetime) -> Outcome:
    """Give a message to its gateway. Raises GatewayUnreachable when it may be tried again."""
    if delivery.gateway is None:
        return _write(delivery)
    return _post(delivery.gateway, content(delivery), at)


def _write(delivery: Delivery) -> Outcome:
    """The embedded gateway: a file a message, and the message is there."""
    folder = Path(settings.MESSAGING_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    told = content(delivery)
    text = json.dumps(told, ensure_ascii=False, indent=1)
    (folder / f"{told['id']}.json").write_text(text, encoding="utf-8")
    return Outcome(Delivery.State.DELIVERED, remote_id=told["id"])


def _post(gateway: Gateway, told: dict[str, Any], at: datetime) -> Outcome:
    body = json.dumps(told, ensure_ascii=False).encode()
    timestamp = str(int(at.timestamp()))
    secret = crypto.unseal(bytes(gateway.secret)).decode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": told["id"],
        "X-Acquis-Timestamp": timestamp,
        "X-Acquis-Signature": policy.signature(secret, timestamp, body),
    }
    status, answer = _exchange(gateway.address, body, headers)
    if status in (200, 201, 202):
        return Outcome(Delivery.State.SENT, remote_id=str(answer.get("id", ""))[:120])
    if status >= 500 or status in PASSING:
        raise GatewayUnreachable(f"HTTP {status}")
    reason = str(answer.get("reason") or f"HTTP {status}")
    return Outcome(Delivery.State.FAILED, reason=reason[:300])


def _exchange(address: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """One POST, no redirection followed; an answer that is not a JSON object says nothing."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        raw = answer.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        raise GatewayUnreachable(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    try:
        told = json.loads(raw or b"{}")
    except ValueError:
        told = {}
    return answer.status, told if isinstance(told, dict) else {}
