import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.kernel.media import mixing, opus, tones
from tests.kernel.media.peers import note

packets = st.lists(st.binary(min_size=1, max_size=700), max_size=130)


def file_of(*voices: bytes) -> bytes:
    writer = opus.OggWriter()
    return writer.start() + b"".join(map(writer.add, voices)) + writer.close()


@given(packets)
def test_packets_come_out_of_a_file_as_they_went_in(sent: list[bytes]) -> None:
    assert list(opus.packets_in(file_of(*sent))) == sent


@given(packets, st.integers(0, 4000))
def test_a_file_that_was_cut_is_read_up_to_there(sent: list[bytes], cut: int) -> None:
    read = list(opus.packets_in(file_of(*sent)[:cut]))

    assert read == sent[: len(read)]


@pytest.mark.parametrize(
    ("packet", "samples"),
    [
        (b"", 0),
        (opus.SILENCE, 960),
        (bytes([0 << 3]), 480),
        (bytes([3 << 3]), 2880),
        (bytes([13 << 3]), 960),
        (bytes([16 << 3]), 120),
        (bytes([31 << 3 | 1]), 1920),
        (bytes([31 << 3 | 3, 3]), 2880),
        (bytes([31 << 3 | 3]), 0),
    ],
)
def test_the_length_of_a_packet_is_told_by_its_first_bytes(packet: bytes, samples: int) -> None:
    assert opus.samples_of(packet) == samples


def test_silence_fills_a_file_up_to_an_instant() -> None:
    writer = opus.OggWriter()
    content = writer.start() + writer.silence(opus.RATE) + writer.silence(10) + writer.close()

    assert writer.samples == opus.RATE
    assert len(list(opus.packets_in(content))) == 50


def test_our_files_are_read_by_others() -> None:
    wave = mixing.decoded(file_of(*note(700, 2.0)))

    spectrum = np.abs(np.fft.rfft(wave))
    assert len(wave) == 2 * opus.RATE
    assert np.argmax(spectrum) / 2 == pytest.approx(700, abs=2)


def test_every_clip_is_encoded_and_keys_sound_as_telephones_do() -> None:
    clips = tones.clips()

    assert {"notice", "beep", "ringing", "hold", "key-0", "key-15"} <= set(clips)
    wave = mixing.decoded(file_of(*clips["key-5"]))
    spectrum = np.abs(np.fft.rfft(wave, opus.RATE))
    loudest = sorted(np.argsort(spectrum)[-60:])
    assert any(abs(hertz - 770) < 8 for hertz in loudest)
    assert any(abs(hertz - 1336) < 8 for hertz in loudest)


def test_an_operator_gives_a_spoken_announcement(tmp_path) -> None:
    spoken = tmp_path / "notice.ogg"
    spoken.write_bytes(file_of(*note(500)))

    assert tones.clips(str(spoken))["notice"] == note(500)


def test_a_mix_holds_every_voice_and_its_shape() -> None:
    mixed = mixing.mix([file_of(*note(500, 2.0)), file_of(*note(900))])

    spectrum = np.abs(np.fft.rfft(mixing.decoded(mixed.content), 2 * opus.RATE))
    usual = float(np.median(spectrum))
    assert mixed.seconds == pytest.approx(2.0, abs=0.05)
    assert spectrum[2 * 500] > 50 * usual
    assert spectrum[2 * 900] > 50 * usual
    first, second = mixed.peaks
    assert len(first) == len(second) == mixing.PEAKS
    assert max(first) > 20
    assert max(second[300:]) == 0  # it ended after the first second


def test_a_mix_that_would_be_too_loud_is_lowered() -> None:
    loud = tones.encoded(np.sin(2 * np.pi * 500 * np.arange(opus.RATE) / opus.RATE))

    mixed = mixing.mix([file_of(*loud), file_of(*loud)])

    assert np.abs(mixing.decoded(mixed.content)).max() < 1.1


def test_a_mix_of_nothing_is_empty() -> None:
    mixed = mixing.mix([])

    assert (mixed.seconds, mixed.peaks) == (0, [])
    assert mixing.peaks_of(np.zeros(0, np.float32), 0) == [0] * mixing.PEAKS


def test_a_file_without_sound_is_silent() -> None:
    assert not mixing.decoded(file_of(opus.SILENCE, opus.SILENCE)).any()
