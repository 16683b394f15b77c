"""The real worker, its rooms and real connections on this machine."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from acquis.kernel.media import mixing, opus, rooms, tones
from acquis.kernel.media.service import MediaService, wish_from
from tests.kernel.media.peers import Peer, Picture, note

PATIENCE = 20.0
SECRET = "shared"
CLIPS = tones.clips()


class House:
    """A worker without its HTTP server: what it answers, what it tells."""

    def __init__(self, folder: Path, fails: int = 0) -> None:
        self.told: list[dict[str, Any]] = []
        self.fails = fails
        self.service = MediaService(
            secret=SECRET, folder=folder, clips=CLIPS, deliver=self._deliver, retry=0.01
        )
        self.peers: list[Peer] = []

    def _deliver(self, event: dict[str, Any]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("the database sleeps")
        self.told.append(event)

    async def ask(
        self, method: str, path: str, body: object = None, secret: str = SECRET
    ) -> tuple[int, dict[str, Any]]:
        sent: list[Any] = []
        raw = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        chunks = [raw[: len(raw) // 2], raw[len(raw) // 2 :]]

        async def receive() -> dict[str, Any]:
            part = chunks.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(chunks)}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"authorization", f"Bearer {secret}".encode())]
        scope = {"type": "http", "method": method, "path": path, "headers": headers}
        await self.service(scope, receive, send)
        return sent[0]["status"], json.loads(sent[1]["body"])

    async def wish(self, **wish: Any) -> None:
        status, _body = await self.ask("PUT", "/rooms/r", {"hear": {}, **wish})
        assert status == 200

    async def bring(self, name: str, hertz: float | None, camera: Picture | None = None) -> Peer:
        peer = Peer(hertz, camera)
        self.peers.append(peer)
        status, body = await self.ask("POST", f"/rooms/r/legs/{name}", {"sdp": await peer.offer()})
        assert status == 200, body
        await peer.accept(body["sdp"])
        return peer

    def events(self, what: str) -> list[dict[str, Any]]:
        return [event for event in self.told if event["what"] == what]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  what is awaited is no event of ours
            await asyncio.sleep(0.02)


def play(folder: Path, scene: Callable[[House], Awaitable[None]], *, fails: int = 0) -> House:
    """Open a house, play the scene in it, close it."""

    async def scenery() -> House:
        house = House(folder, fails)
        await house.service.start()
        try:
            await scene(house)
        finally:
            for peer in house.peers:
                await peer.close()
            await house.service.stop()
            await asyncio.sleep(0.1)  # the sockets close at the loop's next turns
        return house

    return asyncio.run(scenery())


TWO = {"legs": ["a", "b"], "hear": {"a": ["b"], "b": ["a"]}}


def test_two_people_hear_each_other_untouched_and_not_on_hold(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.wish(**TWO)
        first, second = await house.bring("a", 500), await house.bring("b", 900)
        await until(lambda: first.has_heard(900) and second.has_heard(500))
        assert not first.has_heard(500)

        await house.wish(legs=["a", "b"], tones={"a": "hold"})
        # What was under way arrives; then the tone alone.
        await until(
            lambda: any(packet in CLIPS["hold"] for heard in first.heard for packet in heard)
        )
        await asyncio.sleep(0.3)
        first.forget()
        second.forget()
        await until(lambda: sum(map(len, first.heard)) > 20)
        assert not first.has_heard(900)
        assert not second.has_heard(500)

        await house.wish(**TWO)
        await until(lambda: first.has_heard(900) and second.has_heard(500))
        assert (await house.ask("GET", "/health"))[1]["legs"] == 2

    house = play(tmp_path, scene)

    assert {event["leg"] for event in house.events("leg_connected")} == {"a", "b"}
    assert len(house.events("started")) == 1


def test_three_people_and_one_who_listens(tmp_path: Path) -> None:
    hear = {"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b"], "s": ["a", "b", "c"]}

    async def scene(house: House) -> None:
        await house.wish(legs=["a", "b", "c", "s"], hear=hear)
        people = [await house.bring(name, hertz) for name, hertz in
                  (("a", 500), ("b", 900), ("c", 1300), ("s", None))]  # fmt: skip
        await until(lambda: people[0].has_heard(900) and people[0].has_heard(1300))
        await until(lambda: all(people[3].has_heard(hertz) for hertz in (500, 900, 1300)))

    play(tmp_path, scene)


def test_a_recording_starts_after_its_announcement_and_holds_each_voice(tmp_path: Path) -> None:
    recording = {"key": "k", "legs": ["a", "b"], "announcement": "notice"}

    async def scene(house: House) -> None:
        await house.wish(**TWO, recording=recording)
        first = await house.bring("a", 500)
        await asyncio.sleep(0.2)
        assert not house.events("recording_started")  # nobody to announce it to yet
        await house.bring("b", 900)
        await until(lambda: house.events("recording_started"))
        announced = set(CLIPS["notice"])
        assert any(packet in announced for heard in first.heard for packet in heard)
        await asyncio.sleep(1.0)
        await house.wish(**TWO, recording=recording | {"paused": True})
        await asyncio.sleep(0.5)
        await house.wish(legs=[])
        await until(lambda: house.events("recording_kept"))

    house = play(tmp_path, scene)

    (kept,) = house.events("recording_kept")
    assert {part["leg"] for part in kept["parts"]} == {"a", "b"}
    for part in kept["parts"]:
        content = Path(part["path"]).read_bytes()
        packets = list(opus.packets_in(content))
        assert part["seconds"] == pytest.approx(1.5, abs=0.6)
        assert packets[0] in {opus.SILENCE, *note(500 if part["leg"] == "a" else 900)}
        assert packets[-1] == opus.SILENCE  # the pause
        assert mixing.decoded(content).any()


def test_a_page_loaded_anew_during_the_announcement_hears_it_whole_and_is_recorded(
    tmp_path: Path,
) -> None:
    recording = {"key": "k", "legs": ["a", "b"], "announcement": "notice"}
    announced = set(CLIPS["notice"])

    async def scene(house: House) -> None:
        await house.wish(**TWO, recording=recording)
        first = await house.bring("a", 500)
        await house.bring("b", 900)
        await until(lambda: any(packet in announced for heard in first.heard for packet in heard))
        assert not house.events("recording_started")
        again = await house.bring("a", 500)
        await until(lambda: house.events("recording_started"))
        told = [packet for heard in again.heard for packet in heard if packet in announced]
        assert len(told) >= len(CLIPS["notice"]) - 5  # the last ones are on their way
        await asyncio.sleep(0.3)
        await house.wish(legs=[])
        await until(lambda: house.events("recording_kept"))

    house = play(tmp_path, scene)

    (kept,) = house.events("recording_kept")
    assert {part["leg"] for part in kept["parts"]} == {"a", "b"}


def test_a_recording_that_is_opposed_leaves_nothing(tmp_path: Path) -> None:
    recording = {"key": "k", "legs": ["a", "b"], "announcement": "beep"}

    async def scene(house: House) -> None:
        await house.wish(**TWO, recording=recording)
        await house.bring("a", 500)
        await house.bring("b", 900)
        await until(lambda: list(tmp_path.glob("k.*.ogg")))
        await house.wish(**TWO, discard=["k"])
        await house.wish(**TWO, recording=recording)  # told late: nothing starts again

    house = play(tmp_path, scene)

    assert house.events("recording_discarded")
    assert not house.events("recording_kept")
    assert not list(tmp_path.iterdir())


def test_keys_and_clips_are_played_to_those_named(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.wish(**TWO)
        first, second = await house.bring("a", 500), await house.bring("b", 900)
        await until(lambda: first.has_heard(900))
        asked = {"legs": ["a", "z"], "clips": ["key-5", "unknown"]}
        assert (await house.ask("POST", "/rooms/r/play", asked))[0] == 200
        assert (await house.ask("POST", "/rooms/none/play", asked))[0] == 200
        key = set(CLIPS["key-5"])
        await until(lambda: any(packet in key for heard in first.heard for packet in heard))
        assert not any(packet in key for heard in second.heard for packet in heard)

    play(tmp_path, scene)


def test_a_leg_that_is_lost_may_come_back_and_is_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "AWAY", 1.0)

    async def scene(house: House) -> None:
        await house.wish(**TWO)
        await house.bring("a", 500)
        second = await house.bring("b", 900)
        await until(lambda: second.has_heard(500))
        again = await house.bring("a", 700)  # the page was loaded anew
        await until(lambda: second.has_heard(700))
        assert not house.events("leg_lost")
        await again.close()
        await until(lambda: house.events("leg_lost"))

    house = play(tmp_path, scene)

    assert [event["leg"] for event in house.events("leg_lost")] == ["a"]


def test_a_leg_that_never_connects_or_falls_silent_is_lost(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.wish(**TWO)
        peer = Peer(500)
        house.peers.append(peer)
        status, _body = await house.ask("POST", "/rooms/r/legs/a", {"sdp": await peer.offer()})
        assert status == 200
        leg = house.service.rooms["r"].legs["a"]
        now = time.monotonic()
        assert not leg.lost(now)
        assert leg.lost(now + rooms.CONNECTING + 1)
        leg.connected.set()
        assert not leg.lost(now + rooms.CONNECTING + 1)  # it never spoke: it may only listen
        leg.speaks = True
        assert leg.lost(now + rooms.QUIET + 1)
        await house.service.rooms["r"].sweep(now + 60)
        assert leg.left_at == now + 60

    play(tmp_path, scene)


def test_what_a_dead_worker_left_is_handed_over(tmp_path: Path) -> None:
    writer = opus.OggWriter()
    content = writer.start() + b"".join(map(writer.add, note(500))) + b"OggS"
    (tmp_path / "k.a.ogg").write_bytes(content)

    async def scene(house: House) -> None:
        await until(lambda: house.events("recording_kept"))

    house = play(tmp_path, scene, fails=2)

    (kept,) = house.events("recording_kept")
    assert kept["recording"] == "k"
    assert kept["parts"][0]["seconds"] == pytest.approx(1.0)
    assert [event["what"] for event in house.told] == ["started", "recording_kept"]


def test_what_is_not_asked_rightly_is_refused(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        assert (await house.ask("GET", "/health", secret="other"))[0] == 401
        assert (await house.ask("GET", "/elsewhere"))[0] == 404
        assert (await house.ask("PUT", "/rooms/r", {}))[0] == 400
        assert (await house.ask("PUT", "/rooms/r", b"{"))[0] == 400
        assert (await house.ask("PUT", "/rooms/r", b"x" * 300_000))[0] == 400
        assert (await house.ask("POST", "/rooms/r/legs/a", {"sdp": "v=0"}))[0] == 409
        await house.wish(legs=["a"])
        assert (await house.ask("POST", "/rooms/r/legs/b", {"sdp": "v=0"}))[0] == 409
        await house.wish(legs=[])
        await house.wish(legs=[])
        assert (await house.ask("GET", "/health"))[1]["rooms"] == 0

    play(tmp_path, scene)


def test_the_server_starts_and_stops_it(tmp_path: Path) -> None:
    async def live() -> list[str]:
        house, sent = House(tmp_path), []
        asked = iter(["lifespan.startup", "lifespan.shutdown"])

        async def receive() -> dict[str, Any]:
            return {"type": next(asked)}

        async def send(message: Any) -> None:
            sent.append(message["type"])

        await house.service({"type": "lifespan"}, receive, send)
        return sent

    assert asyncio.run(live()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize("name", ["../x", "a.b", "", "é"])
def test_a_name_that_would_be_a_path_is_refused(name: str) -> None:
    recording = {"key": name, "legs": [], "announcement": "beep"}

    with pytest.raises(ValueError, match="not a name"):
        wish_from({"legs": ["a"], "hear": {}, "recording": recording})
