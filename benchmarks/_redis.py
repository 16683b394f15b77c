"""A Redis of its own for one run: on a free port, with nothing kept."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import engines
from benchmarks._server import free_port

PATIENCE = 10.0  # seconds


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a started server, ended afterwards. Raises EngineMissing."""
    program = shutil.which("redis-server")
    if program is None:
        raise engines.EngineMissing(
            "Redis does not start here: sudo apt-get install redis-server "
            "(two web processes need it to hear of each other)"
        )
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(port, process)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise engines.EngineMissing("redis-server is here and does not start")
