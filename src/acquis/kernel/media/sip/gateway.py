"""The media worker's side of the gateway: keeps its process alive, and brings its calls into rooms."""

import asyncio
import contextlib
import logging
import socket
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from acquis.kernel.media.opus import FRAME
from acquis.kernel.media.rooms import Room, Telephone
from acquis.kernel.media.sip import link
from acquis.kernel.media.sip.trunk import Trunk
from acquis.kernel.media.tones import KEYS

logger = logging.getLogger(__name__)
PAUSE = 2.0  # seconds before a gateway that died is started again
PATIENCE = 8.0  # seconds it has to end its calls
REMEMBERED = 5_000  # legs that were, so that a wish told late brings none of them back
GONE, UNAVAILABLE = 0, 503
Event = dict[str, Any]


class TrunkLeg(Telephone):
    """A call of the trunk, in a room like any browser."""

    def __init__(self, name: str, room: Room, gateway: "Gateway", asked: Mapping[str, Any]) -> None:
        super().__init__(name, room, ())
        self.early = False
        self.is_incoming = "call" in asked
        self._gateway = gateway
        self._answering = False
        self._limit: tuple[int, asyncio.TimerHandle] | None = None
        self._pts = 0
        for rank, place in enumerate((*self.places, self.house)):
            self._run(self._carry(link.HOUSE if place is self.house else rank, place))

    def _open(self, servers: object) -> None:
        """Its connection is the gateway's affair."""

    async def _shut(self) -> None:
        if self._limit is not None:
            self._limit[1].cancel()
        self._gateway.ask({"what": "hang_up", "leg": self.name})

    def wished(self, asked: Mapping[str, Any]) -> None:
        """Answer once the desk did; tell when it lasts longer than asked."""
        if asked.get("answer") and self.is_incoming and not self._answering:
            self._answering = True
            self._gateway.ask({"what": "answer", "leg": self.name})
        limit = int(asked.get("limit") or 0)
        if limit != (self._limit[0] if self._limit else 0):
            if self._limit is not None:
                self._limit[1].cancel()
            loop = asyncio.get_running_loop()
            event = {"what": "leg_limit", "leg": self.name, "seconds": limit}
            handle = loop.call_later(limit, self.room.told, event) if limit else None
            self._limit = (limit, handle) if handle else None

    async def _carry(self, place: int, heard: Any) -> None:
        while True:
            packet = await heard.recv()
            self._gateway.say(link.Sound(self.name, place, bytes(packet)))

    def play(self, clip: str) -> asyncio.Event:
        """Keys leave as the events that telephones send, not as sound (RFC 4733)."""
        _key, dash, rank = clip.partition("key-")
        if not dash:
            return super().play(clip)
        self._gateway.ask({"what": "keys", "leg": self.name, "keys": KEYS[int(rank)]})
        done = asyncio.Event()
        done.set()
        return done

    def lost(self, now: float) -> bool:  # noqa: ARG002  the gateway tells
        return False

    def spoke(self, packet: bytes) -> None:
        self.speaks = True
        self.heard_at = time.monotonic()
        self._pts += FRAME
        self.room.said(self, packet, self._pts)

    def answered(self) -> None:
        self.early = False
        if not self.connected.is_set():
            self.connected.set()
            self.room.told({"what": "leg_connected", "leg": self.name})
            if not self.is_incoming:
                self.room.told({"what": "leg_answered", "leg": self.name})


