"""Codes guessed at two processes of the real server, which share their database and nothing else."""

import json
from typing import Any

import httpx
import pytest

from benchmarks import _server
from tests.prepared import installed

CSRF = "k" * 32
GUESSES = 24


def guess(address: str, candidate: dict[str, Any], code: str) -> str:
    answer = httpx.post(
        f"{address}/salle/{candidate['sitting']}/entrer/",
        data={"code": code},
        headers={
            "Cookie": f"sessionid={candidate['cookie']}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Accept": "application/json",
        },
        timeout=30,
        trust_env=False,
    )
    assert answer.status_code == 422, answer.text[:500]
    return str(answer.json()["code"])


@pytest.mark.journey
def test_two_processes_count_the_same_guesses() -> None:
    with _server.place(start=installed()) as where:
        people = json.loads(where.run("-m", "benchmarks._exam_room", "1", "1"))
        (candidate,) = people["candidates"]
        with _server.server(where) as one, _server.server(where) as other:
            told = [
                guess((one, other)[number % 2].address, candidate, f"BCDF{number}")
                for number in range(22, 22 + GUESSES)
            ]
    assert told == ["sittings.wrong_access_code"] * 10 + ["sittings.too_many_codes"] * (
        GUESSES - 10
    )
