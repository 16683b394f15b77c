"""What the house itself says on the line: tones that we make, encoded once when the worker starts.

No voice is among them: the sentence of an announcement is shown on the pages, and an operator who wants
it spoken gives a recording of their own (ACQUIS_CALL_NOTICE, an Ogg/Opus file).
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from acquis.kernel.media.opus import FRAME, RATE, packets_in

Wave = NDArray[np.float64]
LOUDNESS = 0.2
FADE = 0.008  # seconds: a tone that starts at once clicks
KEYS = "123A456B789C*0#D"
ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)  # Hz, ITU-T Q.23
NOTICE = "notice"  # a recording is going to start
BEEP = "beep"  # speak now
RINGING = "ringing"  # it rings at the other end: 440 Hz, as in France
HOLD = "hold"


def _tone(frequencies: Sequence[float], seconds: float, loudness: float = LOUDNESS) -> Wave:
    time = np.arange(round(seconds * RATE)) / RATE
    wave: Wave = np.mean([np.sin(2 * np.pi * one * time) for one in frequencies], axis=0)
    edge = min(len(time) // 2, round(FADE * RATE))
    slope = np.linspace(0, 1, edge)
    wave[:edge] *= slope
    wave[len(wave) - edge :] *= slope[::-1]
    return loudness * wave


def _rest(seconds: float) -> Wave:
    return np.zeros(round(seconds * RATE))


def _sequence(parts: Iterable[Wave]) -> Wave:
    return np.concatenate(list(parts))


def _hold() -> Wave:
    """A quiet figure of four notes, then a rest."""
    notes = (392.0, 493.88, 587.33, 493.88)
    return _sequence([*(_tone([note], 0.5, 0.08) for note in notes), _rest(2.0)])


_MADE: dict[str, Callable[[], Wave]] = {
    NOTICE: lambda: _sequence(
        [_tone([660], 0.22), _rest(0.08), _tone([880], 0.22), _rest(0.08), _tone([1320], 0.35)]
    ),
    BEEP: lambda: _sequence([_rest(0.3), _tone([1000], 0.4)]),
    RINGING: lambda: _sequence([_tone([440], 1.5, 0.1), _rest(3.5)]),
    HOLD: _hold,
}


def key_clip(key: str) -> str:
    return f"key-{KEYS.index(key)}"


def _key_wave(place: int) -> Wave:
    return _sequence([_tone([ROWS[place // 4], COLUMNS[place % 4]], 0.18), _rest(0.06)])


def encoded(wave: Wave) -> list[bytes]:
    """The wave as Opus packets of 20 ms, the last one filled up with silence."""
    codec = av.CodecContext.create("libopus", "w")
    codec.sample_rate = RATE
    codec.layout = "mono"
    codec.format = "s16"
    codec.bit_rate = 24_000
    codec.time_base = Fraction(1, RATE)
    whole = np.concatenate([wave, np.zeros(-len(wave) % FRAME)])
    packets: list[bytes] = []
    for start in range(0, len(whole), FRAME):
        samples = (whole[start : start + FRAME] * 32767).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts = start
        packets += [bytes(packet) for packet in codec.encode(frame)]
    return packets


def clips(notice: str = "") -> dict[str, list[bytes]]:
    """Every clip by name, as packets; `notice` is the path of a spoken announcement, if any."""
    made = {name: encoded(make()) for name, make in _MADE.items()}
    made |= {key_clip(key): encoded(_key_wave(place)) for place, key in enumerate(KEYS)}
    if notice:
        made[NOTICE] = list(packets_in(Path(notice).read_bytes()))
    return made
