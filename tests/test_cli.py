"""The `acquis` command: what it answers to a call, right or wrong."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from acquis import cli
from acquis.config import commands, environment
from acquis.kernel import trace
from tests.factories import desk

ROOT = Path(__file__).resolve().parents[1]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for word in ("run", "migrate", "worker", "reindex", "demo", "framework", "trace", "manage"):
        assert word in shown


@pytest.mark.parametrize("words", [[], ["inconnue"], ["demo"], ["demo", "effacer"]])
def test_a_wrong_call_exits_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_framework_without_import_says_its_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["framework", "lire"]) == 2
    assert "framework import" in capsys.readouterr().err


def test_framework_import_is_passed_on(tmp_path: Path) -> None:
    try:
        status = cli.main(["framework", "import", str(tmp_path / "absent.pdf")])
    except SystemExit as ended:
        status = ended.code
    assert status not in {0, None}


@pytest.mark.django_db
def test_trace_verify_reads_all_chains_or_one(
    now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    trace.record("session.opened", None, by=None, at=now, stream="session:1")
    assert cli.main(["trace", "verify"]) == 0
    assert cli.main(["trace", "verify", "--stream", "session:1"]) == 0
    assert capsys.readouterr().out.count("intacte") == 2


@pytest.mark.django_db
def test_reindex_says_what_was_read_of_each_desk(capsys: pytest.CaptureFixture[str]) -> None:
    desk.article(desk.desk(name="Valbrenne"), title="Retours", body="Un colis.", keywords=["port"])
    desk.desk(name="Vide")

    assert cli.main(["reindex"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "Valbrenne : articles : 1, leurs mots : 3, mots des fiches clients : 0"
    ]


def test_demo_reset_refuses_any_base_but_the_embedded_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = "django.db.backends.postgresql"
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", engine)
    kept = sorted(Path(settings.MEDIA_ROOT).rglob("*"))
    assert commands._erase_embedded() is False
    assert "SQLite" in capsys.readouterr().err
    assert sorted(Path(settings.MEDIA_ROOT).rglob("*")) == kept


def test_a_missing_setting_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACQUIS_SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="Set ACQUIS_SECRET_KEY in the environment"):
        environment.text("ACQUIS_SECRET_KEY")


def test_a_secret_is_made_once_and_read_by_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACQUIS_SECRET_KEY", raising=False)
    file = tmp_path / "deep" / "secret-key"
    made = environment.secret("ACQUIS_SECRET_KEY", file)
    assert environment.secret("ACQUIS_SECRET_KEY", file) == made
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("url", ["mysql://base", "acquis.sqlite3", ""])
def test_a_database_of_another_kind_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="must start with sqlite:/// or postgresql://"):
        environment.database(url)


def test_a_database_address_is_read_with_its_marks() -> None:
    read = environment.database("postgresql://anna:p%40ss@base:5433/acquis?pool=false")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"], read["NAME"]) == (
        ("anna", "p@ss", "base", "5433", "acquis")
    )
    assert read["OPTIONS"] == {}


@pytest.mark.parametrize("python", ["no-such-python", "old"])
def test_install_says_which_python_it_wants(python: str, tmp_path: Path) -> None:
    if python == "old":
        old = tmp_path / "python3.9"
        old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit 0\nexit 1\n')
        old.chmod(0o755)
        python = str(old)
    answer = subprocess.run(
        [str(ROOT / "scripts/install"), "runtime", python, str(tmp_path / "venv")],
        capture_output=True,
        check=False,
        text=True,
    )
    assert answer.returncode == 1
    assert "Acquis demande Python 3.11 ou plus récent" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "venv").exists()


def test_catalogues_are_compiled_without_system_package() -> None:
    answer = subprocess.run(
        [sys.executable, str(ROOT / "scripts/compile-catalogues")],
        capture_output=True,
        check=False,
        env=os.environ | {"PATH": ""},
        text=True,
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert (ROOT / "src/acquis/locale/en/LC_MESSAGES/django.mo").stat().st_size > 1000
