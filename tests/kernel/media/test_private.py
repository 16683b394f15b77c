"""The contract with the names of aiortc and aioice that nobody promised: see kernel.media.private."""

from importlib.metadata import version
from types import SimpleNamespace

import aioice.ice
import aiortc.rtcrtpreceiver
from aiortc.rtcrtpparameters import RTCRtpCodecParameters

from acquis.kernel.media import private


def test_the_pinned_versions_are_those_installed() -> None:
    assert version("aiortc") == "1.16.0"
    assert version("aioice") == "0.13.0"


def test_an_opus_packet_comes_out_as_it_went_in() -> None:
    private.install()
    private.install()
    codec = RTCRtpCodecParameters("audio/opus", 48_000, 2, 96)

    decoder = aiortc.rtcrtpreceiver.get_decoder(codec)
    (packet,) = decoder.decode(SimpleNamespace(data=b"\xf8\xff\xfe", timestamp=960))

    assert bytes(packet) == b"\xf8\xff\xfe"
    assert (packet.pts, packet.time_base) == (960, private.TIME_BASE)


def test_other_codecs_are_decoded_as_before() -> None:
    private.install()
    codec = RTCRtpCodecParameters("audio/PCMU", 8000, 1, 0)

    assert not isinstance(aiortc.rtcrtpreceiver.get_decoder(codec), private.PassThrough)


def test_a_machine_can_call_itself() -> None:
    private.install()

    assert private.LOOPBACK in aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=False)
    assert private.LOOPBACK not in aioice.ice.get_host_addresses(use_ipv4=False, use_ipv6=True)
