"""What was acknowledged survives a server that is killed, and its work goes on."""

import httpx
import pytest
from benchmarks._server import place, server

from tests.prepared import installed


@pytest.mark.usefixtures("_no_settings_of_tests")
def test_killed_server_starts_again_and_takes_up_its_queue():
    with place(start=installed()) as made, server(made) as running:
        assert httpx.get(f"{running.address}/healthz").json() == {"status": "ok"}
        running.kill()
        made.run("-m", "acquis", "manage", "shell", "-v", "0", "-c", QUEUED)
        running.start()
        ready = httpx.get(f"{running.address}/readyz").json()
        assert ready["checks"] == {"database": True, "migrations": True, "worker": True}
        left = made.run("-m", "acquis", "manage", "shell", "-v", "0", "-c", WAIT)
        assert left.strip() == "0"


@pytest.fixture
def _no_settings_of_tests(monkeypatch):
    monkeypatch.delenv("ACQUIS_TEST_DATABASE_URL", raising=False)


QUEUED = """
from datetime import UTC, datetime
from acquis.kernel import realtime
realtime.publish("user:1", at=datetime.now(UTC))
"""
WAIT = """
import time
from acquis.kernel.models import OutboxMessage
waiting = OutboxMessage.objects.filter(delivered_at=None)
for _ in range(100):
    if not waiting.exists():
        break
    time.sleep(0.1)
print(waiting.count())
"""
