"""The contract of a framework's content, `contract.schema.json`, kept by all."""

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


class ContractBrokenError(ValueError):
    """The content does not have the contract's shape; `place` says where."""

    def __init__(self, place: str, fault: str) -> None:
        super().__init__(f"{place}: {fault}")
        self.place = place


@cache
def validator() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator  # noqa: PLC0415  heavy: only what is installed or corrected needs it

    file = resources.files("acquis.certification.frameworks") / "contract.schema.json"
    return Draft202012Validator(json.loads(file.read_text("utf-8")))


def check(content: dict[str, Any]) -> None:
    """Raise ContractBrokenError with the first fault found, in document order."""
    fault = next(iter(validator().iter_errors(content)), None)
    if fault is not None:
        place = "/".join(str(step) for step in fault.absolute_path)
        raise ContractBrokenError(place, fault.message)
