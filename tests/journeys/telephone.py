"""What journeys by telephone share: the server with its media worker, microphones that hear one note."""

import io
import math
import struct
import sys
import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import av
import numpy as np
import psutil
from benchmarks._server import Server
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.conftest import CHROMIUM, need_chromium

RATE = 48_000
CUSTOMER_HZ, ADVISER_HZ = 620, 1150


class Telephone(Server):
    """The product as `acquis run` starts it: the media worker is its child."""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "acquis", "run", "--demo", "--port", str(self.port)]

    @property
    def media_worker(self) -> psutil.Process:
        children = psutil.Process(self.pid).children(recursive=True)
        return next(child for child in children if "media" in child.cmdline())


def voice(path: Path, hertz: int) -> Path:
    """A voice that a machine recognises: syllables of one note, which no noise filter takes away."""
    tone = [0.5 * math.sin(2 * math.pi * hertz * at / RATE) for at in range(int(RATE * 0.35))]
    syllable = b"".join(struct.pack("<h", int(value * 32767)) for value in tone)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        for _ in range(20):
            file.writeframesraw(syllable + b"\0\0" * int(RATE * 0.15))
    return path


@contextmanager
def two_browsers(folder: Path, *notes: int) -> Iterator[tuple[Browser, Browser]]:
    """Two browsers, each with a microphone that hears one voice."""
    need_chromium()
    with sync_playwright() as driver, ExitStack() as stack:
        opened = []
        for hertz in notes:
            spoken = voice(folder / f"{hertz}.wav", hertz)
            browser = driver.chromium.launch(
                executable_path=CHROMIUM,
                args=[
                    "--no-sandbox",
                    "--disable-gpu",
                    "--use-fake-device-for-media-stream",
                    "--use-fake-ui-for-media-stream",
                    f"--use-file-for-fake-audio-capture={spoken}",
                    "--autoplay-policy=no-user-gesture-required",
                ],
            )
            stack.callback(browser.close)
            opened.append(browser)
        yield opened[0], opened[1]


def notes_of(content: bytes) -> dict[int, float]:
    """How much louder than the rest each of the two voices is, in a sound file."""
    with av.open(io.BytesIO(content), mode="r") as container:
        frames = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    spectrum = np.abs(np.fft.rfft(np.concatenate(frames)))
    hertz = np.fft.rfftfreq(sum(map(len, frames)), 1 / RATE)
    usual = float(np.median(spectrum[(hertz > 200) & (hertz < 3000)]))
    return {
        note: float(spectrum[(hertz > note - 15) & (hertz < note + 15)].max()) / usual
        for note in (CUSTOMER_HZ, ADVISER_HZ)
    }
