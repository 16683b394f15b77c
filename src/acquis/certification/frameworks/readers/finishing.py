"""The last touches that every reader shares: unique codes, empty rules, where things stand."""

import re
from collections import Counter
from typing import Any

from acquis.certification.frameworks.readers import typography
from acquis.certification.frameworks.readers.draft import Draft
from acquis.certification.frameworks.readers.model import Document, ReadFramework

_JURY: dict[str, Any] = {
    "members_min": None,
    "members_max": None,
    "independent_min": None,
    "experience_years_min": None,
    "left_years_max": None,
    "briefing_hours": None,
    "notes": [],
}
_RULES: dict[str, Any] = {
    "scale": None,
    "pass_ratio": None,
    "summons_before": None,
    "results_within": None,
    "retake_within": None,
    "attempts_max": None,
}


def finish(draft: Draft, document: Document) -> ReadFramework:
    _name_criteria(draft)
    stated = draft.rules
    draft.rules = {
        **_RULES,
        **{name: value for name, value in stated.items() if name != "jury"},
        "jury": {**_JURY, **stated.get("jury", {})},
    }
    source = {
        "file": document.name,
        "sha256": document.sha256,
        "media_type": document.media_type,
    }
    return ReadFramework(draft.printed(source), document.source_text, _locations(draft))


def _name_criteria(draft: Draft) -> None:
    """Give each criterion a code: its only competency's, else its block's, and its rank there."""
    counts: Counter[str] = Counter()
    for block in draft.blocks:
        for criterion in block.criteria:
            if criterion.code:
                continue
            only = (
                criterion.competencies[0] if len(criterion.competencies) == 1 else short(block.code)
            )
            counts[only] += 1
            criterion.code = f"{only}.cr{counts[only]}"


def short(code: str) -> str:
    """Return a block's code as a prefix: « BLOC 1 » gives B1."""
    found = re.match(r"(?i)^bloc\s*(\d+)$", code.strip())
    return f"B{found[1]}" if found else typography.tidy(code).replace(" ", "")


def _locations(draft: Draft) -> dict[str, int]:
    places: dict[str, int] = {}
    for block in draft.blocks:
        places[block.code] = block.line
        places.update({competency.code: competency.line for competency in block.competencies})
        places.update({criterion.code: criterion.line for criterion in block.criteria})
    places.update({one.code: one.line for one in draft.transversal})
    return {code: line for code, line in places.items() if line}
