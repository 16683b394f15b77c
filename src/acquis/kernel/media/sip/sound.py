"""Opus on our side, samples at 8 or 16 kHz on the side of the trunk.

The packets that a leg hears come as they were sent, each speaker at a place of its own; here, and
nowhere else during a call, they are decoded and added up, since a telephone hears one stream.
"""

import threading
from collections import deque
from fractions import Fraction

import av
import numpy as np
from av.packet import Packet
from numpy.typing import NDArray

from acquis.kernel.media.opus import RATE

Samples = NDArray[np.int16]
FRAMES_A_SECOND = 50
BIT_RATE = 24_000
FILLED = 3  # frames that wait before a speaker is heard: what the network may shake
MOST = 12  # frames that may wait: beyond, the oldest are dropped


class Speaking:
    """What comes from the trunk, as Opus packets of 20 ms."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._place = 0
        codec = av.CodecContext.create("libopus", "w")
        codec.sample_rate = rate
        codec.layout = "mono"
        codec.format = "s16"
        codec.bit_rate = BIT_RATE
        codec.time_base = Fraction(1, rate)
        codec.options = {"application": "voip"}
        self._codec = codec

    def packets(self, content: bytes) -> list[bytes]:
        """`content` is one frame of 20 ms, signed 16 bits."""
        samples = np.frombuffer(content, np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = self._rate
        frame.pts = self._place
        self._place += samples.shape[1]
        return [bytes(packet) for packet in self._codec.encode(frame)]


class _Place:
    """One speaker: their decoder, and the frames that wait to be heard."""

    def __init__(self, rate: int) -> None:
        codec = av.CodecContext.create("libopus", "r")
        codec.sample_rate = RATE
        codec.layout = "mono"
        self._codec = codec
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
        self._size = rate // FRAMES_A_SECOND
        self._rest: Samples = np.zeros(0, np.int16)
        self.frames: deque[Samples] = deque()
        self.begun = False

    def push(self, packet: bytes) -> None:
        pieces = [self._rest]
        for decoded in self._codec.decode(Packet(packet)):
            for one in self._resampler.resample(decoded):
                pieces.append(one.to_ndarray().reshape(-1).astype(np.int16))  # noqa: PERF401
        samples = np.concatenate(pieces)
        whole = len(samples) // self._size * self._size
        self.frames.extend(samples[:whole].reshape(-1, self._size))
        self._rest = samples[whole:]
        while len(self.frames) > MOST:
            self.frames.popleft()

    def next(self) -> Samples | None:
        if not self.begun and len(self.frames) < FILLED:
            return None
        self.begun = bool(self.frames)
        return self.frames.popleft() if self.frames else None


class Hearing:
    """What goes to the trunk: whoever is heard, added up. Filled by one thread, read by another."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._size = rate // FRAMES_A_SECOND
        self._places: dict[int, _Place] = {}
        self._lock = threading.Lock()

    def push(self, place: int, packet: bytes) -> None:
        """A packet that cannot be read is left out."""
        with self._lock:
            if place not in self._places:
                self._places[place] = _Place(self._rate)
            try:
                self._places[place].push(packet)
            except av.FFmpegError:
                return

    def frame(self) -> bytes:
        """The next 20 ms, signed 16 bits."""
        whole = np.zeros(self._size, np.int32)
        with self._lock:
            for place in self._places.values():
                heard = place.next()
                if heard is not None:
                    whole += heard
        return np.clip(whole, -32768, 32767).astype(np.int16).tobytes()
