"""The five founding documents: what they hold, counted by hand."""

from collections import Counter
from typing import Any

from tests.certification.frameworks.readers.conftest import Read


def _criteria_by_competency(framework: dict[str, Any]) -> list[int]:
    counts = Counter(
        code
        for block in framework["blocks"]
        for criterion in block["criteria"]
        for code in criterion["competencies"]
    )
    return [counts[c["code"]] for b in framework["blocks"] for c in b["competencies"]]


def _texts(framework: dict[str, Any]) -> list[str]:
    return [c["text"] for b in framework["blocks"] for c in b["criteria"]]


def _warned(framework: dict[str, Any]) -> set[str]:
    return {warning["code"] for warning in framework["warnings"]}


def _exam(framework: dict[str, Any], block: str | None) -> dict[str, Any]:
    return next(a for a in framework["assessments"] if a["scope"]["block"] == block)


def _minutes(exam: dict[str, Any]) -> dict[str, list[int]]:
    return {
        p["method"]: [p["minutes"], *(s["minutes"] for s in p["steps"])] for p in exam["phases"]
    }


def test_professional_title_is_identified(seed: Read) -> None:
    framework = seed("002")
    assert framework["kind"] == "titre_professionnel"
    assert framework["title"] == "Conseiller relation client à distance"
    assert (framework["code"], framework["acronym"], framework["edition"]) == (
        "TP-00483",
        "CRCD",
        "06",
    )
    assert (framework["level"], framework["effective_from"]) == (4, "2021-07-06")
    assert framework["nsf"] == ["312t"]
    assert framework["rome"] == ["D1408", "M1401"]
    assert framework["formacode"] == ["34076", "34026", "34027", "34037", "34507"]


def test_professional_title_has_its_competencies_and_criteria(seed: Read) -> None:
    framework = seed("002")
    assert [b["code"] for b in framework["blocks"]] == ["CCP1", "CCP2"]
    assert [len(b["competencies"]) for b in framework["blocks"]] == [3, 4]
    assert _criteria_by_competency(framework) == [7, 9, 9, 6, 8, 7, 7]
    assert all(c["description"] and c["context"] and c["knowledge"]
               for b in framework["blocks"] for c in b["competencies"])  # fmt: skip
    first = framework["blocks"][0]["competencies"][0]
    assert {kind: len(items) for kind, items in first["skills"].items()} == {
        "technical": 14,
        "organisational": 7,
        "relational": 9,
    }
    methods = {
        c["text"]: c["methods"]
        for c in framework["blocks"][0]["criteria"]
        if "CP3" in c["competencies"]
    }
    assert set(map(tuple, methods.values())) == {("roleplay", "technical_interview")}


def test_professional_title_has_its_transversal_competencies(seed: Read) -> None:
    framework = seed("002")
    assert [len(one["criteria"]) for one in framework["transversal_competencies"]] == [8, 8, 5]
    assert all(
        one["evaluated_through"] == [f"CP{n}" for n in range(1, 8)]
        for one in framework["transversal_competencies"]
    )


def test_exam_of_the_title_is_timed(seed: Read) -> None:
    exam = _exam(seed("002"), None)
    assert (exam["candidate_minutes"], exam["jury_minutes"], exam["invigilated_minutes"]) == (
        225,
        95,
        130,
    )
    assert _minutes(exam) == {
        "roleplay": [180, 75, 45, 60],
        "technical_interview": [30, 10, 10, 10],
        "final_interview": [15],
    }
    written, preparation, exchanges = exam["phases"][0]["steps"]
    assert (written["invigilated"], written["jury_present"]) == (True, False)
    assert (preparation["drawn_by_lot"], preparation["jury_present"]) == (True, False)
    assert (exchanges["exchanges"], exchanges["jury_present"]) == (6, True)


def test_exams_of_the_units_are_timed(seed: Read) -> None:
    framework = seed("002")
    first, second = _exam(framework, "CCP1"), _exam(framework, "CCP2")
    assert (first["candidate_minutes"], first["jury_minutes"], first["invigilated_minutes"]) == (
        130,
        30,
        100,
    )
    assert _minutes(first) == {
        "roleplay": [105, 75, 15, 15],
        "technical_interview": [25, 10, 10, 5],
    }
    assert first["phases"][0]["steps"][2]["exchanges"] == 2
    assert (second["candidate_minutes"], second["jury_minutes"], second["invigilated_minutes"]) == (
        140,
        45,
        95,
    )
    assert _minutes(second) == {"roleplay": [125, 75, 20, 30], "technical_interview": [15]}
    assert second["phases"][0]["steps"][2]["exchanges"] == 3
    notes = framework["rules"]["jury"]["notes"]
    assert len(notes) == 1
    assert "rétention client" in notes[0]


