"""People beyond the trunk, played by sipp with our scenarios; and what a sound contains."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from acquis.kernel.media.sip.trunk import Trunk

SCENARIOS = Path(__file__).parents[2] / "assets" / "sip"
LOOPBACK = "127.0.0.1"
DESK_NUMBER = "+33199000000"
VOICE = 700  # Hz: what sipp says
SIPP = shutil.which("sipp")
needs_sipp = pytest.mark.skipif(
    SIPP is None, reason="sipp is absent: scripts/system-packages installs it (sip-tester)"
)


def free_port(span: int = 1) -> int:
    """A UDP port of this machine that nobody has, with `span - 1` after it."""
    for _attempt in range(50):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as first:
            first.bind((LOOPBACK, 0))
            port = int(first.getsockname()[1])
        if port % 2 == 0 and port + span < 65_000:
            return port
    raise RuntimeError("no free port")


def trunk_to(peer_port: int, own_port: int, **values: object) -> Trunk:
    given: dict[str, object] = {
        "host": LOOPBACK,
        "port": peer_port,
        "numbers": (DESK_NUMBER,),
        "bind_address": LOOPBACK,
        "bind_port": own_port,
        "rtp_port": free_port(40),
        "rtp_ports": 40,
    }
    return Trunk(**(given | values))  # type: ignore[arg-type]


class Sipp:
    """One sipp that plays one scenario; `status` is 0 when everything went as it says."""

    def __init__(self, folder: Path, scenario: str, *options: str, calls: int = 1) -> None:
        assert SIPP is not None
        self.port = free_port()
        self._log = folder / f"{scenario}.{self.port}.log"
        _voice(folder)
        command = [SIPP, "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", LOOPBACK]
        command += ["-p", str(self.port), "-m", str(calls), "-nostdin", "-trace_err"]
        command += ["-error_file", str(self._log), "-mi", LOOPBACK, "-mp", str(free_port(10))]
        command += ["-timeout", "18", "-timeout_error", *options]
        self.process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    @property
    def is_over(self) -> bool:
        return self.process.poll() is not None

    @property
    def status(self) -> int | None:
        return self.process.poll()

    @property
    def errors(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def end(self) -> None:
        if not self.is_over:
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def sipp(folder: Path, scenario: str, *options: str, calls: int = 1) -> Iterator[Sipp]:
    one = Sipp(folder, scenario, *options, calls=calls)
    time.sleep(0.2)  # until its port is open
    try:
        yield one
    finally:
        one.end()


def _voice(folder: Path) -> None:
    """Two seconds of a note, as a telephone sends it (G.711 A-law)."""
    path = folder / "voice.alaw"
    if not path.exists():
        wave = 0.4 * np.sin(2 * np.pi * VOICE * np.arange(16_000) / 8_000)
        path.write_bytes(a_law(wave))


def a_law(wave: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> bytes:
    """Source: ITU-T G.711, with its compression law in place of its table."""
    size = np.clip(np.abs(wave), 0, 1) * 87.6
    curve = np.where(size < 1, size, 1 + np.log(np.maximum(size, 1))) / (1 + np.log(87.6))
    code = np.minimum((curve * 128).astype(np.int64), 127)
    return bytes((np.where(wave >= 0, code | 0x80, code) ^ 0x55).astype(np.uint8))


def loudest(wave: "np.ndarray[tuple[int], np.dtype[np.float32]]", rate: int = 48_000) -> float:
    """The frequency, in Hz, that carries most of a sound."""
    spectrum = np.abs(np.fft.rfft(wave))
    spectrum[: len(wave) * 100 // rate] = 0
    return float(np.argmax(spectrum)) * rate / len(wave)
