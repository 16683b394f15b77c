"""People on the line, played by aiortc itself: each sends one note."""

import asyncio
import contextlib
import time
from fractions import Fraction
from typing import Any

import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from av.packet import Packet

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


class Peer:
    """A browser, as far as the worker can tell."""

    def __init__(self, hertz: float | None) -> None:
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

    def _on_track(self, track: MediaStreamTrack) -> None:
        packets: list[bytes] = []
        self.heard.append(packets)
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

    def forget(self) -> None:
        for packets in self.heard:
            packets.clear()

    async def close(self) -> None:
        await self.connection.close()
        for task in self.tasks:
            task.cancel()
