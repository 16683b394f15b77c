"""Calls at once through the real media worker: callers of a process of their own, two legs a call."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks import engines
from benchmarks._server import ROOT, free_port

NAME = "calls"
TITLE = "calls at once through one media worker; size = calls of two people"
SIZES = (4, 10, 20)
SECONDS = 8.0  # of speech that are measured
PATIENCE = 60.0
SECRET = "of-this-measure"  # noqa: S105  lives as long as the run


def run(size: int, engine: str) -> dict[str, float]:
    """Set-up, gaps between packets, what arrives, and what the worker costs.

    The database plays no part: what the worker tells is left aside, whatever the engine.
    """
    del engine
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="acquis-calls-") as folder:
        command = [sys.executable, "-m", "benchmarks.calls"]
        worker = subprocess.Popen([*command, "worker", str(port), folder], env=_environment())
        try:
            _wait(worker, port)
            return _loaded([*command, "callers", str(port), str(size)], worker)
        finally:
            worker.terminate()
            worker.wait(PATIENCE)


def _environment() -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return {**os.environ, "PYTHONPATH": paths}


def _loaded(load: Sequence[str], worker: "subprocess.Popen[bytes]") -> dict[str, float]:
    """Run the callers, and look at what the worker used while they spoke."""
    process = psutil.Process(worker.pid)
    environment = _environment()
    with subprocess.Popen(load, env=environment, stdout=subprocess.PIPE, text=True) as callers:
        assert callers.stdout is not None  # noqa: S101  asked for above
        callers.stdout.readline()  # everybody speaks
        before, started = sum(process.cpu_times()[:2]), time.monotonic()
        callers.stdout.readline()  # the time is over
        cores = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - started)
        memory = process.memory_info().rss
        told: dict[str, float] = json.loads(callers.stdout.readline())
    calls = told.pop("calls_count")
    return {
        **told,
        "calls_count": calls,
        "worker_cpu_percent": round(cores * 100, 1),
        "cpu_a_call_percent": round(cores * 100 / calls, 2),
        "worker_mb": round(memory / 2**20, 1),
    }


def _wait(worker: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and worker.poll() is None:
        try:
            _ask(port, "GET", "/health")
        except (OSError, httpx.TransportError):
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the media worker did not start")


def _ask(port: int, method: str, path: str, body: object = None) -> dict[str, Any]:
    answer = httpx.request(
        method,
        f"http://127.0.0.1:{port}{path}",
        json=body,
        headers={"Authorization": f"Bearer {SECRET}"},
        timeout=30,
    )
    if not answer.is_success:
        raise OSError(answer.text)
    found: dict[str, Any] = answer.json()
    return found


async def _call(port: int, number: int) -> tuple[list[Any], list[float]]:
    """Two people of one call; gives them, and the seconds each took to hear the other."""
    from tests.kernel.media.peers import Peer

    room, legs = f"room{number}", (f"a{number}", f"b{number}")
    hear = {legs[0]: [legs[1]], legs[1]: [legs[0]]}
    recording = {"key": f"rec{number}", "legs": legs, "announcement": "beep"}
    wish = {"legs": legs, "hear": hear, "recording": recording}
    await asyncio.to_thread(_ask, port, "PUT", f"/rooms/{room}", wish)
    people, spent = [], []
    for leg, hertz in zip(legs, (500, 900), strict=True):
        peer = Peer(hertz)
        started = time.monotonic()
        offer = {"sdp": await peer.offer()}
        address = f"/rooms/{room}/legs/{leg}"
        answer = await asyncio.to_thread(_ask, port, "POST", address, offer)
        await peer.accept(answer["sdp"])
        while peer.connection.connectionState != "connected":  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        spent.append(time.monotonic() - started)
        people.append(peer)
    return people, spent


async def _speak(port: int, size: int) -> dict[str, float]:
    from acquis.kernel.media import private

    private.install()
    people: list[Any] = []
    spent: list[float] = []
    for number in range(size):
        pair, seconds = await _call(port, number)
        people += pair
        spent += seconds
    await asyncio.sleep(2.0)  # announcements end, buffers fill
    for peer in people:
        peer.arrived.clear()
    print("speaking", flush=True)
    await asyncio.sleep(SECONDS)
    print("spoken", flush=True)
    gaps = [
        later - earlier
        for peer in people
        for earlier, later in zip(peer.arrived, peer.arrived[1:], strict=False)
    ]
    expected = len(people) * SECONDS * 50
    arrived = sum(len(peer.arrived) for peer in people)
    for peer in people:
        await peer.close()
    return {
        "calls_count": size,
        "setup_p50_ms": round(engines.percentile(spent, 0.5) * 1000, 1),
        "setup_p95_ms": round(engines.percentile(spent, 0.95) * 1000, 1),
        "gap_p50_ms": round(engines.percentile(gaps, 0.5) * 1000, 1),
        "gap_p95_ms": round(engines.percentile(gaps, 0.95) * 1000, 1),
        "gap_p99_ms": round(engines.percentile(gaps, 0.99) * 1000, 1),
        "delivered_percent": round(100 * arrived / expected, 1),
    }


def _serve(port: int, folder: str) -> None:
    from acquis.kernel.media import tones
    from acquis.kernel.media.service import MediaService, serve

    service = MediaService(
        secret=SECRET, folder=Path(folder), clips=tones.clips(), deliver=lambda _event: None
    )
    serve(service, place={"host": "127.0.0.1", "port": port}, tied=False)


if __name__ == "__main__":
    role, port, more = sys.argv[1:]
    if role == "worker":
        _serve(int(port), more)
    else:
        print(json.dumps(asyncio.run(_speak(int(port), int(more)))), flush=True)
