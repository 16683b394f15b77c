"""Reads documents as users bring them, and checks every result against the contract."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from acquis.certification.frameworks.readers import ReadFramework, SourceDocument, read_documents

Read = Callable[..., dict[str, Any]]

_SEEDS = Path(__file__).resolve().parents[5] / "shared" / "seeds"
_OTHER_SEEDS = Path(__file__).resolve().parents[6] / "shared" / "seeds"


@pytest.fixture(scope="session")
def contract() -> Draft202012Validator:
    text = (
        files("acquis.certification.frameworks").joinpath("contract.schema.json").read_text("utf-8")
    )
    return Draft202012Validator(json.loads(text))


@pytest.fixture
def check(contract: Draft202012Validator) -> Callable[[ReadFramework], dict[str, Any]]:
    """Return a checker: the contract holds, codes are unique, locations are lines that exist."""

    def checked(result: ReadFramework) -> dict[str, Any]:
        contract.validate(result.framework)
        framework = result.framework
        codes = [c["code"] for b in framework["blocks"] for c in b["competencies"]]
        codes += [c["code"] for b in framework["blocks"] for c in b["criteria"]]
        codes += [b["code"] for b in framework["blocks"]]
        assert len(codes) == len(set(codes))
        known = {c["code"] for b in framework["blocks"] for c in b["competencies"]}
        for block in framework["blocks"]:
            for criterion in block["criteria"]:
                assert set(criterion["competencies"]) <= known
        count = len(result.source_text.split("\n"))
        assert all(1 <= line <= count for line in result.locations.values())
        assert all(w["line"] is None or w["line"] <= count for w in framework["warnings"])
        return framework

    return checked


@pytest.fixture
def read(check: Callable[[ReadFramework], dict[str, Any]]) -> Read:
    """Return a reader of one document, given as text or bytes."""

    def one(content: str | bytes, name: str = "document.txt") -> dict[str, Any]:
        data = content.encode() if isinstance(content, str) else content
        results = read_documents([SourceDocument(name, data)])
        assert len(results) == 1
        return check(results[0])

    return one


@pytest.fixture
def seed(check: Callable[[ReadFramework], dict[str, Any]]) -> Read:
    """Return a reader of a founding document by its number; they are not part of the product."""

    def one(number: str) -> dict[str, Any]:
        found = [
            path for folder in (_SEEDS, _OTHER_SEEDS) for path in folder.glob(f"{number}_*.txt")
        ]
        if not found:
            pytest.skip("the founding documents are not distributed with the product")
        source = SourceDocument(found[0].name, found[0].read_bytes())
        return check(read_documents([source])[0])

    return one
