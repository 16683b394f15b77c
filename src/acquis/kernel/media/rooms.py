"""Rooms of the media worker: legs, who hears whom, tones, what is recorded.

A room is told how it should be (`Wish`) and makes itself so; being told the same again changes nothing.
Each leg sends one stream and has OTHERS places where it hears somebody, and one for tones: the browser
adds them up, so that nothing is decoded here whatever the number of people. A leg that offers pictures
sees whom it hears (`video`); what is recorded is the voices alone.
"""

import asyncio
import contextlib
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from av.packet import Packet

from acquis.kernel.media import video
from acquis.kernel.media.opus import FRAME, RATE, OggWriter, samples_of
from acquis.kernel.media.tones import RINGING

logger = logging.getLogger(__name__)
OTHERS = 3  # people whom a leg can hear at once
QUEUED = 50  # packets that may wait for a slow leg: one second
CONNECTING = 20.0  # seconds a leg has to connect
QUIET = 10.0  # seconds without a packet after which a leg that speaks counts as lost
AWAY = 12.0  # seconds that a lost leg has to come back: a page was reloaded
WRAP = 1 << 32  # RTP counts samples on 32 bits
STRAYED = RATE  # samples: a clock that jumps by more is not followed
TICK = FRAME / RATE

Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class RecordingWish:
    """What is to be recorded: after `announcement` was played to everybody, unless paused."""

    key: str
    legs: tuple[str, ...]
    announcement: str
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """How a room should be. A leg that is not in `legs` is closed."""

    legs: tuple[str, ...] = ()
    hear: Mapping[str, Sequence[str]] = field(default_factory=dict)  # whom each leg hears
    tones: Mapping[str, str] = field(default_factory=dict)  # what is played to it, over and over
    recording: RecordingWish | None = None
    discard: tuple[str, ...] = ()  # recordings to be deleted and not kept
    trunk: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # legs that are telephones


