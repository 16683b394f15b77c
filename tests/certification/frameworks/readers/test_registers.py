"""Tables of the national registers and private certificates, in each way they are met."""

import copy
from typing import Any

import pytest
import typst

from acquis.certification.frameworks.readers import SourceDocument, read_documents
from tests.certification.frameworks.readers import invented_register as register
from tests.certification.frameworks.readers.conftest import Read

FORMS = {
    "tabs": register.rncp_markdown_tabs().encode(),
    "bars": register.rncp_markdown_bars().encode(),
    "html": register.rncp_html().encode(),
    "html with merged cells": register.rncp_html(merged=True).encode(),
    "pdf": bytes(typst.compile(register.rncp_typst().encode())),
}


def _blocks(framework: dict[str, Any]) -> list[dict[str, Any]]:
    return copy.deepcopy(framework["blocks"])


@pytest.mark.parametrize("form", FORMS)
def test_table_reads_the_same_in_every_form(read: Read, form: str) -> None:
    framework = read(FORMS[form])
    assert (framework["kind"], framework["code"]) == ("rncp", "RNCP99123")
    assert framework["title"] == "Responsable de ludothèque"
    assert framework["warnings"] == []
    assert [b["code"] for b in framework["blocks"]] == ["RNCP99123BC01", "RNCP99123BC02"]
    assert _blocks(framework) == _blocks(read(FORMS["tabs"]))
    assert framework["assessments"] == read(FORMS["tabs"])["assessments"]


def test_criteria_follow_the_codes_they_quote(read: Read) -> None:
    first = read(FORMS["tabs"])["blocks"][0]
    assert [c["code"] for c in first["competencies"]] == ["C1.1", "C1.2", "C1.3"]
    assert [c["competencies"] for c in first["criteria"]] == [
        ["C1.1"],
        ["C1.1"],
        ["C1.2"],
        ["C1.3"],
    ]
    assert [a["title"] for a in first["activities"]] == [
        "Accueil du public",
        "Gestion du fonds de jeux",
    ]


def test_modalities_become_phases(read: Read) -> None:
    first, second = read(FORMS["tabs"])["assessments"]
    assert [(p["method"], p["minutes"]) for p in first["phases"]] == [
        ("roleplay", 90),
        ("written_production", None),
    ]
    assert first["phases"][1]["deliverables"] == ["Un plan de la ludothèque"]
    assert [(p["method"], p["minutes"]) for p in second["phases"]] == [
        ("case_study", None),
        ("oral_defence", 30),
    ]


def test_sheet_of_the_register_has_blocks_without_criteria(read: Read) -> None:
    framework = read(register.register_sheet())
    assert (framework["level"], framework["nsf"], framework["formacode"]) == (6, ["335"], ["44067"])
    assert [len(b["competencies"]) for b in framework["blocks"]] == [3, 2]
    assert {w["code"] for w in framework["warnings"]} == {"no-criteria"}


def test_specific_register_has_activities_themes_and_deliverables(read: Read) -> None:
    framework = read(register.rs_table())
    assert (framework["kind"], framework["code"]) == ("rs", "RS6789")
    assert [(b["code"], len(b["competencies"])) for b in framework["blocks"]] == [
        ("B1", 3),
        ("B2", 2),
    ]
    first = framework["blocks"][0]["criteria"]
    assert [c["theme"] for c in first] == ["Qualité du parcours"] * 2
    assert first[1]["text"] == "Le nombre d'œuvres, au regard de la durée prévue, est raisonnable"
    phase = framework["assessments"][0]["phases"][0]
    assert (phase["method"], phase["individual"]) == ("written_production", True)
    assert phase["deliverables"][0].startswith("Un conducteur de visite")


def test_private_certificate_states_its_rules(read: Read) -> None:
    framework = read(register.private_certificate())
    assert framework["title"] == "Tenir un vestiaire de théâtre"
    assert [c["evaluated"] for c in framework["blocks"][0]["competencies"]] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert [c["methods"] for c in framework["blocks"][0]["criteria"]] == [["roleplay"]] * 3 + [
        ["technical_interview"]
    ] * 2
    rules = framework["rules"]
    assert (rules["scale"], rules["pass_ratio"], rules["summons_before"]) == (
        "acquis_non_acquis",
        "0.75",
        "P15D",
    )
    assert (rules["results_within"], rules["retake_within"], rules["attempts_max"]) == (
        "P2W",
        "P6M",
        3,
    )
    jury = rules["jury"]
    assert (jury["members_min"], jury["members_max"]) == (3, 3)
    assert (jury["experience_years_min"], jury["left_years_max"], jury["briefing_hours"]) == (
        5,
        3,
        3,
    )


