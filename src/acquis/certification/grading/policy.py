"""Pure rules of marking and deliberation. Nothing here reads a trace: only what people decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

# Two jurors at least, whatever the framework says.
JURORS_MIN = 2


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line that a juror marks, in the framework's own wording."""

    position: int
    criterion: str
    text: str
    theme: str
    competency: str  # codes joined by a comma; empty: the criterion serves the whole block
    competency_text: str


@dataclass(frozen=True, slots=True)
class PassRule:
    """How an outcome follows from decisions; without a ratio the jury is sovereign."""

    ratio: str | None  # a decimal as the framework writes it, e.g. "0.70"

    @property
    def sovereign(self) -> bool:
        return self.ratio is None


def grid_lines(content: Mapping[str, Any], block: str) -> list[GridLine]:
    """The criteria of one block, or of all blocks when `block` is empty, grouped by competency.

    Groups come in the order of their first criterion, criteria in document order inside a group.
    An unknown block has no lines.
    """
    found: list[tuple[str, str, str, str, str]] = []
    for entry in content["blocks"]:
        if block and entry["code"] != block:
            continue
        groups: dict[str, list[tuple[str, str, str, str, str]]] = {}
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
            )
            groups.setdefault(key, []).append(line)
        found += [line for lines in groups.values() for line in lines]
    return [GridLine(number, *line) for number, line in enumerate(found, start=1)]


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


def pass_rule(content: Mapping[str, Any]) -> PassRule:
    return PassRule(content.get("rules", {}).get("pass_ratio") or None)


def satisfies_ratio(acquired: int, total: int, ratio: str) -> bool:
    """Exact comparison `acquired / total >= ratio`; nothing to judge satisfies nothing.

    Integers only (X-09): 11 of 15 satisfy 0.70, 10 of 15 do not.
    """
    if total <= 0:
        return False
    wanted = Fraction(ratio)
    return acquired * wanted.denominator >= wanted.numerator * total


def least_acquired(total: int, ratio: str) -> int:
    """The smallest number of acquired criteria that satisfies the ratio."""
    wanted = Fraction(ratio)
    return -(-wanted.numerator * total // wanted.denominator)


def outcome_allowed(rule: PassRule, *, passed: bool, acquired: int, total: int) -> bool:
    """Whether the jury may state this outcome: a ratio binds it, a sovereign jury chooses."""
    if rule.ratio is None:
        return True
    return satisfies_ratio(acquired, total, rule.ratio) == passed


def members_required(content: Mapping[str, Any]) -> int:
    """Jurors who must deliberate together: the framework's minimum, never fewer than two (X-03)."""
    jury = content.get("rules", {}).get("jury") or {}
    return max(JURORS_MIN, jury.get("members_min") or 0)


def quorum_met(present: int, required: int) -> bool:
    return present >= max(JURORS_MIN, required)
