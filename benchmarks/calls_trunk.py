"""Calls through the trunk at once: browsers on one side, telephones played by sipp on the other."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks._server import free_port
from benchmarks.calls import PATIENCE, SECRET, _ask, _environment, _wait

NAME = "calls_trunk"
TITLE = "calls through a SIP trunk at once; size = calls of an adviser and a telephone"
SIZES = (1, 4, 8)
SECONDS = 6.0  # of speech that are measured
OWN, CALLED = "+33199000000", "+33639980011"


def run(size: int, engine: str) -> dict[str, float]:
    """What the worker and the gateway cost a call, and how much of the sound comes back.

    The telephones give back what they hear. The database plays no part, whatever the engine.
    """
    del engine
    from tests.kernel.media.sip_peers import sipp

    port = free_port()
    with tempfile.TemporaryDirectory(prefix="acquis-trunk-") as folder:
        telephones = sipp(
            Path(folder), "called_answers", "-rtp_echo", "-timeout", "100", calls=size
        )
        with telephones as peer:
            command = [sys.executable, "-m", "benchmarks.calls_trunk"]
            place = [str(port), folder, str(peer.port)]
            worker = subprocess.Popen([*command, "worker", *place], env=_environment())
            try:
                _wait(worker, port)
                return _loaded([*command, "callers", str(port), str(size)], worker)
            finally:
                worker.terminate()
                worker.wait(PATIENCE)


def _loaded(load: list[str], worker: "subprocess.Popen[bytes]") -> dict[str, float]:
    """Run the advisers, and look at what worker and gateway used while they spoke."""
    environment = _environment()
    with subprocess.Popen(load, env=environment, stdout=subprocess.PIPE, text=True) as callers:
        assert callers.stdout is not None  # noqa: S101  asked for above
        callers.stdout.readline()  # everybody is connected
        rooms = psutil.Process(worker.pid)
        (gateway,) = rooms.children()
        before, started = (_spent(rooms), _spent(gateway)), time.monotonic()
        callers.stdout.readline()  # the time is over
        seconds = time.monotonic() - started
        after = _spent(rooms), _spent(gateway)
        memory = [one.memory_info().rss / 2**20 for one in (rooms, gateway)]
        told: dict[str, float] = json.loads(callers.stdout.readline())
    calls = told["calls_count"]
    worker_cpu, gateway_cpu = (
        round(100 * (later - earlier) / seconds / calls, 2)
        for earlier, later in zip(before, after, strict=True)
    )
    return told | {
        "worker_cpu_a_call_percent": worker_cpu,
        "gateway_cpu_a_call_percent": gateway_cpu,
        "worker_mb": round(memory[0], 1),
        "gateway_mb": round(memory[1], 1),
    }


def _spent(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2]))


async def _call(port: int, number: int) -> Any:
    """An adviser who reached a telephone."""
    from tests.kernel.media.peers import Peer

    room, leg, line = f"room{number}", f"a{number}", f"t{number}"
    asked = {"number": CALLED, "own": OWN}
    begun = {"legs": [leg], "hear": {}, "trunk": {line: asked}, "tones": {leg: "ringing"}}
    await asyncio.to_thread(_ask, port, "PUT", f"/rooms/{room}", begun)
    peer = Peer(500)
    address = f"/rooms/{room}/legs/{leg}"
    offer = {"sdp": await peer.offer()}
    await peer.accept((await asyncio.to_thread(_ask, port, "POST", address, offer))["sdp"])
    end = time.monotonic() + PATIENCE
    while peer.connection.connectionState != "connected" and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    await asyncio.sleep(6.0)  # the telephone rings, and is answered
    hear = {leg: [line], line: [leg]}
    wish = {"legs": [leg, line], "hear": hear, "trunk": {line: {"answer": True}}}
    await asyncio.to_thread(_ask, port, "PUT", f"/rooms/{room}", wish)
    return peer


async def _speak(port: int, size: int) -> dict[str, float]:
    from acquis.kernel.media import private

    private.install()
    people = list(await asyncio.gather(*(_call(port, number) for number in range(size))))
    await asyncio.sleep(1.0)
    for peer in people:
        peer.arrived.clear()
    print("speaking", flush=True)
    await asyncio.sleep(SECONDS)
    print("spoken", flush=True)
    arrived = sum(len(peer.arrived) for peer in people)
    for peer in people:
        await peer.close()
    return {
        "calls_count": size,
        "delivered_percent": round(100 * arrived / (size * SECONDS * 50), 1),
    }


def _serve(port: int, folder: str, sip_port: int) -> None:
    from tests.kernel.media.sip_peers import free_port as free_udp_port
    from tests.kernel.media.sip_peers import trunk_to

    from acquis.kernel.media import tones
    from acquis.kernel.media.service import MediaService, serve

    service = MediaService(
        secret=SECRET,
        folder=Path(folder) / "rooms",
        clips=tones.clips(),
        deliver=lambda _event: None,
        trunk=trunk_to(sip_port, free_udp_port()),
    )
    serve(service, place={"host": "127.0.0.1", "port": port}, tied=False)


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        _serve(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        print(json.dumps(asyncio.run(_speak(int(sys.argv[2]), int(sys.argv[3])))), flush=True)
