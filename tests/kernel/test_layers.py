"""The channel layer between processes, against a real Redis."""

import asyncio
import shutil
from collections.abc import Iterator

import pytest
from benchmarks._redis import redis
from redis import asyncio as aioredis

from acquis.kernel.layers import NewsLayer

pytestmark = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="Redis does not start here"
)


@pytest.fixture
def address(tmp_path) -> Iterator[str]:
    with redis(tmp_path) as where:
        yield where


def layer_at(where: str) -> NewsLayer:
    return NewsLayer(hosts=[{"address": where}])


async def _heard(layer: NewsLayer, channel: str, count: int) -> list[dict]:
    return [await asyncio.wait_for(layer.receive(channel), 10) for _ in range(count)]


def test_what_one_process_sends_together_another_hears_in_its_order(address):
    async def spoken() -> list[dict]:
        there, here = layer_at(address), layer_at(address)
        channel = await there.new_channel()
        await there.group_add("topic.a", channel)
        await there.group_add("topic.b", channel)
        await asyncio.wait_for(_subscribed(address, 2), 10)
        news = [(f"topic.{'ab'[number % 2]}", {"number": number}) for number in range(60)]
        assert await here.group_send_each(news) == {}
        heard = await _heard(there, channel, 60)
        await here.flush()
        await there.flush()
        return heard

    assert [one["number"] for one in asyncio.run(spoken())] == list(range(60))


async def _subscribed(address: str, count: int) -> None:
    """Until Redis has taken so many subscriptions to groups."""
    async with aioredis.from_url(address) as client:
        while len(await client.pubsub_channels("*topic.*")) < count:  # noqa: ASYNC110  Redis rings no bell
            await asyncio.sleep(0.01)


def test_each_piece_of_news_bears_its_fault_while_redis_is_away():
    async def sent() -> dict[int, Exception]:
        layer = layer_at("redis://127.0.0.1:9/0")
        try:
            return await layer.group_send_each([("topic.a", {"n": 1}), ("topic.b", {"n": 2})])
        finally:
            await layer.flush()

    faults = asyncio.run(sent())
    assert set(faults) == {0, 1}
    assert all(isinstance(fault, Exception) for fault in faults.values())


def test_nothing_to_send_asks_nothing(address):
    async def sent() -> dict[int, Exception]:
        return await layer_at(address).group_send_each([])

    assert asyncio.run(sent()) == {}
