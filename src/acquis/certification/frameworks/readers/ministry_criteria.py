"""Criteria of a title, tied to competencies, and its transversal competencies.

What a jury marks is the RE's table; the REAC's « critères de performance » stand in for it where
there is no RE, and every difference between both is a warning.
"""

from collections.abc import Sequence

from acquis.certification.frameworks.readers import splitting, typography
from acquis.certification.frameworks.readers.draft import Criterion, Transversal
from acquis.certification.frameworks.readers.ministry_units import (
    Title,
    find_competency,
    labels_in,
    near,
)
from acquis.certification.frameworks.readers.model import Line


def build_criteria(title: Title) -> None:
    reac_criteria = {
        f"CP{fiche.number}": [
            line.text for line in splitting.merged(fiche.sections.get("criteria", []))
        ]
        for fiche in title.reac.competencies
    }
    homes = {c.code: block for block in title.draft.blocks for c in block.competencies}
    lines = {
        f"CP{fiche.number}": fiche.sections.get("criteria", []) for fiche in title.reac.competencies
    }
    marked: dict[str, list[Criterion]] = {}
    for row in title.re.criteria:
        competency = find_competency(title, row.competency)
        if competency is None:
            title.draft.warn(
                "unknown-competency",
                f"La grille du RE cite « {row.competency} », que le REAC ne décrit pas.",
                row.line,
            )
            continue
        known = reac_criteria.get(competency.code, [])
        for text, line in _criterion_texts(row.criteria, known):
            criterion = Criterion(text, line, None, [competency.code], list(row.methods))
            marked.setdefault(competency.code, []).append(criterion)
    _compare(title, marked, reac_criteria)
    for code, block in homes.items():
        chosen = marked.get(code)
        if chosen is None:
            chosen = [
                Criterion(line.text, line.number, None, [code])
                for line in splitting.merged(lines.get(code, []))
            ]
        block.criteria.extend(chosen)
    for block in title.draft.blocks:
        order = [competency.code for competency in block.competencies]
        block.criteria.sort(key=lambda criterion: order.index(criterion.competencies[0]))


def _criterion_texts(lines: Sequence[Line], known: Sequence[str]) -> list[tuple[str, int]]:
    merged = splitting.merged(lines)
    texts: list[tuple[str, int]] = []
    for line in merged:
        parts = splitting.split_known(line.text, known)
        if parts is None and not line.bullet:
            parts = splitting.split_criteria(line.text)
        texts.extend((part, line.number) for part in parts or [line.text])
    return [(text.strip(" ;•-"), line) for text, line in texts if text.strip(" ;•-.")]


def _compare(
    title: Title, marked: dict[str, list[Criterion]], reac_criteria: dict[str, list[str]]
) -> None:
    """Warn where the criteria of the RE and those of the REAC are not the same."""
    if not title.re.criteria or not title.reac.competencies:
        return
    for code, criteria in marked.items():
        known = reac_criteria.get(code)
        if not known:
            continue
        ours = {typography.key(criterion.text) for criterion in criteria}
        theirs = {typography.key(text): text for text in known}
        for criterion in criteria:
            if typography.key(criterion.text) not in theirs:
                title.draft.warn(
                    "criteria-differ",
                    f"{code} : le critère du RE « {criterion.text} » n’est pas dans le REAC.",
                    criterion.line,
                )
        for folded, text in theirs.items():
            if folded not in ours:
                title.draft.warn(
                    "criteria-differ",
                    f"{code} : le critère du REAC « {text} » n’est pas dans la grille du RE.",
                    criteria[0].line,
                )


def build_transversal(title: Title) -> None:
    draft = title.draft
    for fiche in title.reac.transversal:
        one = Transversal(f"CT{len(draft.transversal) + 1}", fiche.title, fiche.line)
        one.description = fiche.prose("description")
        one.criteria = [line.text for line in splitting.merged(fiche.sections.get("criteria", []))]
        draft.transversal.append(one)
    if not draft.transversal:
        for line in title.reac.job_transversal:
            draft.transversal.append(
                Transversal(f"CT{len(draft.transversal) + 1}", line.text, line.number)
            )
    for label, competency, number in title.re.transversal:
        one_found = next(
            (t for t in draft.transversal if near(label, {typography.key(t.title)})), None
        )
        if one_found is None:
            one_found = Transversal(f"CT{len(draft.transversal) + 1}", label, number)
            draft.transversal.append(one_found)
        for text in labels_in([Line(competency, number)]):
            target = find_competency(title, text) or find_competency(title, competency)
            if target and target.code not in one_found.evaluated_through:
                one_found.evaluated_through.append(target.code)
    order = [competency.code for competency in draft.competencies()]
    for one in draft.transversal:
        one.evaluated_through.sort(key=order.index)
    _warn_of_odd_criteria(title)


def _warn_of_odd_criteria(title: Title) -> None:
    """A transversal competency is evaluated through criteria of the others: each must exist."""
    lines = {
        typography.key(line.text): line.number
        for fiche in title.reac.transversal
        for line in fiche.sections.get("criteria", [])
    }
    known = {typography.key(c.text) for block in title.draft.blocks for c in block.criteria}
    known |= {typography.key(t) for f in title.reac.competencies for t in f.texts("criteria")}
    for one in title.draft.transversal:
        for text in one.criteria:
            folded = typography.key(text)
            if known and folded not in known:
                title.draft.warn(
                    "orphan-criterion",
                    f"{one.code} : le critère « {text} » n’existe dans aucune compétence professionnelle.",
                    lines.get(folded),
                )
