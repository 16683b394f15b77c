"""Pictures through the real worker, and the rules of a place one by one."""

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

from acquis.kernel.media import video
from tests.kernel.media.peers import Peer, Picture, film
from tests.kernel.media.test_service import TWO, House, play, until

KEY, REST = b"\x00key", b"\x01rest"  # as far as the lowest bit of a frame goes


def test_two_people_see_each_other_untouched_and_not_on_hold(tmp_path: Path) -> None:
    dark, light = Picture(40), Picture(200)

    async def scene(house: House) -> None:
        await house.wish(**TWO)
        first, second = await house.bring("a", 500, dark), await house.bring("b", 900, light)
        await until(lambda: first.has_seen(light.frames) and second.has_seen(dark.frames))
        assert first.has_heard(900)
        assert not first.has_seen(dark.frames)

        await house.wish(legs=["a", "b"])
        await asyncio.sleep(0.3)  # what was under way arrives
        first.forget()
        await asyncio.sleep(0.3)
        assert not any(first.seen)

        await house.wish(**TWO)
        await until(lambda: first.has_seen(light.frames))

    play(tmp_path, scene)

    # The films hold one key frame each: those who came later saw them because they asked.
    assert light.asked
    assert dark.asked


def test_a_leg_without_pictures_hears_and_is_heard(tmp_path: Path) -> None:
    camera = Picture(40)

    async def scene(house: House) -> None:
        await house.wish(**TWO)
        seen, unseen = await house.bring("a", 500, camera), await house.bring("b", 900)
        await until(lambda: seen.has_heard(900) and unseen.has_heard(500))
        assert not unseen.seen

    play(tmp_path, scene)


def test_whoever_comes_again_is_shown_a_key_frame_first(tmp_path: Path) -> None:
    dark, light = Picture(40), Picture(200)

    async def scene(house: House) -> None:
        await house.wish(**TWO)
        await house.bring("a", 500, dark)
        second = await house.bring("b", 900, light)
        await until(lambda: second.has_seen(dark.frames))
        again = await house.bring("b", 900, Picture(120))
        await until(lambda: again.has_seen(dark.frames))
        (frames,) = [place for place in again.seen if place]
        assert frames[0] == dark.frames[0]

    play(tmp_path, scene)


def test_the_answer_limits_what_a_camera_sends(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.wish(**TWO)
        peer = Peer(500, Picture(40))
        house.peers.append(peer)
        _status, body = await house.ask("POST", "/rooms/r/legs/a", {"sdp": await peer.offer()})
        sections = body["sdp"].split("m=")
        limited = [section for section in sections if "b=AS:900" in section]
        assert {section.split()[0] for section in limited} == {"video"}
        assert len(limited) == 3
        assert not any("H264" in section for section in sections)
        await peer.accept(body["sdp"])

    play(tmp_path, scene)


class Seen:
    """A place, what leaves it, and how often its sources are asked."""

    def __init__(self) -> None:
        self.place = video.Place()
        self.asked: list[str] = []

    def source(self, name: str) -> video.Camera:
        camera = video.Camera()
        camera.ask = lambda: self.asked.append(name)  # type: ignore[method-assign]
        return camera

    @property
    def shown(self) -> list[Any]:
        queue = self.place._queue
        return [queue.get_nowait() for _ in range(queue.qsize())]


def test_a_frame_is_a_key_frame_by_its_lowest_bit() -> None:
    frames = film(40, frames=3)

    assert [video.is_key(frame) for frame in (*frames, b"")] == [True, False, False, False]


def test_a_place_waits_for_a_key_frame_and_asks_for_it() -> None:
    seen = Seen()
    one = seen.source("one")

    seen.place.push(REST, 0, one)
    seen.place.push(KEY, 3000, one)
    seen.place.push(REST, 6000, one)

    assert seen.asked == ["one"]
    assert [bytes(frame) for frame in seen.shown] == [KEY, REST]


def test_the_clock_runs_on_when_the_source_changes_or_jumps() -> None:
    seen = Seen()
    one, two = seen.source("one"), seen.source("two")

    seen.place.push(KEY, 500_000_000, one)
    seen.place.push(REST, 500_003_000, one)
    seen.place.push(REST, 0, two)  # refers to what nobody saw here
    seen.place.push(KEY, 3000, two)
    seen.place.push(REST, 3000 + 2 * video.STRAYED, two)
    seen.place.push(REST, 6000 + 2 * video.STRAYED, two)

    clock = [frame.pts for frame in seen.shown]
    steps = [later - earlier for earlier, later in pairwise(clock)]
    assert steps[0] == 3000
    assert all(0 < step < video.CLOCK for step in steps)
    assert steps[-1] == 3000
    assert seen.asked == ["two"]


def test_a_clock_that_wraps_advances_as_before() -> None:
    seen = Seen()
    one = seen.source("one")

    seen.place.push(KEY, video.WRAP - 1000, one)
    seen.place.push(REST, 2000, one)

    first, second = seen.shown
    assert second.pts - first.pts == 3000


def test_a_slow_leg_loses_what_waited_and_asks_for_a_key_frame() -> None:
    seen = Seen()
    one = seen.source("one")
    seen.place.push(KEY, 0, one)
    for number in range(1, video.QUEUED + 1):
        seen.place.push(REST, number * 3000, one)

    assert seen.shown == []
    assert seen.asked == ["one"]
    seen.place.push(KEY, 200_000, one)
    assert [bytes(frame) for frame in seen.shown] == [KEY]


def test_a_camera_stays_below_what_everybody_can_take() -> None:
    camera, narrow, wide = video.Camera(), video.Place(), video.Place()
    assert camera.ceiling() == video.MOST_BITS
    for place in (narrow, wide):
        place.push(KEY, 0, camera)

    narrow.heed(300_000)
    wide.heed(5_000_000)
    assert camera.ceiling() == 300_000
    narrow.heed(10)
    assert camera.ceiling() == video.LEAST_BITS
    narrow.leave()
    narrow.leave()
    assert camera.ceiling() == video.MOST_BITS


def test_a_place_that_nobody_is_shown_at_asks_nobody() -> None:
    seen = Seen()
    seen.place.ask()
    seen.place.push(REST, 0, seen.source("one"))
    seen.place.ask()

    assert seen.asked == ["one", "one"]


def test_a_camera_is_not_asked_twice_in_a_moment() -> None:
    asked: list[int] = []

    class Receiver:
        _RTCRtpReceiver__remote_bitrate_estimator = None

        def getSynchronizationSources(self) -> list[Any]:  # noqa: N802  the name of aiortc
            return [type("Source", (), {"source": 7})]

        async def _send_rtcp_pli(self, source: int) -> None:
            asked.append(source)

    async def scene() -> None:
        camera = video.Camera()
        camera.ask()  # nothing comes from it yet
        camera.comes_from(Receiver())
        camera.ask()
        camera.ask()
        await asyncio.sleep(0.05)

    asyncio.run(scene())

    assert asked == [7]
