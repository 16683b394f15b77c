"""A ministry's title reads the same whatever its medium, encoding, headings and boxes."""

import copy
import unicodedata
from typing import Any

import pytest

from acquis.certification.frameworks.readers import SourceDocument, read_documents
from tests.certification.frameworks.readers import writing
from tests.certification.frameworks.readers.conftest import Read

BOTH = writing.Written([*writing.reac().elements, *writing.evaluation().elements])
MARKDOWN = writing.as_markdown(BOTH)


def _without_source(framework: dict[str, Any]) -> dict[str, Any]:
    bare = copy.deepcopy(framework)
    del bare["source"]
    for warning in bare["warnings"]:
        del warning["line"]
    return bare


def _unaccented_capitals(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.upper()


def _with_headings(form: str) -> str:
    return "\n".join(
        form.format(line[3:]) if line.startswith("## ") else line for line in MARKDOWN.split("\n")
    )


FIXED = (
    "FICHE",
    "REFERENTIEL",
    "RÉFÉRENTIEL",
    "Description",
    "Contexte",
    "Critères",
    "Savoir",
    "Liste",
    "Annexe",
)
SHOUTED = "\n".join(
    f"## {_unaccented_capitals(line[3:])}"
    if line[3:].startswith(FIXED) and line.startswith("## ")
    else line
    for line in MARKDOWN.split("\n")
)

VARIANTS = {
    "windows line ends": MARKDOWN.replace("\n", "\r\n").encode(),
    "latin-1": MARKDOWN.replace("☒", "[x]").replace("☐", "[ ]").replace("–", "-").replace("œ", "oe").encode("latin-1"),
    "windows-1252": MARKDOWN.replace("☒", "X").replace("☐", "").replace("'", "’").encode("cp1252"),
    "byte order mark": b"\xef\xbb\xbf" + MARKDOWN.encode(),
    "utf-16": MARKDOWN.encode("utf-16"),
    "word typography": MARKDOWN.replace("'", "’").replace(" :", "\u00a0:").replace("☒", "✓").replace("☐", "□").encode(),
    "soft hyphens": MARKDOWN.replace("sécurité", "sécu\u00adrité").replace("fontaine", "fon\u00adtaine").encode(),
    "decomposed accents": unicodedata.normalize("NFD", MARKDOWN).encode(),
    "headings in capitals": SHOUTED.encode(),
    "no heading marks": _with_headings("{}").encode(),
    "bold headings": _with_headings("**{}**").encode(),
    "deep headings": _with_headings("##### {}").encode(),
    "tables between bars": "\n".join(
        f"| {line.replace(chr(9), ' | ')} |" if "\t" in line else line for line in MARKDOWN.split("\n")
    ).encode(),
    "boxes as inputs": MARKDOWN.replace("☒", '<input checked="checked" type="checkbox"/>')
    .replace("☐", '<input type="checkbox"/>')
    .encode(),
    "boxes as squares": MARKDOWN.replace("☒", "■").replace("☐", "□").encode(),
    "boxes of a symbol font": MARKDOWN.replace("☒", "\uf0fe").replace("☐", "\uf0a8").encode(),
    "dashes before items": writing.as_markdown(BOTH, bullets="- ").encode(),
    "dots before items": writing.as_markdown(BOTH, bullets="• ").encode(),
    "footnote marks": MARKDOWN.replace("des saisons", "des saisons\\*").encode(),
    "html": writing.as_html(BOTH).encode(),
    "html in latin-1": writing.as_html(BOTH).replace("–", "-").replace("œ", "oe").encode("latin-1"),
    "evaluation first": writing.as_markdown(
        writing.Written([*writing.evaluation().elements, *writing.reac().elements])
    ).encode(),
}  # fmt: skip


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return writing.as_pdf(BOTH)


def test_title_is_read_whole(read: Read) -> None:
    framework = read(MARKDOWN)
    assert framework["source"]["layout"] == "reac-re"
    assert (framework["code"], framework["acronym"], framework["edition"]) == (
        "TP-09123",
        "FEP",
        "02",
    )
    assert (framework["title"], framework["level"]) == ("Fontainier d'espaces publics", 5)
    assert (framework["nsf"], framework["rome"]) == (["230m", "227s"], ["F1603", "I1309", "K2306"])
    assert (framework["formacode"], framework["effective_from"]) == (
        ["22654", "12522"],
        "2024-09-01",
    )
    assert [b["code"] for b in framework["blocks"]] == ["CCP1", "CCP2", "CCP3", "CCS1"]
    assert [[c["code"] for c in b["competencies"]] for b in framework["blocks"]] == [
        ["CP1", "CP2", "CP3"],
        ["CP4", "CP5"],
        ["CP6"],
        ["CP7"],
    ]
    assert framework["warnings"] == []


def test_criteria_follow_the_boxes(read: Read) -> None:
    framework = read(MARKDOWN)
    methods = {c["text"]: c["methods"] for b in framework["blocks"] for c in b["criteria"]}
    assert len(methods) == 18
    assert methods["Les règles de sécurité du Code du travail sont respectées"] == ["roleplay"]
    assert methods["Le scellement est d'aplomb"] == ["roleplay", "technical_interview"]
    assert methods["La pression est mesurée et consignée"] == ["roleplay", "questionnaire"]
    assert methods["Le planning tient compte des saisons"] == ["production_questioning"]


def test_every_method_and_duration_is_understood(read: Read) -> None:
    exams = {a["scope"]["block"]: a for a in read(MARKDOWN)["assessments"]}
    whole = exams[None]
    assert (whole["candidate_minutes"], whole["jury_minutes"], whole["invigilated_minutes"]) == (
        410,
        225,
        165,
    )
    assert [(p["method"], p["minutes"]) for p in whole["phases"]] == [
        ("roleplay", 240),
        ("technical_interview", 45),
        ("questionnaire", 75),
        ("production_questioning", 30),
        ("final_interview", 20),
    ]
    first, second = whole["phases"][0]["steps"]
    assert (first["minutes"], first["invigilated"], first["jury_present"]) == (90, True, False)
    assert (second["minutes"], second["drawn_by_lot"], second["jury_present"]) == (150, True, True)
    assert [p["method"] for p in exams["CCP1"]["phases"]] == ["roleplay", "technical_interview"]
    assert [p["method"] for p in exams["CCP3"]["phases"]] == ["project"]
    assert exams["CCS1"]["candidate_minutes"] == 135


@pytest.mark.parametrize("name", VARIANTS)
def test_title_reads_the_same_written_otherwise(read: Read, name: str) -> None:
    assert _without_source(read(VARIANTS[name])) == _without_source(read(MARKDOWN))


def test_title_reads_the_same_from_a_pdf(read: Read, pdf: bytes) -> None:
    framework = read(pdf, "titre.pdf")
    assert framework["source"]["media_type"] == "application/pdf"
    assert _without_source(framework) == _without_source(read(MARKDOWN))


def test_boxes_that_a_pdf_draws_are_seen(read: Read) -> None:
    framework = read(writing.as_pdf(BOTH, boxes=writing.DRAWN), "titre.pdf")
    assert _without_source(framework) == _without_source(read(MARKDOWN))


def test_rulings_that_a_page_break_leaves_open_are_put_back(read: Read) -> None:
    """The first row has no ruling above it, the last none below."""
    open_ended = (
        "#set table(stroke: (x, y) => (left: 0.5pt, right: 0.5pt, top: if y > 0 { 0.5pt }))\n"
    )
    framework = read(writing.as_pdf(BOTH, page=open_ended), "titre.pdf")
    assert _without_source(framework) == _without_source(read(MARKDOWN))


def test_two_documents_merge_into_one_title() -> None:
    parts = [
        SourceDocument("REAC.md", writing.as_markdown(writing.reac()).encode()),
        SourceDocument("RE.html", writing.as_html(writing.evaluation()).encode()),
    ]
    merged = read_documents(parts, merge=True)
    assert len(merged) == 1
    assert merged[0].framework["source"]["file"] == "REAC.md + RE.html"
    alone = read_documents([SourceDocument("both.md", MARKDOWN.encode())])[0]
    assert _without_source(merged[0].framework) == _without_source(alone.framework)
    line = merged[0].source_text.split("\n")[merged[0].locations["CP5"] - 1]
    assert "N° 5" in line


def test_two_documents_apart_give_two_partial_titles() -> None:
    parts = [
        SourceDocument("REAC.md", writing.as_markdown(writing.reac()).encode()),
        SourceDocument("RE.md", writing.as_markdown(writing.evaluation()).encode()),
    ]
    reac, evaluation = (one.framework for one in read_documents(parts))
    assert (reac["source"]["layout"], evaluation["source"]["layout"]) == ("reac", "re")
    assert {w["code"] for w in reac["warnings"]} == {"no-re"}
    assert {w["code"] for w in evaluation["warnings"]} == {"no-reac"}
    assert (reac["code"], evaluation["code"]) == ("TP-09123", "TP-09123")
    for framework in (reac, evaluation):
        assert sum(len(b["criteria"]) for b in framework["blocks"]) == 18
        assert [len(b["competencies"]) for b in framework["blocks"]] == [3, 2, 1, 1]
    assert reac["assessments"] == []
    assert len(evaluation["assessments"]) == 5


def test_differences_between_both_documents_are_warned_of(read: Read) -> None:
    text = MARKDOWN.replace(
        "## Glossaire technique", "Un critère de trop\n\n## Glossaire technique", 1
    )
    text = text.replace("La panne est identifiée\n", "La panne est trouvée\n", 1)
    messages = [w["message"] for w in read(text)["warnings"]]
    assert any("La panne est trouvée" in message for message in messages)
    assert any("La panne est identifiée" in message for message in messages)
    assert any("Un critère de trop" in message for message in messages)


def test_durations_that_disagree_are_warned_of(read: Read) -> None:
    framework = read(MARKDOWN.replace("06 h 50 min", "06 h 00 min"))
    assert "durations-disagree" in {w["code"] for w in framework["warnings"]}
