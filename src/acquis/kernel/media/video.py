"""Pictures between the legs of a room: VP8 as browsers send it, never decoded and never kept.

A leg that offers pictures has one `Camera` (what it shows) and OTHERS places (`Place`), one beside each
place where it hears somebody. A frame that refers to one which the listener has not received shows
nothing, so a place waits for a key frame whenever its source changes or frames were dropped, and asks
the source for one.

Sources: RFC 6386 (VP8), RFC 7741 (its packets), RFC 4585 (PLI, NACK), RFC 7742 (every browser has VP8).
"""

import asyncio
import re
import time
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpSender
from av.packet import Packet

from acquis.kernel.media import private

CLOCK = 90_000  # of every picture in RTP, a second
FRAME = CLOCK // 30  # the least by which the clock advances when the source changes
STRAYED = 10 * CLOCK  # a clock that jumps by more is not followed; a still screen says little
WRAP = 1 << 32  # RTP counts on 32 bits
QUEUED = 30  # frames that may wait for a slow leg: one second
MOST_BITS = 900_000  # a second, of one camera: a face at 640 × 480 or a readable screen
LEAST_BITS = 100_000  # below, nothing can be recognised
KEY_EVERY = 0.5  # seconds: a key frame weighs ten others
TIME_BASE = Fraction(1, CLOCK)


def is_key(data: bytes) -> bool:
    """Whether a VP8 frame stands by itself: its lowest bit is 0. Source: RFC 6386, 9.1."""
    return bool(data) and not data[0] & 1


class Camera:
    """What one leg shows: who sees it, and how it is asked for a key frame."""

    def __init__(self) -> None:
        self.seen_at: set[Place] = set()
        self._receiver: Any = None
        self._asked_at = float("-inf")
        self._asking: set[asyncio.Task[None]] = set()

    def comes_from(self, receiver: Any) -> None:
        self._receiver = receiver
        private.limit(receiver, self.ceiling)

    def ceiling(self) -> int:
        """Bits a second that everybody who looks can take; in bounds, whatever their browsers say."""
        takes = min((place.takes for place in self.seen_at), default=MOST_BITS)
        return max(LEAST_BITS, min(takes, MOST_BITS))

    def ask(self) -> None:
        """Ask for a key frame, unless one was asked for a moment ago: whoever waits asks again."""
        now = time.monotonic()
        if self._receiver is None or now - self._asked_at < KEY_EVERY:
            return
        self._asked_at = now
        task = asyncio.create_task(private.ask_key_frame(self._receiver))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)


class Place(MediaStreamTrack):
    """Where a leg sees somebody; its clock runs on when the source changes."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self.takes = MOST_BITS  # bits a second, as the browser at the other end estimates
        self._queue: asyncio.Queue[Any] = asyncio.Queue(QUEUED)
        self._source: Camera | None = None
        self._source_pts = 0
        self._pts = 0
        self._waits = True  # for a key frame
        self._started = time.monotonic()

    def push(self, data: bytes, pts: int, source: Camera) -> None:
        """Hand on one frame of `source`, or wait for one that can be shown."""
        if source is not self._source:
            self._turn_to(source)
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            self._waits = True
        if self._waits and not is_key(data):
            source.ask()
            return
        step = (pts - self._source_pts) % WRAP
        if not self._waits and 0 < step < STRAYED:
            self._pts += step
        else:
            self._pts = max(self._pts + FRAME, round((time.monotonic() - self._started) * CLOCK))
        self._waits, self._source_pts = False, pts
        packet = Packet(data)
        packet.pts = self._pts % WRAP
        packet.time_base = TIME_BASE
        self._queue.put_nowait(packet)

    def _turn_to(self, source: Camera) -> None:
        if self._source is not None:
            self._source.seen_at.discard(self)
        self._source, self._waits = source, True
        source.seen_at.add(self)

    async def recv(self) -> Any:
        return await self._queue.get()

    def ask(self) -> None:
        """The browser at the other end cannot show what it received."""
        if self._source is not None:
            self._source.ask()

    def heed(self, bits: int) -> None:
        """The browser at the other end says what it can take."""
        self.takes = bits

    def leave(self) -> None:
        """Nobody looks here any more."""
        if self._source is not None:
            self._source.seen_at.discard(self)
            self._source = None


def prepare(peer: RTCPeerConnection, offer: str, most: int) -> list[Place]:
    """Make as many places as the offer has lines for pictures, `most` at most, before it is applied.

    Only VP8 is agreed on: it is what every browser has, and one codec needs no translation.
    """
    codecs = [
        codec
        for codec in RTCRtpSender.getCapabilities("video").codecs
        if codec.mimeType in {"video/VP8", "video/rtx"}
    ]
    places = []
    for _line in range(min(most, len(re.findall(r"(?m)^m=video ", offer)))):
        place = Place()
        transceiver = peer.addTransceiver(place, direction="sendrecv")
        transceiver.setCodecPreferences(codecs)
        private.heed(transceiver.sender, ask=place.ask, takes=place.heed)
        places.append(place)
    return places


def receiver_of(peer: RTCPeerConnection, track: MediaStreamTrack) -> Any:
    """The receiver of this connection that hands out this track."""
    return next(one.receiver for one in peer.getTransceivers() if one.receiver.track is track)


def limited(answer: str) -> str:
    """The answer, telling the browser how much its camera may send. Source: RFC 8866, 5.8."""
    return re.sub(
        r"(?m)^(m=video [^\n]*\n(?:i=[^\n]*\n)?c=[^\n]*\n)",
        lambda found: f"{found[0]}b=AS:{MOST_BITS // 1000}\r\n",
        answer,
    )


def shown_by(place: int | None, places: Sequence[Place]) -> Place | None:
    """The place beside the one where somebody is heard; None for a leg without pictures."""
    return places[place] if place is not None and place < len(places) else None
