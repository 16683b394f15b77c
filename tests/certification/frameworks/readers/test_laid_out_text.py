"""A REAC as programs lay it out in plain text: strips broken over lines, criteria without bullets."""

from pathlib import Path

from tests.certification.frameworks.readers.conftest import Read

TEXT = Path(__file__).with_name("laid_out_title.txt").read_bytes()


def test_a_laid_out_text_reads_as_its_pages_did(read: Read) -> None:
    framework = read(TEXT, "reac.txt")

    assert (framework["code"], framework["edition"], framework["level"]) == ("TP-01999", "04", 6)
    assert [
        [one["statement"] for one in block["competencies"]] for block in framework["blocks"]
    ] == [
        [
            "Installer et clore son chantier en fonction du lieu",
            "Nettoyer des bassins",
            "Régler des jets d'eau",
        ],
        [
            "Analyser les besoins et dessiner une fontaine",
            "Concevoir et mettre en place un réseau hydraulique",
        ],
    ]
    assert [len(block["criteria"]) for block in framework["blocks"]] == [10, 5]
    assert len(framework["transversal_competencies"]) == 3


def test_the_strip_at_the_foot_of_a_page_is_never_a_criterion(read: Read) -> None:
    framework = read(TEXT, "reac.txt")

    assert "24/05/2023" not in str(framework)
    assert "REAC TP" not in str(framework)


def test_a_criterion_goes_on_in_brackets_on_the_next_line(read: Read) -> None:
    framework = read(TEXT, "reac.txt")

    texts = [one["text"] for block in framework["blocks"] for one in block["criteria"]]
    assert any(text.endswith("étranger (italien ou allemand surtout)") for text in texts)
    assert not any(text.startswith("(") for text in texts)
