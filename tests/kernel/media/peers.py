"""People on the line, played by aiortc itself: each sends one note."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from av.packet import Packet

from acquis.kernel.media import private
from acquis.kernel.media.opus import FRAME, RATE
from acquis.kernel.media.rooms import OTHERS
from acquis.kernel.media.tones import encoded


def note(hertz: float, seconds: float = 1.0) -> list[bytes]:
    return encoded(0.4 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE))


class Voice(MediaStreamTrack):
    kind = "audio"

    def __init__(self, hertz: float) -> None:
        super().__init__()
        self.packets = note(hertz)
        self.sent = 0
        self.started = time.monotonic()

    async def recv(self) -> Any:
        due = self.started + self.sent * FRAME / RATE
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        packet = Packet(self.packets[self.sent % len(self.packets)])
        packet.pts = self.sent * FRAME
        packet.time_base = Fraction(1, RATE)
        self.sent += 1
        return packet


def film(shade: int, frames: int = 30) -> list[bytes]:
    """A second of VP8: a key frame, then frames that refer to it, of a bar that moves."""
    codec: Any = av.CodecContext.create("libvpx", "w")
    codec.width, codec.height, codec.pix_fmt = 160, 120, "yuv420p"
    codec.time_base, codec.bit_rate, codec.gop_size = Fraction(1, 30), 200_000, 3000
    codec.options = {"deadline": "realtime", "cpu-used": "-6", "lag-in-frames": "0"}
    packets = []
    for number in range(frames):
        picture = np.full((120, 160, 3), shade, np.uint8)
        picture[:, number * 5 : number * 5 + 20] = 255 - shade
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = number
        packets += [bytes(packet) for packet in codec.encode(frame)]
    return packets


class Picture(MediaStreamTrack):
    """A camera that starts again with its key frame when it is asked for one."""

    kind = "video"

    def __init__(self, shade: int) -> None:
        super().__init__()
        self.frames = film(shade)
        self.sent = self.next = self.asked = 0
        self.ceiling = 0
        self.started = time.monotonic()

    def ask(self) -> None:
        self.asked += 1
        self.next = 0

    def heed(self, bits: int) -> None:
        self.ceiling = bits

    async def recv(self) -> Any:
        due = self.started + self.sent / 30
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        if self.next >= len(self.frames):
            self.next = 1  # never a key frame unless it is asked for
        packet = Packet(self.frames[self.next])
        packet.pts = self.sent * 3000
        packet.time_base = Fraction(1, 90_000)
        self.sent += 1
        self.next += 1
        return packet


class Peer:
    """A browser, as far as the worker can tell; with `camera` it offers pictures."""

    def __init__(self, hertz: float | None, camera: Picture | None = None) -> None:
        self.seen: list[list[bytes]] = []
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.heard: list[list[bytes]] = []
        self.arrived: list[float] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.connection.on("track", self._on_track)
        if hertz is None:
            self.connection.addTransceiver("audio", direction="recvonly")
        else:
            self.connection.addTrack(Voice(hertz))
        for _place in range(OTHERS):
            self.connection.addTransceiver("audio", direction="recvonly")
        if camera is not None:
            sender = self.connection.addTrack(camera)
            private.heed(sender, ask=camera.ask, takes=camera.heed)
            for _place in range(OTHERS - 1):
                self.connection.addTransceiver("video", direction="recvonly")

    def _on_track(self, track: MediaStreamTrack) -> None:
        packets: list[bytes] = []
        (self.heard if track.kind == "audio" else self.seen).append(packets)
        self.tasks.append(asyncio.create_task(self._listen(track, packets)))

    async def _listen(self, track: MediaStreamTrack, packets: list[bytes]) -> None:
        with contextlib.suppress(Exception):  # the end of a stream is raised
            while True:
                packet: Any = await track.recv()
                packets.append(bytes(packet))
                self.arrived.append(time.monotonic())

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def accept(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def has_heard(self, hertz: float) -> bool:
        """Whether a packet of that voice came, as it was sent."""
        sent = set(note(hertz))
        return any(packet in sent for packets in self.heard for packet in packets)

    def has_seen(self, film: Sequence[bytes]) -> bool:
        """Whether one place received a key frame of that film and then one that refers to it."""
        later = set(film[1:])
        return any(
            film[0] in frames and later & set(frames[frames.index(film[0]) :])
            for frames in self.seen
        )

    def forget(self) -> None:
        for packets in (*self.heard, *self.seen):
            packets.clear()

    async def close(self) -> None:
        await self.connection.close()
        for task in self.tasks:
            task.cancel()