def test_oddities_of_the_title_are_warned_of(seed: Read) -> None:
    framework = seed("002")
    messages = " ".join(w["message"] for w in framework["warnings"])
    assert "CRCO" in messages
    assert "règles de confidentialité" in messages
    assert "criteria-differ" not in _warned(framework)
    assert framework["correspondences"][0]["from_edition"] == "2015-12-21"
    assert {"CGV", "Chatbot", "Emploi type"} <= {entry["term"] for entry in framework["glossary"]}


def test_private_certificate_is_read_with_its_regulation(seed: Read) -> None:
    framework = seed("003")
    assert framework["kind"] == "certificat_professionnel"
    assert framework["title"].casefold() == "assurer les services client en appels sortants"
    competencies = framework["blocks"][0]["competencies"]
    assert Counter(c["evaluated"] for c in competencies) == {False: 8, True: 5}
    assert len(_texts(framework)) == 15
    assert [len(c["methods"]) for c in framework["blocks"][0]["criteria"]] == [1] * 7 + [2] * 8
    rules = framework["rules"]
    assert (rules["scale"], rules["pass_ratio"]) == ("acquis_non_acquis", "0.70")
    assert (rules["summons_before"], rules["results_within"]) == ("P1M", "P10D")
    assert (rules["retake_within"], rules["attempts_max"]) == ("P1Y", 2)
    jury = rules["jury"]
    assert (jury["members_min"], jury["members_max"]) == (2, 3)
    assert (jury["experience_years_min"], jury["left_years_max"], jury["briefing_hours"]) == (
        3,
        5,
        2,
    )
    assert [p["method"] for p in framework["assessments"][0]["phases"]] == [
        "roleplay",
        "technical_interview",
    ]


def test_specific_register_table_is_read(seed: Read) -> None:
    framework = seed("004")
    assert (framework["kind"], framework["title"]) == ("rs", "Optimiser la relation client")
    assert [len(b["competencies"]) for b in framework["blocks"]] == [5, 4, 4]
    assert [len(b["criteria"]) for b in framework["blocks"]] == [5, 5, 4]
    assert all(c["theme"] for b in framework["blocks"] for c in b["criteria"])
    assert any("au regard du parcours défini, sont" in text for text in _texts(framework))
    for exam, product in zip(
        framework["assessments"],
        ("Note de cadrage", "Plan d'actions", "Rapport d'impact"),
        strict=True,
    ):
        assert [p["method"] for p in exam["phases"]] == ["written_production", "oral_defence"]
        assert exam["phases"][0]["deliverables"][0].startswith(product)
        assert exam["phases"][0]["individual"] is True


def test_broken_rncp_table_is_read_and_its_hole_reported(seed: Read) -> None:
    framework = seed("000")
    assert framework["kind"] == "rncp"
    assert [len(b["competencies"]) for b in framework["blocks"]] == [15, 17, 5]
    assert [len(b["criteria"]) for b in framework["blocks"]] == [9, 11, 3]
    assert framework["blocks"][2]["title"] == ""
    assert framework["blocks"][2]["competencies"][0]["code"] == "B3.C10"
    assert {"truncated", "no-block-title", "no-title"} <= _warned(framework)
    assert framework["rules"]["scale"] == "acquis_non_acquis"
    jury = framework["rules"]["jury"]
    assert (jury["members_min"], jury["independent_min"], len(jury["notes"])) == (2, 1, 2)
    assert _minutes(_exam(framework, None))["oral_defence"] == [30]


def test_ocr_damaged_blocks_are_read_and_mended(seed: Read) -> None:
    framework = seed("001")
    assert [len(b["competencies"]) for b in framework["blocks"]] == [14, 7, 10]
    assert [a["code"] for b in framework["blocks"] for a in b["activities"]] == [
        f"A{n}" for n in range(1, 16)
    ]
    assert len(framework["transversal_competencies"]) == 1
    assert len(framework["transversal_competencies"][0]["criteria"]) == 1
    ranged = [c for c in framework["blocks"][2]["criteria"] if len(c["competencies"]) == 5]
    assert {c["theme"] for c in ranged} == {
        "Pertinence du bilan d'activité et des propositions d'action"
    }
    assert len(ranged) == 7
    labels = _texts(framework) + [
        c["statement"] for b in framework["blocks"] for c in b["competencies"]
    ]
    damage = ("I'", "ceuvre", "[", "critéres", "matiére", " a l'", "fagon", "aupreés", "®", "- ")
    assert not [(label, mark) for label in labels for mark in damage if mark in label]
    assert "les différentes formes de concurrence sont identifiées" in labels
