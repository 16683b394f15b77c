import asyncio
import threading
import time

import pytest

from acquis.kernel import jobs, outbox, realtime
from acquis.kernel.models import Job, OutboxMessage
from acquis.kernel.worker import Worker, drain, embedded, with_embedded_worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker():
    running = Worker(pause=0.02)
    running.start()
    yield running
    running.stop()


def until(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_worker_delivers_and_runs_what_is_left_to_it(now, worker, monkeypatch):
    heard = threading.Event()
    monkeypatch.setitem(outbox.HANDLERS, "tests.bell", lambda _payload: heard.set())
    monkeypatch.setitem(jobs.KINDS, "tests.job", jobs.Kind("tests.job", "Essai", lambda *_: None))
    outbox.put("tests.bell", {}, at=now)
    job = jobs.enqueue("tests.job", by=None, at=now, args={})
    assert heard.wait(5)
    until(lambda: Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists())
    until(lambda: not OutboxMessage.objects.filter(delivered_at=None).exists())


def test_news_do_not_wait_behind_a_long_job(now, worker, monkeypatch):
    heard, end = threading.Event(), threading.Event()
    monkeypatch.setitem(outbox.HANDLERS, "tests.bell", lambda _payload: heard.set())
    kind = jobs.Kind("tests.long", "Long", lambda *_: end.wait(5))
    monkeypatch.setitem(jobs.KINDS, "tests.long", kind)
    jobs.enqueue("tests.long", by=None, at=now, args={})
    until(lambda: Job.objects.filter(state=Job.State.RUNNING).exists())
    outbox.put("tests.bell", {}, at=now)
    assert heard.wait(5)
    end.set()
    until(lambda: Job.objects.filter(finished_at__isnull=False).exists())


def test_fault_of_one_round_does_not_end_the_worker(worker, monkeypatch, caplog):
    monkeypatch.setattr("acquis.kernel.worker.EMBEDDED_PAUSE", 0.01)
    faults = []

    def fail(*, now):
        faults.append(now)
        raise RuntimeError("out of order")

    monkeypatch.setattr(outbox, "deliver", fail)
    until(lambda: len(faults) > 2)
    assert worker.alive
    assert "out of order" in caplog.text


def test_stopped_worker_is_not_alive(worker):
    assert worker.alive
    worker.stop()
    assert not worker.alive


def test_drain_leaves_nothing(now, monkeypatch):
    done = []
    monkeypatch.setitem(outbox.HANDLERS, "tests.bell", done.append)
    kind = jobs.Kind("tests.job", "Essai", lambda *_: outbox.put("tests.bell", {}, at=now) and None)
    monkeypatch.setitem(jobs.KINDS, "tests.job", kind)
    jobs.enqueue("tests.job", by=None, at=now, args={})
    drain()
    assert done == [{}]


def test_server_starts_the_worker_and_stops_it(settings, monkeypatch):
    settings.EMBEDDED_WORKER = True
    heard = threading.Event()
    monkeypatch.setattr(realtime, "get_channel_layer", lambda: Layer(heard))

    async def application(scope, receive, send):
        raise AssertionError("the lifespan is the worker's")

    async def story():
        incoming, outgoing = asyncio.Queue(), asyncio.Queue()

        running = asyncio.create_task(
            with_embedded_worker(application)({"type": "lifespan"}, incoming.get, outgoing.put)
        )
        await incoming.put({"type": "lifespan.startup"})
        assert await outgoing.get() == {"type": "lifespan.startup.complete"}
        assert embedded.alive
        # Handed over from the worker's thread, taken by the server's loop.
        await asyncio.to_thread(realtime._deliver, [{"topic": "user:1"}])
        assert heard.is_set()
        await incoming.put({"type": "lifespan.shutdown"})
        await running
        assert await outgoing.get() == {"type": "lifespan.shutdown.complete"}
        assert not embedded.alive

    asyncio.run(story())


class Layer:
    """A channel layer that must be used from the loop of the server."""

    def __init__(self, heard):
        self.heard = heard

    async def group_send(self, *_group_and_message):
        assert threading.current_thread() is threading.main_thread()
        self.heard.set()
