"""What the decisions of a jury amount to under the framework's own rule; pure (X-02, X-05, X-09).

The rule proposes, the jury decides. A proposal carries its numbers, so that a page and a document
can show the calculation in words. Everything is counted with integers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

ACQUIRED, NOT_ASSESSED = "acquired", "not_assessed"
PASSED, PARTIAL, FAILED = "passed", "partial", "failed"
CRITERION, COMPETENCY, BLOCK = "criterion", "competency", "block"
# Certifications whose blocks are obtained one by one, for good (X-02, L6113-1).
_BY_BLOCK = frozenset({"titre_professionnel", "rncp"})

Unit = tuple[str, str]  # kind, code


@dataclass(frozen=True, slots=True)
class PassRule:
    """How the framework counts; what it does not state is the rule of its kind.

    `ratio` is a decimal as the framework writes it (« 0.70 »); None: all is asked for. It counts
    criteria or competencies (`unit`); `competency_ratio` makes a competency acquired. Each of
    `critical` must be acquired, whatever the count. A `sovereign` jury may depart from the
    proposal with a reason; any other may not.
    """

    ratio: str | None = None
    unit: str = CRITERION
    competency_ratio: str = "1"
    critical: frozenset[str] = frozenset()
    by_block: bool = False
    sovereign: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rule proposes for one competency or block (`code` empty: the whole)."""

    kind: str
    code: str
    title: str
    counted: str  # criterion or competency
    got: int
    total: int
    ratio: str | None  # None: the framework states none, all is asked for
    refused_critical: tuple[str, ...] = ()

    @property
    def key(self) -> Unit:
        return self.kind, self.code

    @property
    def least(self) -> int:
        return least_acquired(self.total, self.ratio or "1")

    @property
    def acquired(self) -> bool:
        enough = satisfies_ratio(self.got, self.total, self.ratio or "1")
        return enough and not self.refused_critical


def pass_rule(content: Mapping[str, Any]) -> PassRule:
    """The rule of one edition. Source: its own `rules`; by kind where it says nothing."""
    stated, kind = content.get("rules", {}), content.get("kind")
    ratio = stated.get("pass_ratio") or None
    several = len(content.get("blocks", [])) > 1

    def flag(name: str, otherwise: bool) -> bool:
        value = stated.get(name)
        return otherwise if value is None else bool(value)

    return PassRule(
        ratio=ratio,
        unit=stated.get("pass_unit") or CRITERION,
        competency_ratio=stated.get("competency_ratio") or "1",
        critical=frozenset(stated.get("critical") or ()),
        by_block=several and flag("by_block", kind in _BY_BLOCK),
        sovereign=flag("sovereign", ratio is None),
    )


def satisfies_ratio(acquired: int, total: int, ratio: str) -> bool:
    """Exact comparison `acquired / total >= ratio`; nothing to judge satisfies nothing.

    Integers only (X-09): 11 of 15 satisfy 0.70, 10 of 15 do not.
    """
    if total <= 0:
        return False
    wanted = Fraction(ratio)
    return acquired * wanted.denominator >= wanted.numerator * total


def ratio_parts(ratio: str) -> tuple[int, int]:
    """« 0.70 » → (7, 10): the numbers of the comparison `10 × acquired ≥ 7 × total`."""
    wanted = Fraction(ratio)
    return wanted.numerator, wanted.denominator


def least_acquired(total: int, ratio: str) -> int:
    """The smallest number of acquired criteria that satisfies the ratio."""
    wanted = Fraction(ratio)
    return -(-wanted.numerator * total // wanted.denominator)


def proposals(
    content: Mapping[str, Any],
    block: str,
    verdicts: Mapping[str, str],
    decided: Mapping[Unit, bool] | None = None,
) -> list[Proposal]:
    """Each competency of the scope, then its block, block after block.

    `verdicts` are the jury's, by criterion; what is not assessed here counts for nothing, what is
    not decided yet counts as not acquired. `decided` are units on which the jury decided itself: a
    competency so decided is counted as decided.
    """
    rule, own = pass_rule(content), decided or {}
    entries = [one for one in content["blocks"] if not block or one["code"] == block]
    if block or rule.by_block:
        scopes = [(one["code"], one["title"], [one]) for one in entries]
    else:
        scopes = [("", content.get("title") or "", entries)]
    found: list[Proposal] = []
    for code, title, parts in scopes:
        found += _of_scope(rule, (code, title), parts, verdicts, own)
    return found


def _of_scope(
    rule: PassRule,
    name: tuple[str, str],
    parts: Iterable[Mapping[str, Any]],
    verdicts: Mapping[str, str],
    decided: Mapping[Unit, bool],
) -> list[Proposal]:
    criteria = [
        one
        for part in parts
        for one in part["criteria"]
        if one["code"] in verdicts and verdicts[one["code"]] != NOT_ASSESSED
    ]
    got = [one["code"] for one in criteria if verdicts[one["code"]] == ACQUIRED]
    refused = tuple(
        one["code"] for one in criteria if one["code"] in rule.critical and one["code"] not in got
    )
    statements = {one["code"]: one["statement"] for part in parts for one in part["competencies"]}
    codes = dict.fromkeys(code for one in criteria for code in one["competencies"])
    own = [_counted(rule, code, statements.get(code, code), criteria, got) for code in codes]
    if rule.unit == COMPETENCY:
        wide = [one for one in criteria if not one["competencies"]]
        groups = [decided.get(one.key, one.acquired) for one in own]
        if wide:  # what serves the whole block counts as one competency more
            acquired = sum(one["code"] in got for one in wide)
            groups.append(satisfies_ratio(acquired, len(wide), rule.competency_ratio))
        counts = (COMPETENCY, sum(groups), len(groups))
    else:
        counts = (CRITERION, len(got), len(criteria))
    (code, title), (counted, reached, total) = name, counts
    whole = Proposal(BLOCK, code, title, counted, reached, total, rule.ratio, refused)
    return [*own, whole]


def _counted(
    rule: PassRule,
    code: str,
    statement: str,
    criteria: Iterable[Mapping[str, Any]],
    got: Sequence[str],
) -> Proposal:
    """One competency, by the criteria that serve it."""
    served = [one["code"] for one in criteria if code in one["competencies"]]
    return Proposal(
        COMPETENCY,
        code,
        statement,
        CRITERION,
        sum(one in got for one in served),
        len(served),
        rule.competency_ratio if Fraction(rule.competency_ratio) < 1 else None,
    )


def outcome_of(blocks: Sequence[bool]) -> str:
    """All obtained is a success, some of several a partial one, none a failure (X-05)."""
    if blocks and all(blocks):
        return PASSED
    return PARTIAL if any(blocks) else FAILED
