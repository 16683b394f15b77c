"""The real server on a throw-away database, for benchmarks and for tests that kill it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks import engines

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds


@dataclass
class Place:
    """A folder of data and the environment that makes Acquis use it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str) -> str:
        """Run `python WORDS…` there; returns what it printed.

        Raises subprocess.CalledProcessError with what went wrong on standard error.
        """
        done = subprocess.run(
            [sys.executable, *words],
            env=self.environment,
            cwd=self.folder,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout


@contextmanager
def place(engine: str = "sqlite", *, start: Path | None = None, **settings: str) -> Iterator[Place]:
    """A database of one engine in a temporary folder, removed at the end.

    It is empty and migrated, or, on SQLite, what a copy of the folder `start` holds.
    """
    with tempfile.TemporaryDirectory(prefix="acquis-place-") as name:
        folder = Path(name)
        with engines.address(engine, folder) as url:
            environment = {**_environment(folder), "ACQUIS_DATABASE_URL": url, **settings}
            made = Place(folder, environment)
            if start is None:
                made.run("-m", "acquis", "migrate")
            else:
                shutil.copytree(start, folder, dirs_exist_ok=True)
            yield made


class Server:
    """The product as people run it: uvicorn on 127.0.0.1, one process, its embedded worker."""

    def __init__(self, where: Place, port: int | None = None) -> None:
        self.place = where
        self.port = port or free_port()
        self.log = where.folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None  # noqa: S101  started
        return self.process.pid

    @property
    def command(self) -> list[str]:
        command = [sys.executable, "-m", "uvicorn", "acquis.config.asgi:application"]
        return [*command, "--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]

    def start(self) -> None:
        """Start, or start again after a kill, and wait until it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.place.environment,
                cwd=self.place.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def kill(self) -> None:
        """End it at once, as a power cut would: nothing is told, nothing is tidied."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()

    def _wait(self) -> None:
        assert self.process is not None  # noqa: S101  started
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.address}/readyz", timeout=5).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"The server did not start:\n{self.log.read_text()[-4000:]}")


@contextmanager
def server(where: Place) -> Iterator[Server]:
    """A started server; stopped at the end."""
    running = Server(where)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ACQUIS_")}
    # An installation keeps its compiled modules: without them a start would be the compiler's.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return _with_sources(kept) | {
        "ACQUIS_DATA": str(folder),
        "ACQUIS_SECRET_KEY": "only-for-measures-" + "k" * 40,
        "ACQUIS_SEALING_KEY": "only-for-measures-" + "s" * 40,
        "ACQUIS_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "acquis.config.settings.base",
    }


def _with_sources(environment: Mapping[str, str]) -> dict[str, str]:
    """The checkout itself, also where it is not installed."""
    paths = [str(ROOT / "src"), str(ROOT), environment.get("PYTHONPATH", "")]
    return {**environment, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
