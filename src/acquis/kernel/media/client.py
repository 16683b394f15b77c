"""How the web processes speak to the media worker. The one gateway to it, and what it costs to be off."""

import hashlib
import hmac
import http.client
import json
import socket
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal

TOPIC = "media"  # of the outbox: what the worker tells
PATIENCE = 5.0  # seconds
TURN_LIFE = timedelta(hours=4)  # how long a password handed to a browser opens the relay


class MediaUnavailable(DomainRefusal):
    code = "media.unavailable"
    message = _(
        "La téléphonie ne répond pas en ce moment. Réessayez dans un instant ; "
        "si cela dure, prévenez l’exploitant."
    )
    status = 503


class LegNotExpected(DomainRefusal):
    code = "media.leg_not_expected"
    message = _("Cet appel n’est plus ouvert sur le serveur de téléphonie.")
    status = 409


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self._path)


def set_room(room: str, wish: Mapping[str, Any]) -> str:
    """Say how a room should be; gives the epoch of the worker. Raises MediaUnavailable."""
    return str(_asked("PUT", f"/rooms/{room}", wish)["epoch"])


def join(room: str, leg: str, offer: str, *, at: datetime) -> Mapping[str, Any]:
    """Bring a browser in: gives the answer (`sdp`) and the `epoch` of the worker.

    Raises MediaUnavailable, or LegNotExpected when the room was not told of the leg.
    """
    body = {"sdp": offer, "ice_servers": ice_servers(at)}
    return _asked("POST", f"/rooms/{room}/legs/{leg}", body)


def play(room: str, legs: Sequence[str], clips: Sequence[str]) -> None:
    _asked("POST", f"/rooms/{room}/play", {"legs": list(legs), "clips": list(clips)})


def refuse_call(call: str, status: int) -> None:
    """Turn away a call of the trunk with a status of SIP (404 for a number that is nobody's)."""
    _asked("POST", f"/trunk/calls/{call}/refuse", {"status": status})


def health() -> Mapping[str, Any]:
    return _asked("GET", "/health", None)


def ice_servers(at: datetime) -> list[dict[str, str]]:
    """The relays of the settings, with a password for a few hours where they share a secret."""
    found: list[dict[str, str]] = []
    for address in settings.MEDIA_ICE_SERVERS:
        if address.startswith("turn") and settings.MEDIA_TURN_SECRET:
            name = f"{int((at + TURN_LIFE).timestamp())}:acquis"
            found.append({"urls": address, "username": name, "credential": turn_password(name)})
        else:
            found.append({"urls": address})
    return found


def turn_password(name: str) -> str:
    """Source: « A REST API for access to TURN services », which coturn calls use-auth-secret."""
    digest = hmac.new(settings.MEDIA_TURN_SECRET.encode(), name.encode(), hashlib.sha1)
    return b64encode(digest.digest()).decode()


def _asked(method: str, path: str, body: Mapping[str, Any] | None) -> Mapping[str, Any]:
    connection = _connection()
    try:
        connection.request(
            method,
            path,
            body=None if body is None else json.dumps(body),
            headers={"Authorization": f"Bearer {settings.MEDIA_SECRET}"},
        )
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as fault:
        raise MediaUnavailable from fault
    finally:
        connection.close()
    if answer.status == http.HTTPStatus.CONFLICT:
        raise LegNotExpected
    if answer.status != http.HTTPStatus.OK:
        raise MediaUnavailable
    told: Mapping[str, Any] = json.loads(content)
    return told


def _connection() -> http.client.HTTPConnection:
    """Raises MediaUnavailable where the settings name no worker."""
    if not settings.MEDIA_WORKER_URL:
        raise MediaUnavailable
    parts = urlsplit(settings.MEDIA_WORKER_URL)
    if parts.scheme == "unix":
        return _UnixConnection(parts.path)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
