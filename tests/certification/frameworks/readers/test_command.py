"""`acquis framework import` in the terminal: exit codes, and what goes where."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from acquis.certification.frameworks.readers import command
from tests.certification.frameworks.readers import invented_register as register
from tests.certification.frameworks.readers import writing


@pytest.fixture
def certificate(tmp_path: Path) -> str:
    path = tmp_path / "ludothèque.md"
    path.write_text(register.rncp_markdown_tabs(), encoding="utf-8")
    return str(path)


@pytest.fixture
def title(tmp_path: Path) -> list[str]:
    reac, evaluation = tmp_path / "REAC.md", tmp_path / "RE.md"
    reac.write_text(writing.as_markdown(writing.reac()), encoding="utf-8")
    evaluation.write_text(writing.as_markdown(writing.evaluation()), encoding="utf-8")
    return [str(reac), str(evaluation)]


def test_import_prints_one_array_that_keeps_the_contract(
    certificate: str, contract: Draft202012Validator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run([certificate, "--json"]) == 0
    frameworks = json.loads(capsys.readouterr().out)
    assert len(frameworks) == 1
    contract.validate(frameworks[0])
    assert frameworks[0]["source"]["file"] == "ludothèque.md"


def test_import_merges_on_demand(title: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run([*title, "--merge", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert command.run([*title, "--json"]) == 0
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)) == 2
    assert "REAC.md : Le référentiel d’évaluation (RE) manque" in printed.err


def test_import_summarises_for_people(title: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run([*title, "--merge"]) == 0
    out = capsys.readouterr().out
    assert "Titre professionnel : Fontainier d'espaces publics (TP-09123, FEP)" in out
    assert "CCS1 — Restaurer des fontaines classées : 1 compétence, 2 critères" in out


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "vide"), (b"Il pleut.\n", "référentiel"), (b"\x89PNG\r\n\x1a\n\x00", "image")],
)
def test_import_refuses_with_one_sentence_and_no_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, word: str
) -> None:
    path = tmp_path / "autre.txt"
    path.write_bytes(content)
    assert command.run([str(path), "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert word in printed.err
    assert printed.err.count("\n") == 1


def test_import_prints_nothing_when_one_of_several_is_refused(
    certificate: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run([certificate, str(tmp_path / "absent.txt"), "--json"]) == 2
    printed = capsys.readouterr()
    assert (printed.out, "n’existe pas" in printed.err) == ("", True)


@pytest.mark.parametrize("argv", [[], ["--jsno", "x"]])
def test_import_refuses_a_wrong_command_line(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(argv) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1


def test_import_refuses_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run([str(tmp_path)]) == 2
    assert "dossier" in capsys.readouterr().err
