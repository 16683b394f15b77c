"""Evaluation tables of RNCP, RS and private certificates, over pages, into a framework.

The columns are those of France compétences' form (activités, compétences, modalités, critères) or
of its relatives; `grid_columns` finds them, `grid_blocks` gathers rows, `grid_items` reads cells.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from acquis.certification.frameworks.readers import grid_items, identity, methods, rules
from acquis.certification.frameworks.readers.draft import (
    Activity,
    Assessment,
    Block,
    Competency,
    Criterion,
    Draft,
    Phase,
)
from acquis.certification.frameworks.readers.finishing import short
from acquis.certification.frameworks.readers.grid_blocks import Gatherer, RawBlock
from acquis.certification.frameworks.readers.grid_columns import Banner, GridRow, stream
from acquis.certification.frameworks.readers.model import Document, Line

_COMPETENCY_ROLES = (("associated", False), ("competency", True), ("evaluated", True))


@dataclass(slots=True)
class _Built:
    """A block being built: the document's codes, the rows they stand in, criteria to tie."""

    raw: RawBlock
    block: Block
    own_codes: list[str | None] = field(default_factory=list)
    ranks: dict[int, list[Competency]] = field(default_factory=dict)
    criteria: list[tuple[int, Criterion, tuple[str, ...]]] = field(default_factory=list)


def read_grid(document: Document) -> Draft | None:
    return build(document, stream(document))


def build(document: Document, items: Sequence[GridRow | Banner]) -> Draft | None:
    """Build the framework that a stream of rows and titles holds; None when it holds none."""
    gatherer = Gatherer(items)
    raws = gatherer.gather()
    built = [_built(raw, place) for place, raw in enumerate(raws, start=1)]
    competencies = sum(len(one.block.competencies) for one in built)
    criteria = sum(len(one.criteria) for one in built)
    registered = re.search(r"\b(?:RNCP|RS)\s?\d{3,6}", document.source_text) is not None
    enough = criteria >= 2 or competencies >= 4 or registered
    if competencies < 2 or not enough or not _is_certification(items):
        return None
    draft = Draft("rncp-table")
    identity.read_identity(draft, document, blocks=gatherer.as_activities is False)
    draft.layout = {"rncp": "rncp-table", "rs": "rs-table"}.get(draft.kind, "evaluation-table")
    _number_activities(built)
    _name_competencies(built)
    for one in built:
        _tie_criteria(one)
        draft.blocks.append(one.block)
    if len(built) == 1 and not built[0].raw.headed:
        built[0].block.title = draft.title or ""
    prose = identity.prose(document)
    draft.rules = rules.read_rules(prose + _modalities(built))
    _assess(draft, built, prose)
    _warn(draft, built, gatherer)
    return draft


def _is_certification(items: Sequence[GridRow | Banner]) -> bool:
    """A table of skills in a CV or a training plan says nothing of how they are evaluated."""
    roles = {role for item in items if isinstance(item, GridRow) for role in item.cells}
    return bool(roles & {"criteria", "modality"}) or "block" in roles


def _modalities(built: list[_Built]) -> list[Line]:
    return [line for one in built for _, line in one.raw.column("modality")]


def _built(raw: RawBlock, place: int) -> _Built:
    code = raw.code or f"B{place}"
    block = Block(code, raw.title, raw.line, description="\n".join(raw.description) or None)
    one = _Built(raw, block)
    for role, evaluated in _COMPETENCY_ROLES:
        _add_competencies(one, role, evaluated=evaluated)
    for rank, lines in _by_row(raw, "activity"):
        for item in grid_items.activity_items(lines):
            block.activities.append(Activity(item.code or "", item.text))
            one.ranks.setdefault(-1 - rank, [])
    _add_criteria(one)
    return one


def _by_row(raw: RawBlock, role: str) -> list[tuple[int, list[Line]]]:
    rows: dict[int, list[Line]] = {}
    for rank, line in raw.column(role):
        rows.setdefault(rank, []).append(line)
    return sorted(rows.items())


def _add_competencies(one: _Built, role: str, *, evaluated: bool) -> None:
    for rank, lines in _by_row(one.raw, role):
        for item in grid_items.competency_items(lines):
            competency = Competency("", item.text, item.line, evaluated=evaluated)
            one.block.competencies.append(competency)
            one.own_codes.append(item.code)
            if evaluated:
                one.ranks.setdefault(rank, []).append(competency)


def _add_criteria(one: _Built) -> None:
    """Criteria with their themes; a theme goes on over a page break."""
    theme: str | None = None
    for rank, lines in _by_row(one.raw, "criteria"):
        for item in grid_items.criterion_items(lines):
            carried = theme if item.theme is None and rank and lines[0].bullet else None
            theme = item.theme or carried
            one.criteria.append((rank, Criterion(item.text, item.line, theme), item.references))


def _number_activities(built: list[_Built]) -> None:
    """Give every activity a code of its own, and each competency the activity of its row."""
    codes = [a.code for one in built for a in one.block.activities if a.code]
    unique = len(codes) == len(set(codes))
    rank = len(codes) if unique else 0
    for one in built:
        for activity in one.block.activities:
            rank += not (activity.code and unique)
            if not activity.code or not unique:
                activity.code = (
                    f"{short(one.block.code)}.{activity.code}" if activity.code else f"A{rank}"
                )
        _tie_activities(one)


def _tie_activities(one: _Built) -> None:
    place, current = 0, None
    rows = dict(_by_row(one.raw, "activity"))
    for rank in range(len(one.raw.rows)):
        if rank in rows:
            count = len(grid_items.activity_items(rows[rank]))
            found = one.block.activities[place : place + count]
            own = [activity.code for activity in found if not re.match(r"T\d", activity.code)]
            current = own[0] if len(own) == 1 else None
            place += count
        for competency in one.ranks.get(rank, []):
            competency.activity = current


