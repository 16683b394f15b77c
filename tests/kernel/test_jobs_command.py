"""`acquis jobs` in the terminal."""

import pytest

from acquis.kernel.commands import jobs as command
from acquis.kernel.models import Job

pytestmark = pytest.mark.django_db


def test_jobs_lists_recent_work(capsys, now):
    Job.objects.create(kind="tests.unknown", created_at=now, done=3, total=9)
    assert command.run([]) == 0
    printed = capsys.readouterr().out
    assert "tests.unknown" in printed
    assert "3 / 9" in printed


def test_jobs_follow_ends_with_the_work_and_says_what_failed(capsys, now, monkeypatch):
    job = Job.objects.create(kind="tests.unknown", created_at=now)

    def meanwhile(_pause: float) -> None:
        Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, error="Le fichier manque.")

    monkeypatch.setattr(command.time, "sleep", meanwhile)
    assert command.run(["--follow"]) == 1
    assert "Le fichier manque." in capsys.readouterr().err


def test_jobs_follow_returns_at_once_when_nothing_runs(capsys):
    assert command.run(["--follow"]) == 0


def test_jobs_run_says_when_there_is_no_such_work(capsys):
    assert command.run(["--run", "404"]) == 2
    assert "404" in capsys.readouterr().err
