"""The gateway against a real peer: sipp calls, is called, and keeps a registrar."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

pytest.importorskip("pjsua2", reason="the SIP library is absent: pip install 'acquis[sip]'")

from acquis.kernel.media import mixing
from acquis.kernel.media.service import MediaService
from acquis.kernel.media.sip.trunk import Trunk
from tests.kernel.media.sip_peers import (
    DESK_NUMBER,
    LOOPBACK,
    VOICE,
    Sipp,
    free_port,
    loudest,
    needs_sipp,
    sipp,
    trunk_to,
)
from tests.kernel.media.test_service import CLIPS, SECRET, House, until

pytestmark = needs_sipp
ROOT = Path(__file__).parents[3]
ADVISER = 500  # Hz: what the browser says
RECORDING = {"key": "k", "legs": ["a", "t"], "announcement": "beep"}
BOTH = {"legs": ["a", "t"], "hear": {"a": ["t"], "t": ["a"]}}


class SipHouse(House):
    def __init__(self, folder: Path, trunk: Trunk) -> None:
        super().__init__(folder)
        self.service = MediaService(
            secret=SECRET,
            folder=folder,
            clips=CLIPS,
            deliver=self._deliver,
            retry=0.01,
            trunk=trunk,
        )

    @property
    def gateway(self) -> Any:
        return self.service.gateway

    def endings(self) -> list[int]:
        return [event["status"] for event in self.events("leg_ended")]

    async def dial(self, **wish: Any) -> None:
        """The adviser is there; the number is called from the number of the desk."""
        asked = {"number": "+33639980011", "own": DESK_NUMBER}
        given = {"legs": ["a"], "trunk": {"t": asked}, "tones": {"a": "ringing"}}
        await self.wish(**(given | wish))


def play(trunk: Trunk, folder: Path, scene: Callable[[SipHouse], Awaitable[None]]) -> SipHouse:
    rooms = folder / "rooms"

    async def scenery() -> SipHouse:
        house = SipHouse(rooms, trunk)
        await house.service.start()
        try:
            await until(lambda: house.events("trunk"))
            await scene(house)
        finally:
            for peer in house.peers:
                await peer.close()
            await house.service.stop()
            await asyncio.sleep(0.1)
        return house

    return asyncio.run(scenery())


def wave_of(house: SipHouse, leg: str) -> Any:
    (kept,) = house.events("recording_kept")
    (part,) = [one for one in kept["parts"] if one["leg"] == leg]
    return mixing.decoded(Path(part["path"]).read_bytes())


def call_in(folder: Path, own: int, scenario: str, service: str = "0199000000") -> Any:
    return sipp(folder, scenario, "-s", service, f"{LOOPBACK}:{own}")


async def over(peer: Sipp) -> None:
    await until(lambda: peer.is_over)
    assert peer.status == 0, peer.errors


def test_a_caller_speaks_with_a_browser_and_hangs_up(tmp_path: Path) -> None:
    own = free_port()

    async def scene(house: SipHouse) -> None:
        with call_in(tmp_path, own, "caller") as caller:
            await until(lambda: house.events("trunk_incoming"))
            told = house.events("trunk_incoming")[0]
            assert (told["called"], told["number"]) == (DESK_NUMBER, "+33639981122")
            assert told["name"] == "Odile Tran"
            line = {"t": {"call": told["call"]}}
            await house.wish(legs=["a", "t"], trunk=line)
            adviser = await house.bring("a", ADVISER)
            answered = {"t": {"call": told["call"], "answer": True}}
            await house.wish(**BOTH, trunk=answered, recording=RECORDING)
            await until(lambda: house.events("recording_started"))
            adviser.forget()
            await until(lambda: sum(map(len, adviser.heard)) > 20)
            await over(caller)
            await until(lambda: house.endings() == [200])
            await house.wish(legs=[])
            await until(lambda: house.events("recording_kept"))

    house = play(trunk_to(free_port(), own), tmp_path, scene)

    assert loudest(wave_of(house, "t")) == pytest.approx(VOICE, abs=5)
    assert loudest(wave_of(house, "a")) == pytest.approx(ADVISER, abs=5)


def test_whoever_is_called_hears_the_adviser_and_is_hung_up_on(tmp_path: Path) -> None:
    async def scene(house: SipHouse) -> None:
        await house.dial()
        await house.bring("a", ADVISER)
        await until(lambda: house.events("leg_answered"))
        known = {"t": {"number": "+33639980011", "answer": True}}
        await house.wish(**BOTH, trunk=known, recording=RECORDING)
        await until(lambda: house.events("recording_started"))
        await asyncio.sleep(1.5)
        await house.wish(legs=[])
        await until(lambda: house.events("recording_kept"))
        await over(called)

    with sipp(tmp_path, "called_answers", "-rtp_echo") as called:
        house = play(trunk_to(called.port, free_port()), tmp_path, scene)

    # sipp gives back what it hears: the note of the adviser went out and came in again.
    assert loudest(wave_of(house, "t")) == pytest.approx(ADVISER, abs=5)


@pytest.mark.parametrize(("scenario", "status"), [("called_busy", 486), ("called_unassigned", 404)])
def test_a_call_that_comes_to_nothing_says_why(tmp_path: Path, scenario: str, status: int) -> None:
    async def scene(house: SipHouse) -> None:
        await house.dial()
        await until(lambda: house.endings() == [status])
        await house.dial()  # told late: nobody is called again
        await over(called)

    with sipp(tmp_path, scenario) as called:
        house = play(trunk_to(called.port, free_port()), tmp_path, scene)

    assert not house.events("leg_answered")
    assert house.endings() == [status]


def test_the_tone_of_the_network_is_heard_and_a_call_is_given_up(tmp_path: Path) -> None:
    async def scene(house: SipHouse) -> None:
        await house.dial()
        adviser = await house.bring("a", ADVISER)
        await until(lambda: house.service.rooms["r"].legs["t"].early)  # type: ignore[attr-defined]
        adviser.forget()
        await until(lambda: sum(map(len, adviser.heard)) > 50)
        tones = set(CLIPS["ringing"])
        heard = [packet for packets in adviser.heard for packet in packets[10:]]
        assert any(packet not in tones for packet in heard)
        await house.wish(legs=[])
        await over(called)

    with sipp(tmp_path, "called_rings") as called:
        play(trunk_to(called.port, free_port()), tmp_path, scene)


def test_who_hangs_up_ends_the_call(tmp_path: Path) -> None:
    async def scene(house: SipHouse) -> None:
        await house.dial()
        await until(lambda: house.events("leg_answered"))
        await until(lambda: house.endings() == [200])
        await over(called)

    with sipp(tmp_path, "called_hangs_up") as called:
        play(trunk_to(called.port, free_port()), tmp_path, scene)


def test_a_call_to_nobody_is_refused(tmp_path: Path) -> None:
    own = free_port()

    async def scene(house: SipHouse) -> None:
        with call_in(tmp_path, own, "caller_refused", "0199009999") as caller:
            await over(caller)
        with call_in(tmp_path, own, "caller_refused") as caller:  # ours, and no desk has it
            await until(lambda: house.events("trunk_incoming"))
            call = house.events("trunk_incoming")[0]["call"]
            await house.ask("POST", f"/trunk/calls/{call}/refuse", {"status": 404})
            await over(caller)

    house = play(trunk_to(free_port(), own), tmp_path, scene)

    assert len(house.events("trunk_incoming")) == 1


def test_a_caller_who_gives_up_is_told(tmp_path: Path) -> None:
    own = free_port()

    async def scene(house: SipHouse) -> None:
        with call_in(tmp_path, own, "caller_gives_up") as caller:
            await until(lambda: house.events("trunk_incoming"))
            line = {"t": {"call": house.events("trunk_incoming")[0]["call"], "limit": 60}}
            await house.wish(legs=["t"], trunk=line)
            await over(caller)
            await until(house.endings)

    house = play(trunk_to(free_port(), own), tmp_path, scene)

    assert not house.events("leg_connected")


def test_a_worker_that_stops_hangs_up_on_whoever_waits(tmp_path: Path) -> None:
    own = free_port()
    callers: list[Any] = []

    async def scene(house: SipHouse) -> None:
        caller = Sipp(tmp_path, "caller_waits", "-s", "0199000000", f"{LOOPBACK}:{own}")
        callers.append(caller)
        await until(lambda: house.events("trunk_incoming"))
        told = house.events("trunk_incoming")[0]
        assert (told["number"], told["name"]) == ("", "")
        await house.wish(
            legs=["t"], trunk={"t": {"call": told["call"], "answer": True, "limit": 1}}
        )
        await until(lambda: house.events("leg_connected"))
        await until(lambda: house.events("leg_limit"))

    try:
        play(trunk_to(free_port(), own), tmp_path, scene)
        callers[0].process.wait(5)
        assert callers[0].status == 0, callers[0].errors
    finally:
        callers[0].end()


def test_keys_go_both_ways_as_telephone_events(tmp_path: Path) -> None:
    async def scene(house: SipHouse) -> None:
        await house.dial()
        adviser = await house.bring("a", ADVISER)
        await until(lambda: house.events("leg_answered"))
        await house.wish(**BOTH, trunk={"t": {"number": "+33639980011", "answer": True}})
        key, other = set(CLIPS["key-8"]), set(CLIPS["key-9"])
        # sipp sends back the events that it gets: what left comes in again.
        await house.ask("POST", "/rooms/r/play", {"legs": ["t"], "clips": ["key-8"]})
        await until(lambda: any(one in key for heard in adviser.heard for one in heard))
        assert not any(one in other for heard in adviser.heard for one in heard)
        await house.wish(legs=[])
        await over(called)

    with sipp(tmp_path, "called_answers", "-rtp_echo") as called:
        house = play(trunk_to(called.port, free_port()), tmp_path, scene)

    (told,) = house.events("leg_pressed")
    assert set(told) == {"epoch", "room", "what", "leg"}  # which key is kept nowhere


def test_a_gateway_that_dies_ends_its_calls_and_comes_back(tmp_path: Path) -> None:
    async def scene(house: SipHouse) -> None:
        await house.dial()
        await until(lambda: house.events("leg_answered"))
        os.kill(house.gateway.pid, signal.SIGKILL)
        await until(lambda: house.endings() == [0])
        await until(lambda: house.gateway.state["up"])

    with sipp(tmp_path, "called_answers") as called:
        house = play(trunk_to(called.port, free_port()), tmp_path, scene)

    assert [event["up"] for event in house.events("trunk")] == [True, False, True]


def test_the_right_password_registers_and_is_seen(tmp_path: Path) -> None:
    async def scene(house: SipHouse) -> None:
        await until(lambda: house.gateway.state["up"])
        health = (await house.ask("GET", "/health"))[1]
        assert health["trunk"]["up"]

    with sipp(tmp_path, "registrar", calls=3) as operator:
        trunk = trunk_to(operator.port, free_port(), user="desk", password="right")
        house = play(trunk, tmp_path, scene)

    assert [event["up"] for event in house.events("trunk")][:1] == [True]


def test_a_wrong_password_is_told_and_tried_again(tmp_path: Path) -> None:
    async def scene(house: SipHouse) -> None:
        assert house.events("trunk")[0]["status"] == 403
        assert (house.gateway.state["reason"], house.gateway.state["up"]) == ("Forbidden", False)
        assert house.gateway.state["since"]
        await house.dial()
        await until(lambda: house.endings() == [503])  # nothing is dialled meanwhile
        await over(operator)  # it was asked a second time

    with sipp(tmp_path, "registrar", calls=2) as operator:
        trunk = trunk_to(operator.port, free_port(), user="desk", password="wrong")
        house = play(trunk, tmp_path, scene)

    assert not any(event["up"] for event in house.events("trunk"))


# Over TLS.


def certificate(folder: Path, name: str) -> tuple[str, str]:
    """A certificate of this machine, signed by itself, and its key: two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, LOOPBACK)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    paths = folder / f"{name}.crt", folder / f"{name}.key"
    paths[0].write_bytes(made.public_bytes(pem))
    private = serialization.PrivateFormat.PKCS8
    paths[1].write_bytes(key.private_bytes(pem, private, serialization.NoEncryption()))
    return str(paths[0]), str(paths[1])


