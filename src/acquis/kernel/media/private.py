# ruff: noqa: SLF001  names of others are what this file is for
"""The names of aiortc and aioice that we lean on though nobody promised them.

`get_decoder` (aiortc.rtcrtpreceiver) is replaced so that an Opus packet, or a frame of a picture, comes
out of a leg as it went in: nothing is decoded, and a call costs a fifth. The sender already takes
packets. `get_host_addresses` (aioice.ice) leaves out the loopback address, without which a machine that
has no network could not call itself. A sender says when its browser wants a key frame
(`_send_keyframe`) and what it can take (`_handle_rtcp_packet`); a receiver asks for a key frame
(`_send_rtcp_pli`) and says what it can take (its estimator). `tests/kernel/media/test_private.py` says
at once when one of them changes.
"""

import contextlib
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import aioice.ice
import aiortc.rtcrtpreceiver
from aiortc.rtp import RTCP_PSFB_APP, RtcpPsfbPacket, unpack_remb_fci
from av.packet import Packet

from acquis.kernel.media.opus import RATE

LOOPBACK = "127.0.0.1"
TIME_BASE = Fraction(1, RATE)
PICTURES = Fraction(1, 90_000)
ESTIMATOR = "_RTCRtpReceiver__remote_bitrate_estimator"


class PassThrough:
    """Stands where a decoder would, and gives the packet itself, with its time."""

    def __init__(self, time_base: Fraction) -> None:
        self._time_base = time_base

    def decode(self, encoded_frame: Any) -> list[Any]:
        packet = Packet(encoded_frame.data)
        packet.pts = encoded_frame.timestamp
        packet.time_base = self._time_base
        return [packet]


def install() -> None:
    """Put both in place; doing it again changes nothing."""
    receiver: Any = aiortc.rtcrtpreceiver
    if not hasattr(receiver.get_decoder, "replaces"):
        receiver.get_decoder = _passing(receiver.get_decoder)
    ice: Any = aioice.ice
    if not hasattr(ice.get_host_addresses, "replaces"):
        ice.get_host_addresses = _with_loopback(ice.get_host_addresses)


def _passing(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def get_decoder(codec: Any) -> Any:
        if codec.mimeType.lower().startswith("video/"):
            return PassThrough(PICTURES)
        return PassThrough(TIME_BASE) if codec.name.lower() == "opus" else original(codec)

    get_decoder.replaces = original  # type: ignore[attr-defined]
    return get_decoder


def _with_loopback(original: Callable[..., list[str]]) -> Callable[..., list[str]]:
    def get_host_addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return [*original(use_ipv4, use_ipv6), *([LOOPBACK] if use_ipv4 else [])]

    get_host_addresses.replaces = original  # type: ignore[attr-defined]
    return get_host_addresses


def heed(sender: Any, *, ask: Callable[[], None], takes: Callable[[int], None]) -> None:
    """Call `ask` when the other end wants a key frame, `takes` with the bits a second it can take."""
    original = sender._handle_rtcp_packet

    async def handle(packet: Any) -> None:
        if isinstance(packet, RtcpPsfbPacket) and packet.fmt == RTCP_PSFB_APP:
            with contextlib.suppress(ValueError):  # not an estimate: other things travel there
                bits, streams = unpack_remb_fci(packet.fci)
                if sender._ssrc in streams:
                    takes(bits)
        await original(packet)

    sender._send_keyframe = ask
    sender._handle_rtcp_packet = handle


async def ask_key_frame(receiver: Any) -> None:
    """Ask whoever sends for a picture that stands by itself."""
    for source in receiver.getSynchronizationSources():
        await receiver._send_rtcp_pli(source.source)


class _Limited:
    """An estimator that never says more than a ceiling."""

    def __init__(self, original: Any, ceiling: Callable[[], int]) -> None:
        self._original = original
        self._ceiling = ceiling

    def add(self, **packet: Any) -> tuple[int, list[int]] | None:
        told = self._original.add(**packet)
        return None if told is None else (min(told[0], self._ceiling()), told[1])


def limit(receiver: Any, ceiling: Callable[[], int]) -> None:
    """Tell whoever sends to stay below `ceiling` bits a second, asked anew each time."""
    setattr(receiver, ESTIMATOR, _Limited(getattr(receiver, ESTIMATOR), ceiling))
