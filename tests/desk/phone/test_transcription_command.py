import hashlib
from datetime import datetime
from pathlib import Path

import pytest

from acquis.accounts.models import User, Workspace
from acquis.desk.phone.commands import transcription
from acquis.desk.phone.models import Recording, Transcript
from acquis.kernel import jobs, speech
from acquis.kernel.speech import checks
from tests.factories import phone
from tests.factories.speech import Ears, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in checks.NEEDED:
        (tmp_path / name).write_bytes(b"poids")
    settings.TRANSCRIPTION = settings.TRANSCRIPTION | {"model": str(tmp_path)}
    monkeypatch.setattr(checks, "find_spec", lambda _name: object())
    return tmp_path


@pytest.fixture
def recording(workspace: Workspace, adviser: User) -> Recording:
    phone.line(workspace, played=True)
    return phone.ready_recording(phone.active_call(workspace, adviser))


def test_it_says_that_transcription_is_off(capsys: pytest.CaptureFixture[str]) -> None:
    assert transcription.run([]) == 0
    assert "éteinte" in capsys.readouterr().out


def test_it_says_what_has_to_be_mended(on: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (on / "config.json").unlink()
    assert transcription.run([]) == 1
    assert "config.json" in capsys.readouterr().out


def test_it_tells_the_fingerprint_of_the_weights(
    on: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert transcription.run([]) == 0
    assert hashlib.sha256(b"poids").hexdigest() in capsys.readouterr().out


def test_what_is_missing_or_failed_is_asked_again_once(
    on: Path,
    recording: Recording,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert transcription.run(["--again"]) == 0
    assert "Redemandées : 1" in capsys.readouterr().out
    transcription.run(["--again"])
    assert "Redemandées : 0" in capsys.readouterr().out

    Transcript.objects.update(state="failed")
    monkeypatch.setattr(speech, "transcriber", lambda: Ears(said("Bonjour.")))
    transcription.run(["--again"])
    assert "Redemandées : 1" in capsys.readouterr().out
    while jobs.run_due(now=now, aside=True):
        pass
    transcription.run(["--again"])
    told = capsys.readouterr().out
    assert "Redemandées : 0" in told
    assert "Transcrit : 1" in told
