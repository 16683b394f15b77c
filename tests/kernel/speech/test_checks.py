from pathlib import Path

import pytest
from django.core.checks import run_checks

from acquis.kernel import speech
from acquis.kernel.speech import checks


@pytest.fixture
def model(tmp_path: Path, settings) -> Path:
    for name in checks.NEEDED:
        (tmp_path / name).touch()
    settings.TRANSCRIPTION = settings.TRANSCRIPTION | {"model": str(tmp_path)}
    return tmp_path


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "find_spec", lambda _name: object())


def test_without_a_model_it_is_off_and_nothing_is_wrong() -> None:
    assert speech.transcriber() is None
    assert checks.problems() == []
    assert "ACQUIS_TRANSCRIPTION_MODEL" in " ".join(checks.reasons())
    assert not [one for one in run_checks() if one.id.startswith("acquis.transcription")]


def test_a_check_before_production_says_that_it_is_off() -> None:
    told = [one.id for one in run_checks(include_deployment_checks=True)]
    assert "acquis.transcription_off" in told


def test_with_a_model_and_the_extra_something_hears(model: Path, installed: None) -> None:
    assert checks.problems() == []
    assert speech.transcriber() is not None
    assert checks.reasons() == []
    told = [one.id for one in run_checks(include_deployment_checks=True)]
    assert "acquis.transcription_off" not in told


def test_a_model_without_the_extra_is_said(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "find_spec", lambda _name: None)
    (problem,) = checks.problems()
    assert "acquis[transcription]" in problem
    assert speech.transcriber() is None
    assert checks.reasons() == [problem]
    assert [one.msg for one in run_checks() if one.id == "acquis.transcription"] == [problem]


def test_a_folder_without_weights_is_said(model: Path, installed: None) -> None:
    (model / "model.bin").unlink()
    (problem,) = checks.problems()
    assert "model.bin" in problem
    assert str(model) in problem


def test_no_thread_at_all_is_said(model: Path, installed: None, settings) -> None:
    settings.TRANSCRIPTION = settings.TRANSCRIPTION | {"threads": 0}
    (problem,) = checks.problems()
    assert "ACQUIS_TRANSCRIPTION_THREADS" in problem


def test_readyz_says_only_whether_it_is_on(client, db, model: Path, installed: None) -> None:
    assert client.get("/readyz").json()["transcription"] == {"on": True}
    (model / "model.bin").unlink()
    assert client.get("/readyz").json()["transcription"] == {"on": False}