@contextmanager
def tls_operator(certificate: str, key: str) -> Iterator[int]:
    """The port of an operator who takes nothing but TLS and SRTP."""
    port = free_port()
    command = [sys.executable, "-m", "tests.kernel.media.tls_operator", str(port), certificate, key]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert any(line == b"ready\n" for line in process.stdout)
        yield port
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def test_a_call_over_tls_is_heard_encrypted_both_ways(tmp_path: Path) -> None:
    async def scene(house: SipHouse) -> None:
        await house.dial()
        await house.bring("a", ADVISER)
        await until(lambda: house.events("leg_answered"))
        await house.wish(**BOTH, trunk={"t": {"answer": True}}, recording=RECORDING)
        await until(lambda: house.events("recording_started"))
        await asyncio.sleep(1.5)
        await house.wish(legs=[])
        await until(lambda: house.events("recording_kept"))

    trusted, key = certificate(tmp_path, "operator")
    with tls_operator(trusted, key) as port:
        trunk = trunk_to(port, free_port(), transport="tls", srtp=True, tls_ca=trusted)
        house = play(trunk, tmp_path, scene)

    assert loudest(wave_of(house, "t")) == pytest.approx(ADVISER, abs=5)


def test_an_operator_whose_certificate_is_not_trusted_gets_no_call(tmp_path: Path) -> None:
    async def scene(house: SipHouse) -> None:
        await house.dial()
        await until(house.endings)

    other, _key = certificate(tmp_path, "other")
    with tls_operator(*certificate(tmp_path, "operator")) as port:
        trunk = trunk_to(port, free_port(), transport="tls", srtp=True, tls_ca=other)
        house = play(trunk, tmp_path, scene)

    assert house.endings() == [503]
    assert not house.events("leg_answered")


def test_an_operator_who_takes_no_srtp_gets_no_call_in_clear(tmp_path: Path) -> None:
    async def scene(house: SipHouse) -> None:
        await house.dial()
        await until(house.endings)

    trusted, key = certificate(tmp_path, "operator")
    with tls_operator(trusted, key) as port:
        house = play(trunk_to(port, free_port(), transport="tls", tls_ca=trusted), tmp_path, scene)

    assert house.endings() == [488]
