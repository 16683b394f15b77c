"""What is made of a recording once the call is over: one file to listen to, and the shape of its sound.

This decodes, so it belongs to a job and never to the worker that carries calls.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray

from acquis.kernel.media.opus import RATE, OggWriter
from acquis.kernel.media.tones import encoded

PEAKS = 480  # bars of a waveform
Wave = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mixed:
    """An Ogg/Opus file in which everybody speaks, and the loudness of each part, 0 to 100, in order."""

    content: bytes
    seconds: float
    peaks: list[list[int]]


def decoded(content: bytes, *, rate: int = RATE) -> Wave:
    """Mono samples, `rate` a second, from -1 to 1; nothing of a file that holds nothing."""
    pieces: list[Wave] = []
    with av.open(io.BytesIO(content), mode="r", format="ogg") as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
        for frame in container.decode(audio=0):
            pieces += [
                one.to_ndarray().reshape(-1).astype(np.float32) for one in resampler.resample(frame)
            ]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


def mix(parts: Sequence[bytes]) -> Mixed:
    """The parts of one recording, all of which begin at the same instant."""
    waves = [decoded(part) for part in parts]
    length = max((len(wave) for wave in waves), default=0)
    whole = np.zeros(length, np.float32)
    for wave in waves:
        whole[: len(wave)] += wave
    loudest = float(np.abs(whole).max(initial=0.0))
    if loudest > 1:
        whole /= loudest
    writer = OggWriter()
    content = writer.start()
    for packet in encoded(whole.astype(np.float64)):
        content += writer.add(packet)
    content += writer.close()
    peaks = [peaks_of(wave, length) for wave in waves]
    return Mixed(content, length / RATE, peaks)


def peaks_of(wave: Wave, length: int) -> list[int]:
    """The loudest moment of each of PEAKS slices of `length` samples, from 0 to 100."""
    if not length:
        return [0] * PEAKS
    padded = np.zeros(-(-length // PEAKS) * PEAKS, np.float32)
    padded[: len(wave)] = np.abs(wave)
    slices = padded.reshape(PEAKS, -1).max(axis=1)
    return [round(float(value) * 100) for value in np.clip(slices, 0, 1)]
