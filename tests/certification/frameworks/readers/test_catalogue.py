"""The frameworks that ship with the product keep the contract and hold what was counted."""

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

# competencies evaluated and criteria of each block
SHIPPED = {
    "crcd-tp-00483-06.json": ([3, 4], [25, 28]),
    "filea-appels-sortants.json": ([5], [15]),
    "rs-optimiser-relation-client.json": ([5, 4, 4], [5, 5, 4]),
    "rncp-gestion-relation-client.json": ([15, 17, 5], [9, 11, 3]),
    "rncp-commercial.json": ([14, 7, 10], [35, 18, 18]),
}


def _shipped(name: str) -> dict[str, Any]:
    folder = files("acquis.certification.frameworks").joinpath("catalogue")
    framework: dict[str, Any] = json.loads(folder.joinpath(name).read_text("utf-8"))
    return framework


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_framework_keeps_the_contract(contract: Draft202012Validator, name: str) -> None:
    framework = _shipped(name)
    contract.validate(framework)
    competencies, criteria = SHIPPED[name]
    assert [
        sum(c["evaluated"] for c in b["competencies"]) for b in framework["blocks"]
    ] == competencies
    assert [len(b["criteria"]) for b in framework["blocks"]] == criteria


def test_every_shipped_framework_is_counted() -> None:
    folder = files("acquis.certification.frameworks").joinpath("catalogue")
    assert {entry.name for entry in folder.iterdir() if entry.name.endswith(".json")} == set(
        SHIPPED
    )


def test_title_whose_text_is_protected_ships_without_prose() -> None:
    framework = _shipped("crcd-tp-00483-06.json")
    assert framework["glossary"] == []
    for block in framework["blocks"]:
        for competency in block["competencies"]:
            assert not {"description", "context", "skills", "knowledge"} & competency.keys()
    for exam in framework["assessments"]:
        assert not any("description" in step for phase in exam["phases"] for step in phase["steps"])