class Outgoing(MediaStreamTrack):
    """What one leg hears at one of its places; its clock runs on when the source changes."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._queue: asyncio.Queue[Any] = asyncio.Queue(QUEUED)
        self._source: object = None
        self._source_pts = 0
        self._pts = 0
        self._started = time.monotonic()

    def push(self, data: bytes, pts: int, source: object) -> None:
        step = (pts - self._source_pts) % WRAP
        if source is self._source and 0 < step < STRAYED:
            self._pts += step
        else:
            self._pts = max(self._pts + FRAME, round((time.monotonic() - self._started) * RATE))
        self._source, self._source_pts = source, pts
        packet = Packet(data)
        packet.pts = self._pts % WRAP
        packet.time_base = Fraction(1, RATE)
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(packet)

    async def recv(self) -> Any:
        return await self._queue.get()


class Leg:
    """One browser in a room; it may come again, from a page that was loaded anew."""

    def __init__(self, name: str, room: "Room", servers: Sequence[Mapping[str, str]]) -> None:
        self.name = name
        self.room = room
        self.places = [Outgoing() for _ in range(OTHERS)]
        self.house = Outgoing()
        self.camera = video.Camera()
        self.pictures: list[video.Place] = []  # beside `places`; none for a leg without pictures
        self.speaks = False
        self.heard_at = time.monotonic()
        self.joined_at = time.monotonic()
        self.left_at: float | None = None
        self.connected = asyncio.Event()
        self._slots: dict[str, int] = {}
        self._loop = ""
        self._shots: list[tuple[str, asyncio.Event]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._singing: asyncio.Task[None] | None = None
        self._open(servers)

    def _open(self, servers: Sequence[Mapping[str, str]]) -> None:
        configuration = RTCConfiguration(iceServers=[RTCIceServer(**one) for one in servers])
        self.peer = RTCPeerConnection(configuration)
        self.peer.on("track", self._on_track)
        self.peer.on("connectionstatechange", self._on_state)

    async def answer(self, offer: str) -> str:
        """The answer to the offer of a browser: one line sent, OTHERS + 1 received.

        Lines for pictures may follow: one sent, OTHERS received with it.
        """
        self.pictures = video.prepare(self.peer, offer, OTHERS)
        await self.peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        for track in (*self.places, self.house):
            self.peer.addTrack(track)
        await self.peer.setLocalDescription(await self.peer.createAnswer())
        return video.limited(str(self.peer.localDescription.sdp))

    def _on_track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio":
            self._run(self._listen(track))
        elif self.pictures:
            self.camera.comes_from(video.receiver_of(self.peer, track))
            self._run(self._look(track))

    def _on_state(self) -> None:
        state = self.peer.connectionState
        if state == "connected":
            self.heard_at = time.monotonic()
            self.connected.set()
            self.room.told({"what": "leg_connected", "leg": self.name})
        elif state in {"failed", "closed"} and self.left_at is None:
            self.left_at = time.monotonic()

    async def _listen(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(Exception):  # the end of a stream is raised
            while True:
                packet: Any = await track.recv()
                self.speaks = True
                self.heard_at = time.monotonic()
                self.room.said(self, bytes(packet), int(packet.pts))

    async def _look(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(Exception):  # the end of a stream is raised
            while True:
                frame: Any = await track.recv()
                self.room.showed(self, bytes(frame), int(frame.pts))

    def see(self, speaker: "Leg", data: bytes, pts: int) -> None:
        """Show one frame of somebody whom this leg hears, once it can receive it."""
        place = video.shown_by(self._slots.get(speaker.name), self.pictures)
        if place is not None and self.connected.is_set():
            place.push(data, pts, speaker.camera)

    def hear(self, speakers: Sequence[str]) -> None:
        """Give each speaker a place, and keep the place of those who had one."""
        self._slots = {name: place for name, place in self._slots.items() if name in speakers}
        free = [place for place in range(OTHERS) if place not in self._slots.values()]
        for name in speakers:
            if name not in self._slots and free:
                self._slots[name] = free.pop(0)
        for place, picture in enumerate(self.pictures):
            if place not in self._slots.values():
                picture.leave()

    def place_of(self, speaker: str) -> Outgoing | None:
        place = self._slots.get(speaker)
        return None if place is None else self.places[place]

    def sing(self, clip: str) -> None:
        """Play a clip over and over; "" stops."""
        self._loop = clip
        self._start_singing()

    def play(self, clip: str) -> asyncio.Event:
        """Play a clip once; the event says that it was played, or that the leg has left."""
        done = asyncio.Event()
        self._shots.append((clip, done))
        self._start_singing()
        return done

    def _start_singing(self) -> None:
        if (self._loop or self._shots) and self._singing is None:
            self._singing = self._run(self._sing())

    async def _sing(self) -> None:
        done: asyncio.Event | None = None
        try:
            due, source, pts = time.monotonic(), object(), 0
            while self._shots or self._loop:
                clip, done = self._shots.pop(0) if self._shots else (self._loop, None)
                for packet in self.room.clips.get(clip, ()):
                    if done is None and (self._loop != clip or self._shots):
                        break
                    pts += FRAME
                    self.house.push(packet, pts, source)
                    due = max(due + TICK, time.monotonic() - 1)
                    await asyncio.sleep(max(0, due - time.monotonic()))
                if done is not None:
                    done.set()
        finally:
            self._singing = None
            if done is not None:
                done.set()  # cut short: who waits looks whether the leg is still there

    def lost(self, now: float) -> bool:
        """Whether nothing comes from it any more."""
        if self.left_at is not None:
            return True
        if not self.connected.is_set():
            return now - self.joined_at > CONNECTING
        return self.speaks and now - self.heard_at > QUIET

    def _run(self, work: Any) -> "asyncio.Task[None]":
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        self.left_at = self.left_at or time.monotonic()
        for task in [*self._tasks]:
            task.cancel()
        for _clip, done in self._shots:
            done.set()
        for place in self.pictures:
            place.leave()
        await self._shut()

    async def _shut(self) -> None:
        await self.peer.close()


class Trunk(Protocol):
    """What brings telephones into rooms; `kernel.media.sip.gateway` is one."""

    def leg(self, name: str, room: "Room", asked: Mapping[str, Any]) -> "Telephone | None": ...


class Telephone(Leg, ABC):
    """A leg that is no browser: what is asked of it changes while it lives."""

    early = False  # what comes from it before it answers is its network's to say

    @abstractmethod
    def wished(self, asked: Mapping[str, Any]) -> None:
        """Be as the room now asks: answer, ring, send keys, hang up."""


class Part:
    """What one leg said, in a file of its own that begins with the recording."""

    def __init__(self, path: Path, started: float) -> None:
        self.path = path
        self._started = started
        self._writer = OggWriter()
        self._pts: int | None = None
        self._place = 0
        self._file = path.open("wb")
        self._file.write(self._writer.start())

    def write(self, data: bytes, pts: int) -> None:
        now = round((time.monotonic() - self._started) * RATE)
        step = None if self._pts is None else (pts - self._pts) % WRAP
        self._place = now if step is None or step > STRAYED else self._place + step
        if abs(self._place - now) > STRAYED:
            self._place = now
        self._pts = pts
        self._file.write(self._writer.silence(self._place))
        if self._writer.samples < self._place + samples_of(data) // 2 + 1:
            self._file.write(self._writer.add(data))
        self._file.flush()

    def close(self) -> float:
        """End the file; returns how long it lasts, in seconds."""
        end = round((time.monotonic() - self._started) * RATE)
        self._file.write(self._writer.silence(end) + self._writer.close())
        self._file.close()
        return self._writer.samples / RATE


class Recording:
    """What is kept of a room: a part a leg, aligned on one beginning."""

    def __init__(self, wish: RecordingWish, folder: Path) -> None:
        self.wish = wish
        self.folder = folder
        self.started: float | None = None
        self.parts: dict[str, Part] = {}
        self.starting: asyncio.Task[None] | None = None

    def said(self, leg: str, data: bytes, pts: int) -> None:
        if self.started is None or self.wish.paused or leg not in self.wish.legs:
            return
        if leg not in self.parts:
            path = self.folder / f"{self.wish.key}.{leg}.ogg"
            self.parts[leg] = Part(path, self.started)
        self.parts[leg].write(data, pts)

    def close(self) -> list[tuple[str, Path, float]]:
        """End it; gives the leg, the file and the seconds of each part."""
        if self.starting is not None:
            self.starting.cancel()
        return [(leg, part.path, part.close()) for leg, part in self.parts.items()]


class Room:
    def __init__(
        self,
        name: str,
        *,
        clips: Mapping[str, Sequence[bytes]],
        folder: Path,
        tell: Tell,
        trunk: Trunk | None = None,
    ) -> None:
        self.name = name
        self.trunk = trunk
        self.clips = clips
        self.folder = folder
        self.wish = Wish()
        self.legs: dict[str, Leg] = {}
        self.recording: Recording | None = None
        self._tell = tell
        self._kept: set[str] = set()  # recordings that were ended: the same wish starts none again

    def told(self, event: dict[str, Any]) -> None:
        self._tell({"room": self.name, **event})

    async def join(self, name: str, offer: str, servers: Sequence[Mapping[str, str]]) -> str:
        """Bring a leg in, or in again; it hears and is heard as the room wishes."""
        known = self.legs.pop(name, None)
        if known is not None:
            await known.close()
        leg = Leg(name, self, servers)
        self.legs[name] = leg
        answer = await leg.answer(offer)
        self.arrange()
        return answer

    async def apply(self, wish: Wish) -> None:
        self.wish = wish
        for name in [name for name in self.legs if name not in (*wish.legs, *wish.trunk)]:
            await self.legs.pop(name).close()
        self._bring_telephones()
        self.arrange()
        self._record()

    def _bring_telephones(self) -> None:
        for name, asked in self.wish.trunk.items():
            leg = self.legs.get(name)
            if leg is None and self.trunk is not None:
                leg = self.trunk.leg(name, self, asked)
            if isinstance(leg, Telephone):
                self.legs[name] = leg
                leg.wished(asked)

    def arrange(self) -> None:
        """Let each leg hear whom it should; a network that plays its own tones is heard instead of ours."""
        early = [
            name for name, leg in self.legs.items() if isinstance(leg, Telephone) and leg.early
        ]
        for name, leg in self.legs.items():
            clip = self.wish.tones.get(name, "")
            called = early if clip == RINGING and name not in early else []
            leg.hear((*self.wish.hear.get(name, ()), *called))
            leg.sing("" if called else clip)

    def pressed(self, speaker: Leg, clip: str) -> None:
        """Somebody pressed a key of their telephone: whoever hears them hears it; nothing is kept."""
        for listener in self.legs.values():
            if listener.place_of(speaker.name) is not None:
                listener.play(clip)
        self.told({"what": "leg_pressed", "leg": speaker.name})

    def said(self, speaker: Leg, data: bytes, pts: int) -> None:
        """Hand a packet to whoever hears this leg, and to the recording."""
        for listener in self.legs.values():
            place = listener.place_of(speaker.name)
            if place is not None:
                place.push(data, pts, speaker)
        if self.recording is not None:
            self.recording.said(speaker.name, data, pts)

    def showed(self, speaker: Leg, data: bytes, pts: int) -> None:
        """Hand a frame to whoever hears this leg; pictures are never recorded."""
        for listener in self.legs.values():
            listener.see(speaker, data, pts)

    def _record(self) -> None:
        wanted = self.wish.recording
        current = self.recording
        if current is not None and (wanted is None or wanted.key != current.wish.key):
            self._end_recording(current)
            current = None
        if wanted is None or wanted.key in self._kept:
            return
        if current is None:
            self.recording = current = Recording(wanted, self.folder)
            current.starting = asyncio.create_task(self._start(current))
        current.wish = wanted

    async def _start(self, recording: Recording) -> None:
        """Announce, then record: nothing is kept of what was said before the announcement ended."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONNECTING):
                await self._all_present(recording)
        clip = recording.wish.announcement
        await asyncio.gather(*(self._announce(leg, clip) for leg in self.legs.values()))
        recording.started = time.monotonic()
        self.told({"what": "recording_started", "recording": recording.wish.key})

    async def _announce(self, leg: Leg, clip: str) -> None:
        """Play it whole; whose page is loaded anew meanwhile hears it again from its beginning."""
        hears: Leg | None = leg
        while hears is not None:
            await hears.play(clip).wait()
            hears = None if hears.left_at is None else await self._back(hears)

    async def _back(self, left: Leg) -> Leg | None:
        """The same person from another page; None when they do not come again in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONNECTING):
                while left.name in self.wish.legs:
                    again = self.legs.get(left.name)
                    if again is not None and again is not left and again.connected.is_set():
                        return again
                    await asyncio.sleep(TICK)
        return None

    async def _all_present(self, recording: Recording) -> None:
        """Wait until everybody who will be recorded can hear that they will be."""
        while True:
            legs = [self.legs.get(name) for name in recording.wish.legs]
            if all(leg is not None and leg.connected.is_set() for leg in legs):
                return
            await asyncio.sleep(TICK)

    def _end_recording(self, recording: Recording) -> None:
        self.recording = None
        key = recording.wish.key
        self._kept.add(key)
        parts = recording.close()
        if key in self.wish.discard:
            for _leg, path, _seconds in parts:
                path.unlink(missing_ok=True)
            self.told({"what": "recording_discarded", "recording": key})
        else:
            files = [
                {"leg": leg, "path": str(path), "seconds": seconds} for leg, path, seconds in parts
            ]
            self.told({"what": "recording_kept", "recording": key, "parts": files})

    async def sweep(self, now: float) -> None:
        """Forget the legs that were lost and did not come back."""
        for name, leg in [*self.legs.items()]:
            if leg.left_at is None and leg.lost(now):
                await leg.close()
                leg.left_at = now
            if leg.left_at is not None and now - leg.left_at > AWAY:
                del self.legs[name]
                self.told({"what": "leg_lost", "leg": name})

    async def close(self) -> None:
        self.wish = Wish(discard=self.wish.discard)
        if self.recording is not None:
            self._end_recording(self.recording)
        for leg in [*self.legs.values()]:
            await leg.close()
        self.legs.clear()
