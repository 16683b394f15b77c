"""The contract of a framework's content: `contract.schema.json`, kept by every import and correction."""

import json
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator


class ContractBroken(ValueError):  # noqa: N818  a state of the content
    """The content does not have the contract's shape; the text says where."""


@cache
def validator() -> Draft202012Validator:
    file = resources.files("acquis.certification.frameworks") / "contract.schema.json"
    return Draft202012Validator(json.loads(file.read_text("utf-8")))


def check(content: dict[str, Any]) -> None:
    """Raise ContractBroken with the first fault found, in document order."""
    fault = next(iter(validator().iter_errors(content)), None)
    if fault is not None:
        place = "/".join(str(step) for step in fault.absolute_path) or "le document"
        raise ContractBroken(f"{place} : {fault.message}")