def test_headings_and_lists_stand_for_a_table(read: Read) -> None:
    framework = read(register.outline())
    assert (framework["title"], framework["code"]) == ("Régisseur de marionnettes", "RNCP99124")
    assert [[c["code"] for c in b["competencies"]] for b in framework["blocks"]] == [
        ["C1", "C2"],
        ["C3", "C4"],
    ]
    assert [len(b["criteria"]) for b in framework["blocks"]] == [2, 1]


def test_codes_used_again_in_each_block_get_the_block_before_them(read: Read) -> None:
    text = register.outline().replace("C3.", "C1.").replace("C4.", "C2.")
    codes = [c["code"] for b in read(text)["blocks"] for c in b["competencies"]]
    assert codes == ["B1.C1", "B1.C2", "B2.C1", "B2.C2"]


def test_missing_codes_are_warned_of(read: Read) -> None:
    framework = read(register.outline().replace("- C3. Manipuler deux marionnettes\n", ""))
    warned = [w for w in framework["warnings"] if w["code"] == "missing-competencies"]
    assert len(warned) == 1
    assert "C4" in warned[0]["message"]


def test_two_unrelated_files_give_two_frameworks() -> None:
    sources = [
        SourceDocument("a.md", FORMS["tabs"]),
        SourceDocument("b.md", register.rs_table().encode()),
    ]
    kinds = [one.framework["kind"] for one in read_documents(sources)]
    assert kinds == ["rncp", "rs"]


def test_codes_of_every_kind_are_understood(read: Read) -> None:
    framework = read(register.coded_table())
    assert (framework["title"], framework["code"]) == ("Manager de jardins partagés", "RNCP37980")
    first, second = framework["blocks"]
    assert (first["title"], second["title"]) == (
        "Concevoir un jardin partagé",
        "Animer un collectif",
    )
    assert [a["code"] for a in first["activities"]] == ["A1", "T1.1", "T1.2"]
    assert [c["activity"] for c in first["competencies"]] == ["A1", "A1"]
    assert [(c["text"], c["competencies"]) for c in first["criteria"]] == [
        ("Les prélèvements sont représentatifs", ["C1"]),
        ("Le choix des cultures est argumenté", ["C1"]),
        ("L'enquête est représentative", ["C2"]),
        ("Les attentes sont hiérarchisées", ["C2"]),
    ]
    assert [c["statement"] for c in second["competencies"]] == [
        "Conduire une réunion",
        "Gérer un conflit",
    ]
    assert len(second["criteria"]) == 3
    assert framework["assessments"][0]["phases"][0]["minutes"] == 120
    jury = framework["rules"]["jury"]
    assert (jury["members_min"], jury["independent_min"]) == (3, 2)


def test_choices_left_empty_are_no_modality(read: Read) -> None:
    framework = read(register.table_below_each_heading())
    assert (framework["kind"], framework["title"]) == ("rs", "Tailler des arbres fruitiers")
    assert [b["title"] for b in framework["blocks"]] == ["Observer l'arbre", "Tailler"]
    assert [p["method"] for p in framework["assessments"][0]["phases"]] == ["case_study"]
    texts = [c["text"] for b in framework["blocks"] for c in b["criteria"]]
    assert texts[0] == "Les bourgeons à fruit sont distingués"
    assert texts[3:] == ["L'outil est adapté", "L'outil est affûté"]


def test_column_of_blocks_is_read_row_by_row(read: Read) -> None:
    framework = read(register.column_of_blocks())
    assert [b["code"] for b in framework["blocks"]] == ["BC01", "BC02"]
    assert [c["competencies"] for b in framework["blocks"] for c in b["criteria"]] == [
        ["C1"],
        ["C1"],
        ["C2"],
        ["C3"],
    ]
    assert [p["minutes"] for a in framework["assessments"] for p in a["phases"]] == [180, 30]


def test_sheet_of_the_specific_register_is_read(read: Read) -> None:
    framework = read(register.sheet_of_the_specific_register())
    assert (framework["kind"], framework["code"], framework["title"]) == (
        "rs",
        "RS6543",
        "Conduire une barque à fond plat",
    )
    assert len(framework["blocks"][0]["competencies"]) == 3
    phases = framework["assessments"][0]["phases"]
    assert [(p["method"], p["minutes"]) for p in phases] == [
        ("roleplay", 45),
        ("technical_interview", 15),
    ]
