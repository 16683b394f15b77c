"""How the web process speaks with the worker: its settings, its refusals, the real thing."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from benchmarks._server import Place, place

from acquis.kernel import files
from acquis.kernel.media import client
from acquis.kernel.media.process import Child
from acquis.kernel.media.service import into_outbox
from acquis.kernel.models import OutboxMessage, StoredFile

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PATIENCE = 60.0


def test_no_relay_by_default_and_a_password_for_a_few_hours_with_one(settings) -> None:
    assert client.ice_servers(NOW) == []

    settings.MEDIA_ICE_SERVERS = ["stun:s.example", "turn:t.example?transport=tcp"]
    assert client.ice_servers(NOW)[1] == {"urls": "turn:t.example?transport=tcp"}
    settings.MEDIA_TURN_SECRET = "north"
    stun, turn = client.ice_servers(NOW)

    assert stun == {"urls": "stun:s.example"}
    assert turn["username"] == f"{int(NOW.timestamp()) + 4 * 3600}:acquis"
    assert turn["credential"] == client.turn_password(turn["username"])


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:9", "unix:/nowhere/media.sock"])
def test_a_worker_that_does_not_answer_is_said_so(settings, address: str) -> None:
    settings.MEDIA_WORKER_URL = address

    with pytest.raises(client.MediaUnavailable):
        client.health()


@pytest.fixture(scope="module")
def where() -> Iterator[Place]:
    with place() as made:
        yield made


@pytest.fixture
def worker(where: Place, settings) -> Iterator[subprocess.Popen[bytes]]:
    socket = where.folder / "media.sock"
    command = [sys.executable, "-m", "acquis", "media", "--uds", str(socket)]
    process = subprocess.Popen(command, env=where.environment, cwd=where.folder)
    settings.MEDIA_WORKER_URL = f"unix:{socket}"
    settings.MEDIA_SECRET = _secret(where)
    yield process
    process.terminate()
    assert process.wait(PATIENCE) in {0, -signal.SIGTERM}


def _secret(where: Place) -> str:
    end = time.monotonic() + PATIENCE
    while not (where.folder / "media-key").exists() and time.monotonic() < end:
        time.sleep(0.05)
    return (where.folder / "media-key").read_text()


def _answering() -> dict[str, object]:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return dict(client.health())
        except client.MediaUnavailable:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@pytest.mark.usefixtures("worker")
def test_the_real_worker_answers_as_the_one_of_the_tests(settings) -> None:
    epoch = _answering()["epoch"]

    assert client.set_room("r", {"legs": ["a"], "hear": {}}) == epoch
    client.play("r", ["a"], ["beep"])
    with pytest.raises(client.LegNotExpected):
        client.join("r", "b", "v=0", at=NOW)
    with pytest.raises(client.MediaUnavailable):
        client.join("r", "a", "no description", at=NOW)
    settings.MEDIA_SECRET = "another"
    with pytest.raises(client.MediaUnavailable):
        client.health()


def test_a_child_is_started_again_and_dies_with_its_parent(
    where: Place, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in where.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(where.folder)
    child = Child()
    settings.MEDIA_WORKER_URL = child.address
    child.start()
    try:
        settings.MEDIA_SECRET = _secret(where)
        first = _answering()["epoch"]
        (process,) = _workers()
        process.kill()
        # Requests wait on the socket of the parent until the next one listens.
        assert _other_epoch(first) != first
    finally:
        (process,) = _workers()
        child.stop()
    assert not process.is_running()
    with pytest.raises(client.MediaUnavailable):
        client.health()


def _workers() -> list[psutil.Process]:
    children = psutil.Process().children(recursive=True)
    return [one for one in children if "media" in one.cmdline()]


def _other_epoch(first: object) -> object:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = _answering()["epoch"]
        if found != first:
            return found
        time.sleep(0.05)
    return first


@pytest.mark.django_db
def test_a_recording_goes_into_the_store_and_its_event_into_the_outbox(tmp_path: Path) -> None:
    part = tmp_path / "k.a.ogg"
    part.write_bytes(b"OggS sound")
    event = {"what": "recording_kept", "recording": "k",
             "parts": [{"leg": "a", "path": str(part), "seconds": 1.5}]}  # fmt: skip

    into_outbox(event)
    into_outbox(event)  # told again after a crash: its file is gone, it was handed over

    message = OutboxMessage.objects.get(topic=client.TOPIC)
    (told,) = message.payload["parts"]
    kept = StoredFile.objects.get(pk=told["file"])
    assert (told["leg"], told["sha256"]) == ("a", kept.sha256)
    assert files.read(kept) == b"OggS sound"
    assert not part.exists()


@pytest.mark.django_db
def test_an_event_without_files_goes_into_the_outbox() -> None:
    into_outbox({"what": "started", "epoch": "e"})

    assert OutboxMessage.objects.get().payload == {"what": "started", "epoch": "e", "parts": []}


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_file_leaves_no_bytes() -> None:
    kept = files.store(b"OggS", name="x.ogg", media_type="audio/ogg", by=None, at=NOW)
    storage, name = kept.content.storage, kept.content.name

    assert files.forget(kept)

    assert not storage.exists(name)
    assert not files.forget(None)
