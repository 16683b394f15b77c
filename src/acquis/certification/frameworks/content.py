"""Pure reading of a framework's content: the shape is `contract.schema.json`."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

Content = dict[str, Any]


def fingerprint(content: Content) -> str:
    """SHA-256 of the canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def block_named(content: Content, code: str) -> dict[str, Any] | None:
    return next((block for block in content["blocks"] if block["code"] == code), None)


def blocks_in_scope(content: Content, code: str = "") -> list[dict[str, Any]]:
    """The blocks a session examines: one of them, or all when `code` is empty."""
    return [block for block in content["blocks"] if not code or block["code"] == code]


def competencies(content: Content, code: str = "") -> Iterator[dict[str, Any]]:
    for block in blocks_in_scope(content, code):
        yield from block["competencies"]


def criteria(content: Content, code: str = "") -> Iterator[dict[str, Any]]:
    for block in blocks_in_scope(content, code):
        yield from block["criteria"]


def assessment_for(content: Content, code: str = "") -> dict[str, Any] | None:
    """The exam of one block, or of the whole certification; None when the document gives none."""
    wanted = ("block", code) if code else ("whole", None)
    for assessment in content["assessments"]:
        scope = assessment["scope"]
        if (scope["type"], scope.get("block") if code else None) == wanted:
            return dict(assessment)
    return None


def decides_over_blocks(content: Content) -> bool:
    """Whether a certification jury decides the whole from the results of the blocks (X-10).

    As the framework states it; when it says nothing, that of an RNCP certification of several
    blocks does.
    """
    if len(content.get("blocks", [])) < 2:
        return False
    stated = content.get("rules", {}).get("certification_jury")
    return content.get("kind") == "rncp" if stated is None else bool(stated)


def counts(content: Content) -> dict[str, int]:
    return {
        "blocks": len(content["blocks"]),
        "competencies": sum(1 for _ in competencies(content)),
        "criteria": sum(1 for _ in criteria(content)),
        "transversal": len(content["transversal_competencies"]),
        "assessments": len(content["assessments"]),
        "warnings": len(content["warnings"]),
    }