class Gateway:
    """Calls of one trunk by leg; `tell` takes what the desk must know."""

    def __init__(self, trunk: Trunk, tell: Callable[[Event], None]) -> None:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        self.state: Event = {"up": False, "status": GONE, "reason": "", "since": started}
        self.pid: int | None = None
        self._trunk = trunk
        self._tell = tell
        self._legs: dict[str, TrunkLeg] = {}
        self._known: dict[str, None] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep_alive())

    async def stop(self) -> None:
        """Let go of the process, which ends its calls; wait until it did."""
        self._stopping = True
        if self._writer is not None:
            self._writer.close()
        if self._task is not None:
            with contextlib.suppress(TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(self._task, PATIENCE)

    def ask(self, words: Mapping[str, Any]) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(link.words(words))

    def say(self, sound: link.Sound) -> None:
        if self._writer is not None and not self._writer.is_closing():
            link.send_sound(self._writer, sound)

    def leg(self, name: str, room: Room, asked: Mapping[str, Any]) -> Telephone | None:
        """Bring a call of the trunk into a room: one that rings, or a number to dial.

        Nothing for a leg that was there before: a call that ended is not placed again. One that
        is said to be answered, and of which nothing is known, is over: a worker died with it.
        """
        if name in self._known:
            return None
        self._known[name] = None
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        if self._writer is None or (asked.get("answer") and "number" in asked):
            self._told_end(name, room, UNAVAILABLE if self._writer is None else GONE)
            return None
        leg = TrunkLeg(name, room, self, asked)
        self._legs[name] = leg
        if leg.is_incoming:
            self.ask({"what": "ring", "leg": name, "call": asked["call"]})
        else:
            own = asked.get("own", "")
            self.ask({"what": "dial", "leg": name, "number": asked["number"], "own": own})
        return leg

    def refuse(self, call: str, status: int) -> None:
        self.ask({"what": "refuse", "call": call, "status": status})

    async def _keep_alive(self) -> None:
        while not self._stopping:
            try:
                await self._carry()
            except Exception:
                logger.exception("sip: the gateway did not start")
            await self._gone()
            if not self._stopping:
                logger.error("sip: the gateway ended and is started again")
                await asyncio.sleep(PAUSE)

    async def _carry(self) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "acquis.kernel.media.sip", str(theirs.fileno())]
        process = await asyncio.create_subprocess_exec(
            *command,
            pass_fds=[theirs.fileno()],
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,  # PJSIP presents itself there
        )
        theirs.close()
        self.pid = process.pid
        reader, writer = await asyncio.open_connection(sock=ours)
        writer.write(link.words(self._trunk.as_data()))
        self._writer = writer
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    await self._on(await link.read(reader))
        finally:
            self._writer = None
            writer.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), PATIENCE)
            if process.returncode is None:
                process.kill()
                await process.wait()
            self.pid = None

    async def _on(self, message: Event | link.Sound) -> None:
        if isinstance(message, link.Sound):
            leg = self._legs.get(message.leg)
            if leg is not None:
                leg.spoke(message.data)
            return
        what = message["what"]
        if what == "trunk":
            self._set_state({name: message[name] for name in ("up", "status", "reason")})
        elif what == "incoming":
            self._tell({**message, "what": "trunk_incoming"})
        elif what == "given_up":
            self._tell({**message, "what": "trunk_given_up"})
        elif (leg := self._legs.get(message["leg"])) is not None:
            await self._on_leg(leg, message)

    async def _on_leg(self, leg: TrunkLeg, message: Event) -> None:
        match message["what"]:
            case "early":
                leg.early = True
                leg.room.arrange()
            case "answered":
                leg.answered()
                leg.room.arrange()
            case "keys":
                leg.room.pressed(leg, f"key-{KEYS.index(message['keys'])}")
            case "ended":
                await self._end(leg, message["status"])

    async def _end(self, leg: TrunkLeg, status: int) -> None:
        del self._legs[leg.name]
        leg.room.legs.pop(leg.name, None)
        await leg.close()
        self._told_end(leg.name, leg.room, status)

    def _told_end(self, name: str, room: Room, status: int) -> None:
        room.told({"what": "leg_ended", "leg": name, "status": status})

    async def _gone(self) -> None:
        for leg in [*self._legs.values()]:
            await self._end(leg, GONE)
        if not self._stopping:
            self._set_state({"up": False, "status": GONE, "reason": ""})

    def _set_state(self, state: Event) -> None:
        """`since` is when it began to be so, as the clock of this machine tells (ISO 8601, UTC)."""
        if any(self.state[name] != value for name, value in state.items()):
            same = self.state["up"] == state["up"]
            since = self.state["since"] if same else datetime.now(UTC).isoformat(timespec="seconds")
            self.state = {**state, "since": since}
            self._tell({"what": "trunk", **state})
