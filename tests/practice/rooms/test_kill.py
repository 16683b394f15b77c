"""The server killed while people write: what it acknowledged is there, once."""

import itertools
import json
import threading
import time
from typing import Any

import httpx
import pytest
from benchmarks._exam_check import digest

from benchmarks import _server
from tests.prepared import installed

CSRF = "k" * 32
PATIENCE = 30.0  # seconds


class Writer(threading.Thread):
    """A candidate whose page sends one text after another, each until it is acknowledged."""

    def __init__(self, address: str, candidate: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        self.address = address
        self.candidate = candidate
        self.told: list[dict[str, Any]] = []
        self.sent_again = 0
        self.enough = threading.Event()

    def run(self) -> None:
        seq = 0
        for number in itertools.count(1):
            if self.enough.is_set():
                break
            text = f"Version {number}. " + "Le client attend une réponse écrite. " * number
            client = f"tab:{number}"
            body = {"summary": text, "seq": seq + 1, "base_seq": seq, "client_id": client}
            seq = self._acknowledged(body)["seq"]
            told = {"sitting": self.candidate["sitting"], "key": "summary", "client": client}
            self.told.append({**told, "text": digest(text), "is_the_last": False})
        self.told[-1]["is_the_last"] = True

    def _acknowledged(self, body: dict[str, Any]) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                answer = httpx.post(
                    self.address + self.candidate["fields"]["summary"],
                    data=body,
                    headers={
                        "Cookie": f"sessionid={self.candidate['cookie']}; csrftoken={CSRF}",
                        "X-CSRFToken": CSRF,
                        "Accept": "application/json",
                    },
                    timeout=10,
                    trust_env=False,
                )
            except httpx.TransportError:
                self.sent_again += 1
                time.sleep(0.1)
                continue
            assert answer.is_success, answer.text[:500]
            return dict(answer.json())
        raise TimeoutError

    def wait_for(self, count: int) -> None:
        """Until `count` texts were acknowledged."""
        end = time.monotonic() + PATIENCE
        while len(self.told) < count:
            assert self.is_alive()
            assert time.monotonic() < end
            time.sleep(0.005)


@pytest.mark.journey
def test_what_was_acknowledged_before_a_kill_is_there_once() -> None:
    with _server.place(start=installed()) as where:
        people = json.loads(where.run("-m", "benchmarks._exam_room", "2", "2"))
        with _server.server(where) as serving:
            writers = [Writer(serving.address, one) for one in people["candidates"]]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.wait_for(10)
            serving.kill()
            before = [len(writer.told) for writer in writers]
            serving.start()
            for writer, count in zip(writers, before, strict=True):
                writer.wait_for(count + 5)
                writer.enough.set()
            for writer in writers:
                writer.join(PATIENCE)
        told = where.folder / "told.json"
        saves = [save for writer in writers for save in writer.told]
        told.write_text(json.dumps({"saves": saves, "marks": []}), encoding="utf-8")
        found = json.loads(where.run("-m", "benchmarks._exam_check", str(told)))
    assert sum(writer.sent_again for writer in writers) >= 1
    assert found == {"lost_count": 0, "doubled_count": 0, "trace_fault_count": 0}
