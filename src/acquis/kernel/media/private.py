"""The two names of aiortc and aioice that we lean on though nobody promised them.

`get_decoder` (aiortc.rtcrtpreceiver) is replaced so that an Opus packet comes out of a leg as it went
in: nothing is decoded, and a call costs a fifth. The sender already takes packets. `get_host_addresses`
(aioice.ice) leaves out the loopback address, without which a machine that has no network could not
call itself. `tests/kernel/media/test_private.py` says at once when either changes.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import aioice.ice
import aiortc.rtcrtpreceiver
from av.packet import Packet

from acquis.kernel.media.opus import RATE

LOOPBACK = "127.0.0.1"
TIME_BASE = Fraction(1, RATE)


class PassThrough:
    """Stands where a decoder would, and gives the packet itself, with its time."""

    def decode(self, encoded_frame: Any) -> list[Any]:
        packet = Packet(encoded_frame.data)
        packet.pts = encoded_frame.timestamp
        packet.time_base = TIME_BASE
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
        return PassThrough() if codec.name.lower() == "opus" else original(codec)

    get_decoder.replaces = original  # type: ignore[attr-defined]
    return get_decoder


def _with_loopback(original: Callable[..., list[str]]) -> Callable[..., list[str]]:
    def get_host_addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return [*original(use_ipv4, use_ipv6), *([LOOPBACK] if use_ipv4 else [])]

    get_host_addresses.replaces = original  # type: ignore[attr-defined]
    return get_host_addresses
