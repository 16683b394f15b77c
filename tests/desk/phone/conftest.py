from collections.abc import Callable
from typing import Any

import pytest

from acquis.kernel.media import client


class FakeMedia:
    """Stands for the media worker; `tests/kernel/media/test_service.py` checks the real one."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.epoch = "epoch1"

    def __call__(self, method: str, path: str, body: Any) -> dict[str, str]:
        self.asked.append((method, path, body))
        return {"epoch": self.epoch, "sdp": "v=0 answer"}

    @property
    def rooms(self) -> list[Any]:
        return [body for method, _path, body in self.asked if method == "PUT"]

    @property
    def played(self) -> list[Any]:
        return [body for _method, path, body in self.asked if path.endswith("/play")]


@pytest.fixture
def media(monkeypatch: pytest.MonkeyPatch) -> FakeMedia:
    fake = FakeMedia()
    monkeypatch.setattr(client, "_asked", fake)
    return fake


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """What waits for commit is done at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
