"""The media worker: a process of its own that carries the sound of calls.

The web processes tell it what each room should be, over HTTP on this machine with a shared secret; what
happens there (a leg lost, a recording kept, the worker itself started again) goes into the outbox, from
which the telephone of the desk takes it.
"""

import asyncio
import contextlib
import hmac
import json
import logging
import secrets
import signal
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

from acquis.kernel.media import opus, private
from acquis.kernel.media.rooms import RecordingWish, Room, Wish
from acquis.kernel.media.sip.gateway import Gateway
from acquis.kernel.media.sip.trunk import Trunk

logger = logging.getLogger(__name__)
SWEEP = 1.0  # seconds between two looks at who was lost
LONGEST_BODY = 256 * 1024  # bytes; a session description has about 5,000

Event = dict[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, dict[str, Any]]


class MediaService:
    """Rooms by name, behind a small HTTP interface.

    `deliver(event)` is called in a thread, one event after the other, and tried until it succeeds.
    """

    def __init__(
        self,
        *,
        secret: str,
        folder: Path,
        clips: Mapping[str, Sequence[bytes]],
        deliver: Callable[[Event], None],
        retry: float = 1.0,
        trunk: Trunk | None = None,
    ) -> None:
        private.install()
        folder.mkdir(parents=True, exist_ok=True)
        self.epoch = secrets.token_hex(8)
        self.rooms: dict[str, Room] = {}
        self._secret = secret
        self._folder = folder
        self._clips = clips
        self._deliver = deliver
        self._retry = retry
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self.gateway = Gateway(trunk, self.tell) if trunk is not None else None

    # What the server calls.

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        status, body = await self._answered(scope, receive)
        content = json.dumps(body).encode()
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def start(self) -> None:
        self.tell({"what": "started"})
        for event in _left_over(self._folder):
            self.tell(event)
        self._tasks = [
            asyncio.create_task(self._tell_all()),
            asyncio.create_task(self._sweep()),
        ]
        if self.gateway is not None:
            self.gateway.start()

    async def stop(self) -> None:
        """End every room, and hand over what was recorded."""
        for room in self.rooms.values():
            await room.close()
        if self.gateway is not None:
            await self.gateway.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                await self._events.join()
        for task in self._tasks:
            task.cancel()

    # What it is asked.

    async def _answered(self, scope: Scope, receive: Receive) -> Answer:
        given = dict(scope["headers"]).get(b"authorization", b"")
        if not hmac.compare_digest(given, f"Bearer {self._secret}".encode()):
            return 401, {"error": "secret"}
        try:
            body = json.loads(await _body(receive) or b"{}")
            return await self._route(scope["method"], scope["path"].strip("/").split("/"), body)
        except (KeyError, TypeError, ValueError) as fault:
            return 400, {"error": f"{type(fault).__name__}: {fault}"}

    async def _route(self, method: str, path: list[str], body: dict[str, Any]) -> Answer:
        match (method, path):
            case ("GET", ["health"]):
                legs = sum(len(room.legs) for room in self.rooms.values())
                told = {"epoch": self.epoch, "rooms": len(self.rooms), "legs": legs}
                return 200, told | ({"trunk": self.gateway.state} if self.gateway else {})
            case ("POST", ["trunk", "calls", call, "refuse"]):
                if self.gateway is not None:
                    self.gateway.refuse(call, int(body["status"]))
                return 200, {}
            case ("PUT", ["rooms", name]):
                return await self._wish(name, wish_from(body))
            case ("POST", ["rooms", name, "legs", leg]):
                return await self._join(name, leg, body)
            case ("POST", ["rooms", name, "play"]):
                return self._play(name, body)
        return 404, {"error": "unknown"}

    async def _wish(self, name: str, wish: Wish) -> Answer:
        if name not in self.rooms and not wish.legs and not wish.trunk:
            return 200, {"epoch": self.epoch}
        room = self._room(name)
        await room.apply(wish)
        if not wish.legs and not wish.trunk:
            await room.close()
            del self.rooms[name]
        return 200, {"epoch": self.epoch}

    async def _join(self, name: str, leg: str, body: dict[str, Any]) -> Answer:
        room = self.rooms.get(name)
        if room is None or leg not in room.wish.legs:
            return 409, {"error": "not expected"}
        answer = await room.join(leg, str(body["sdp"]), body.get("ice_servers", []))
        return 200, {"sdp": answer, "epoch": self.epoch}

    def _play(self, name: str, body: dict[str, Any]) -> Answer:
        room = self.rooms.get(name)
        for leg in body["legs"] if room is not None else ():
            if room is not None and leg in room.legs:
                for clip in body["clips"]:
                    room.legs[leg].play(str(clip))
        return 200, {}

    def _room(self, name: str) -> Room:
        if name not in self.rooms:
            self.rooms[name] = Room(
                name,
                clips=self._clips,
                folder=self._folder,
                tell=self.tell,
                trunk=self.gateway,
            )
        return self.rooms[name]

    # What it tells.

    def tell(self, event: Event) -> None:
        self._events.put_nowait({"epoch": self.epoch, **event})

    async def _tell_all(self) -> None:
        while True:
            event = await self._events.get()
            while True:
                try:
                    await asyncio.to_thread(self._deliver, event)
                    break
                except Exception:
                    logger.exception("media: %s is told again later", event["what"])
                    await asyncio.sleep(self._retry)
            self._events.task_done()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            for room in [*self.rooms.values()]:
                await room.sweep(time.monotonic())


