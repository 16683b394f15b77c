"""Pure rules of grids: their lines, what differs between them, who must deliberate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from acquis.certification.frameworks.content import assessment_for

# Two jurors at least, whatever the framework says.
JURORS_MIN = 2
# How long a juror's device may keep an open grid without the server: no longer than a sign-in lasts.
KEPT_WITHOUT_THE_SERVER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line that a juror marks, in the framework's own wording."""

    position: int
    criterion: str
    text: str
    theme: str
    competency: str  # codes joined by a comma; empty: the criterion serves the whole block
    competency_text: str
    elsewhere: bool = False  # another exam covers it: « non évalué dans cette épreuve »


def grid_lines(content: Mapping[str, Any], block: str) -> list[GridLine]:
    """The criteria of one block, or of all blocks when `block` is empty, grouped by competency.

    Groups come in the order of their first criterion, criteria in document order inside a group.
    An unknown block has no lines.
    """
    found: list[tuple[str, str, str, str, str, bool]] = []
    methods = _methods(content, block)
    for entry in content["blocks"]:
        if block and entry["code"] != block:
            continue
        groups: dict[str, list[tuple[str, str, str, str, str, bool]]] = {}
        statements = {one["code"]: one["statement"] for one in entry["competencies"]}
        for criterion in entry["criteria"]:
            codes = criterion["competencies"]
            heading = "\n".join(statements.get(code, code) for code in codes) or entry["title"]
            key = ", ".join(codes)
            line = (
                criterion["code"],
                criterion["text"],
                criterion.get("theme") or "",
                key,
                heading,
                bool(methods and criterion.get("methods"))
                and methods.isdisjoint(criterion["methods"]),
            )
            groups.setdefault(key, []).append(line)
        found += [line for lines in groups.values() for line in lines]
    return [GridLine(number, *line) for number, line in enumerate(found, start=1)]


def _methods(content: Mapping[str, Any], block: str) -> frozenset[str]:
    """How the exam of this scope assesses; empty when the framework describes none."""
    exam = assessment_for(dict(content), block)
    return frozenset(phase["method"] for phase in exam["phases"]) if exam else frozenset()


def missing_marks(marks: Iterable[tuple[str, str]]) -> list[str]:
    """Criteria still without a verdict, in the order given."""
    return [criterion for criterion, verdict in marks if not verdict]


def disagreements(grids: Sequence[Mapping[str, str]]) -> list[str]:
    """Criteria on which grids (criterion → verdict) differ, a missing verdict included.

    In the order of the first grid that has them. One grid alone never disagrees.
    """
    criteria = dict.fromkeys(criterion for grid in grids for criterion in grid)
    return [
        criterion for criterion in criteria if len({grid.get(criterion, "") for grid in grids}) > 1
    ]


def members_required(content: Mapping[str, Any]) -> int:
    """Jurors who must deliberate together: the framework's minimum, never fewer than two (X-03)."""
    jury = content.get("rules", {}).get("jury") or {}
    return max(JURORS_MIN, jury.get("members_min") or 0)


def quorum_met(present: int, required: int) -> bool:
    return present >= max(JURORS_MIN, required)