def _name_competencies(built: list[_Built]) -> None:
    """Codes are the document's when they are unique, with the block before them when they are not.

    A table that numbers C1, C2… again in each block gives B1.C1, B2.C1; one without codes gives
    C1, C2… for a single block, B1.C1… for several.
    """
    own = [grid_items.tight(code) for one in built for code in one.own_codes if code]
    repeated = any(count > 1 for count in Counter(own).values())
    taken: set[str] = set()
    for one in built:
        prefix = f"{short(one.block.code)}." if len(built) > 1 else ""
        counts = Counter[str]()
        for competency, code in zip(one.block.competencies, one.own_codes, strict=True):
            letter = "C" if competency.evaluated else "CA"
            counts[letter] += 1
            name = f"{prefix}{letter}{counts[letter]}"
            if code:
                name = f"{prefix}{code}" if repeated else code
            while name in taken:
                name += "bis"
            taken.add(name)
            competency.code = name


def _tie_criteria(one: _Built) -> None:
    names = [c.code for c in one.block.competencies if c.evaluated]
    codes = {
        grid_items.tight(code or competency.code): competency.code
        for competency, code in zip(one.block.competencies, one.own_codes, strict=True)
    }
    aligned = _is_aligned(one)
    modalities = dict(_by_row(one.raw, "modality"))
    for rank, criterion, references in one.criteria:
        tied = [
            codes[tight] for tight in grid_items.expanded(references, list(codes)) if tight in codes
        ]
        if tied:
            criterion.competencies = tied
        elif len(names) == 1:
            criterion.competencies = list(names)
        elif aligned and len(one.ranks.get(rank, [])) < len(names):
            criterion.competencies = [c.code for c in one.ranks.get(rank, [])]
        if aligned and rank in modalities and len(modalities) > 1:
            found = [phase.method for phase in methods.phases_in(modalities[rank])]
            criterion.methods = list(dict.fromkeys(found))
        one.block.criteria.append(criterion)


def _is_aligned(one: _Built) -> bool:
    """Say whether each row stands alone: its competencies, its criteria, nothing cut by a page.

    Where a cell of modalités or critères covers several rows, criteria belong to the whole block.
    """
    ranks = {rank for rank in one.ranks if rank >= 0}
    rows = one.raw.rows
    has_modality = any(row.get("modality") for row in rows)
    for rank in ranks:
        if not rows[rank].get("criteria"):
            return False
        if has_modality and not rows[rank].get("modality") and len(one.ranks[rank]) != 1:
            return False
    if any(one.raw.is_cut(role) for role in ("competency", "evaluated", "criteria", "modality")):
        return False
    return len(ranks) > 1


def _assess(draft: Draft, built: list[_Built], prose: list[Line]) -> None:
    """One assessment a block from its modalités, and the whole one that the text describes."""
    whole = Assessment(phases=identity.whole_phases(prose))
    for one in built:
        phases = methods.phases_in([line for _, line in one.raw.column("modality")])
        _complete(phases, one)
        if len(built) == 1:
            known = {phase.method: phase for phase in whole.phases}
            for phase in phases:
                if phase.method in known:
                    known[phase.method].competencies = phase.competencies
                    known[phase.method].deliverables = phase.deliverables
                else:
                    whole.phases.append(phase)
        elif phases:
            draft.assessments.append(Assessment(block=one.block.code, phases=phases))
    if whole.phases:
        draft.assessments.insert(0, whole)


def _complete(phases: list[Phase], one: _Built) -> None:
    """Say which competencies a phase evaluates where rows tell."""
    for phase in phases:
        codes = [
            code
            for criterion in one.block.criteria
            if phase.method in criterion.methods
            for code in criterion.competencies
        ]
        phase.competencies = list(dict.fromkeys(codes))


def _warn(draft: Draft, built: list[_Built], gatherer: Gatherer) -> None:
    if draft.title is None:
        draft.warn(
            "no-title", "L’intitulé de la certification n’a pas été trouvé dans le document."
        )
    for one in built:
        block, line = one.block, one.block.line
        if not block.title and len(built) > 1:
            draft.warn(
                "no-block-title",
                f"Le bloc {block.code} n’a pas d’intitulé dans le document (page manquante ?).",
                line,
            )
        if not block.competencies:
            draft.warn("no-competencies", f"Aucune compétence trouvée dans {block.code}.", line)
        if not block.criteria:
            draft.warn("no-criteria", f"Aucun critère trouvé dans {block.code}.", line)
    for raw, first, last in gatherer.missing:
        draft.warn(
            "truncated",
            f"Document tronqué : dans le bloc {raw.code}, les compétences C{first} à C{last} manquent.",
            raw.line,
        )
    _warn_of_gaps(draft, built, gatherer)


def _warn_of_gaps(draft: Draft, built: list[_Built], gatherer: Gatherer) -> None:
    before = 0
    reported = {id(raw) for raw, _, _ in gatherer.missing}
    for one in built:
        ranks = [
            (int(found[1]), competency.line)
            for code, competency in zip(one.own_codes, one.block.competencies, strict=True)
            if code and (found := re.fullmatch(r"C\.?(\d{1,2})", code))
        ]
        expected = before + 1
        for rank, line in ranks:
            if rank == 1:
                expected = 1
            if rank > expected and not (id(one.raw) in reported and expected in {1, before + 1}):
                draft.warn(
                    "missing-competencies",
                    f"Dans {one.block.code}, la numérotation passe de C{expected - 1} à C{rank}.",
                    line,
                )
            expected = rank + 1
            before = rank