def wish_from(body: Mapping[str, Any]) -> Wish:
    """The wish as it travels in JSON. Raises KeyError, TypeError or ValueError."""
    asked = body.get("recording")
    recording = None
    if asked is not None:
        recording = RecordingWish(
            key=_name(asked["key"]),
            legs=tuple(map(_name, asked["legs"])),
            announcement=str(asked["announcement"]),
            paused=bool(asked.get("paused", False)),
        )
    return Wish(
        legs=tuple(map(_name, body["legs"])),
        hear={_name(leg): tuple(map(_name, heard)) for leg, heard in body["hear"].items()},
        tones={_name(leg): str(clip) for leg, clip in body.get("tones", {}).items()},
        recording=recording,
        discard=tuple(map(_name, body.get("discard", ()))),
        trunk={_name(leg): dict(asked) for leg, asked in body.get("trunk", {}).items()},
    )


def _name(text: str) -> str:
    """Names become names of files. Raises ValueError."""
    if not text.isascii() or not text.isalnum():
        raise ValueError(f"not a name: {text!r}")
    return text


def _left_over(folder: Path) -> list[Event]:
    """The recordings that a worker which died left behind: readable to their last second."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.*.ogg")):
        key, leg, _ending = path.name.split(".")
        samples = sum(map(opus.samples_of, opus.packets_in(path.read_bytes())))
        part = {"leg": leg, "path": str(path), "seconds": samples / opus.RATE}
        found.setdefault(key, []).append(part)
    return [
        {"what": "recording_kept", "room": "", "recording": key, "parts": parts}
        for key, parts in found.items()
    ]


async def _body(receive: Receive) -> bytes:
    content, more = b"", True
    while more:
        message = await receive()
        content += message.get("body", b"")
        more = message.get("more_body", False)
        if len(content) > LONGEST_BODY:
            raise ValueError("too long")
    return content


def into_outbox(event: Event) -> None:
    """Keep an event, and the files it speaks of, in one transaction; then forget the files here."""
    from django.db import transaction  # noqa: PLC0415  with Django only
    from django.utils import timezone  # noqa: PLC0415

    from acquis.kernel import files, outbox  # noqa: PLC0415
    from acquis.kernel.media.client import TOPIC  # noqa: PLC0415

    now = timezone.now()
    parts = event.get("parts", [])
    # A file that is gone was handed over before: the event is being told again.
    present = [part for part in parts if Path(part["path"]).exists()]
    if parts and not present:
        return
    with transaction.atomic():
        told = []
        for part in present:
            path = Path(part["path"])
            kept = files.store(
                path.read_bytes(), name=path.name, media_type="audio/ogg", by=None, at=now
            )
            told.append(
                {
                    "leg": part["leg"],
                    "seconds": part["seconds"],
                    "file": kept.pk,
                    "sha256": kept.sha256,
                }
            )
        outbox.put(TOPIC, {**event, "parts": told}, at=now)
    for part in present:
        Path(part["path"]).unlink(missing_ok=True)


def deliver(event: Event) -> None:
    """The same from a thread that lives long: a database that went away is opened again."""
    from django.db import close_old_connections  # noqa: PLC0415  with Django only

    close_old_connections()
    into_outbox(event)


def serve(service: MediaService, *, place: Mapping[str, Any], tied: bool) -> None:
    """Serve until asked to stop; when `tied`, also until standard input ends with its parent."""
    import uvicorn  # noqa: PLC0415  only this process serves it

    descriptor = place.get("fd")
    options = {name: value for name, value in place.items() if name != "fd"}
    config = uvicorn.Config(
        service, log_level="warning", access_log=False, timeout_graceful_shutdown=5, **options
    )
    server = uvicorn.Server(config)
    if tied:
        # The terminal's Ctrl+C reaches this process too; it ends with its parent, and after it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True))
        threading.Thread(target=_until_orphaned, args=(server,), daemon=True).start()
    sockets = None if descriptor is None else [socket.socket(fileno=descriptor)]
    server.run(sockets=sockets)


def _until_orphaned(server: Any) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True
