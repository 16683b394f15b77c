"""The contract with the names of aiortc and aioice that nobody promised: see kernel.media.private."""

from importlib.metadata import version
from types import SimpleNamespace

import aioice.ice
import aiortc.rtcrtpreceiver
import pytest
from aiortc import RTCRtpReceiver, RTCRtpSender
from aiortc.rtcrtpparameters import RTCRtpCodecParameters

from acquis.kernel.media import private, video


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


@pytest.mark.parametrize("name", ["VP8", "H264"])
def test_no_picture_is_ever_decoded(name: str) -> None:
    private.install()
    codec = RTCRtpCodecParameters(f"video/{name}", 90_000, None, 97)

    decoder = aiortc.rtcrtpreceiver.get_decoder(codec)
    (packet,) = decoder.decode(SimpleNamespace(data=b"picture", timestamp=3000))

    assert bytes(packet) == b"picture"
    assert (packet.pts, packet.time_base) == (3000, video.TIME_BASE)


def test_a_receiver_has_the_names_that_ask_and_limit() -> None:
    receiver = RTCRtpReceiver("video", SimpleNamespace(state="new"))  # type: ignore[arg-type]

    assert callable(receiver._send_rtcp_pli)
    assert hasattr(getattr(receiver, private.ESTIMATOR), "add")
    assert "_send_keyframe" in RTCRtpSender._handle_rtcp_packet.__code__.co_names


def test_other_codecs_are_decoded_as_before() -> None:
    private.install()
    codec = RTCRtpCodecParameters("audio/PCMU", 8000, 1, 0)

    assert not isinstance(aiortc.rtcrtpreceiver.get_decoder(codec), private.PassThrough)


def test_a_machine_can_call_itself() -> None:
    private.install()

    assert private.LOOPBACK in aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=False)
    assert private.LOOPBACK not in aioice.ice.get_host_addresses(use_ipv4=False, use_ipv6=True)
