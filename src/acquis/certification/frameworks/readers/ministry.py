"""REAC and RE put together: one title, its units, competencies, criteria, exams.

Competencies come from the fiches of the REAC, else from the synoptic table, else from the RE's
criteria table. The criteria that a jury marks are the RE's; the REAC's « critères de performance »
stand in for them where there is no RE, and every difference between both is a warning.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from acquis.certification.frameworks.readers import (
    ministry_notes,
    splitting,
    typography,
)
from acquis.certification.frameworks.readers.draft import (
    Block,
    Competency,
    Criterion,
    Draft,
    Transversal,
)
from acquis.certification.frameworks.readers.furniture import without_furniture
from acquis.certification.frameworks.readers.ministry_exam import read_exam
from acquis.certification.frameworks.readers.ministry_identity import read_identity
from acquis.certification.frameworks.readers.ministry_re import Re, ReReader
from acquis.certification.frameworks.readers.ministry_reac import Fiche, Reac, read_reac, skills_of
from acquis.certification.frameworks.readers.model import Document, Line


@dataclass(slots=True)
class _Title:
    """Everything known of one title while it is put together."""

    draft: Draft
    reac: Reac
    re: Re
    labels: dict[str, Competency] = field(default_factory=dict)


def read_ministry(document: Document) -> Draft | None:
    """Return the title that the document describes; None when it is no REAC and no RE."""
    body = without_furniture(document.elements)
    reac, re_found = read_reac(body.elements), ReReader().read(body.elements)
    if not reac and not re_found:
        return None
    layout = "reac-re" if reac and re_found else "reac" if reac else "re"
    title = _Title(Draft(layout), reac, re_found)
    read_identity(title.draft, body.elements, body.strips)
    _build_blocks(title)
    _build_criteria(title)
    _build_transversal(title)
    _build_exams(title)
    title.draft.correspondences = ministry_notes.correspondences(re_found.correspondences)
    title.draft.glossary = ministry_notes.glossary(body.elements)
    _warn_of_absences(title)
    return title.draft


# Units and competencies


def _build_blocks(title: _Title) -> None:
    entries = _competency_entries(title)
    units = _units(title)
    for number, statement, line, fiche in entries:
        place = _unit_of(title, number, statement, units)
        competency = Competency(f"CP{number}", statement, line, activity=f"AT{place + 1}")
        if fiche is not None:
            competency.description = fiche.prose("description")
            competency.context = fiche.prose("context")
            competency.skills, competency.knowledge = skills_of(fiche)
        units[place].competencies.append(competency)
        title.labels[typography.key(statement)] = competency
    title.draft.blocks = [unit for unit in units if unit.competencies or unit.title]


def _competency_entries(title: _Title) -> list[tuple[int, str, int, Fiche | None]]:
    reac = title.reac
    if reac.competencies:
        numbers = [fiche.number for fiche in reac.competencies]
        return [
            (fiche.number, fiche.title or _synoptic_title(reac, fiche.number), fiche.line, fiche)
            for fiche in reac.competencies
        ] + [
            (number, entry[2], reac.synoptic_line, None)
            for number, entry in sorted(reac.synoptic.items())
            if number not in numbers
        ]
    if reac.synoptic:
        return [
            (n, entry[2], reac.synoptic_line, None) for n, entry in sorted(reac.synoptic.items())
        ]
    seen: dict[str, tuple[str, int]] = {}
    for row in title.re.criteria:
        seen.setdefault(typography.key(row.competency), (row.competency, row.line))
    for exam in title.re.exams:
        for _label, skills, _duration, _detail, number in exam.rows:
            for text in _labels_in(skills):
                if not re.match(r"sans objet|duree totale", typography.key(text)):
                    seen.setdefault(typography.key(text), (text, number))
    return [(i, text, line, None) for i, (text, line) in enumerate(seen.values(), start=1)]


def _synoptic_title(reac: Reac, number: int) -> str:
    return reac.synoptic[number][2] if number in reac.synoptic else ""


def _labels_in(lines: Sequence[Line]) -> list[str]:
    merged = splitting.merged(lines)
    if len(merged) == 1 and not merged[0].bullet:
        return splitting.split_competencies(merged[0].text)
    return [line.text for line in merged]


def _units(title: _Title) -> list[Block]:
    """Return the units in order: REAC activities, else the RE's units, else its headings."""
    found: list[tuple[str, int, bool]] = []
    for fiche in title.reac.activities:
        found.append(
            (fiche.title or _activity_title(title.reac, fiche.number), fiche.line, fiche.extension)
        )
    if not found:
        known: dict[int, str] = {}
        for activity, label, _ in title.reac.synoptic.values():
            known.setdefault(activity, label)
        found = [(label, title.reac.synoptic_line, False) for _, label in sorted(known.items())]
    exams = [exam for exam in title.re.exams if exam.kind in {"ccp", "ccs"} and exam.rows]
    names = {typography.key(label) for label, _, _ in found}
    extra = [(e.title, e.line, e.kind == "ccs") for e in exams if not _near(e.title, names)]
    if not found:
        found = extra or [
            (label, line, False) for label, line in dict.fromkeys(title.re.activities)
        ]
    else:
        found += [unit for unit in extra if unit[2]]
    ccs = {typography.key(exam.title) for exam in exams if exam.kind == "ccs"}
    return _numbered(found or [(title.draft.title or "", 0, False)], ccs)


def _activity_title(reac: Reac, number: int) -> str:
    return next((label for at, label, _ in reac.synoptic.values() if at == number), "")


def _near(label: str, names: set[str]) -> bool:
    folded = typography.key(label)
    return any(folded == name or _overlap(folded, name) > 0.8 for name in names)


def _overlap(first: str, second: str) -> float:
    one, two = set(first.split()), set(second.split())
    return len(one & two) / max(len(one | two), 1)


def _numbered(found: Sequence[tuple[str, int, bool]], ccs: set[str]) -> list[Block]:
    blocks: list[Block] = []
    counts = {"CCP": 0, "CCS": 0}
    for label, line, extension in found:
        kind = "CCS" if extension or _near(label, ccs) else "CCP"
        counts[kind] += 1
        blocks.append(Block(f"{kind}{counts[kind]}", label, line))
    return blocks


def _unit_of(title: _Title, number: int, statement: str, units: Sequence[Block]) -> int:
    """Return the place of the unit that a competency belongs to."""
    folded = typography.key(statement)
    for place, fiche in enumerate(title.reac.activities):
        listed = [typography.key(text) for text in fiche.texts("competencies")]
        if folded in listed or folded in typography.key(" ".join(fiche.texts("competencies"))):
            return place
    if number in title.reac.synoptic:
        activity = title.reac.synoptic[number][0]
        numbers = [fiche.number for fiche in title.reac.activities]
        if activity in numbers:
            return numbers.index(activity)
        order = sorted({entry[0] for entry in title.reac.synoptic.values()})
        return min(order.index(activity), len(units) - 1)
    for row in title.re.criteria:
        if typography.key(row.competency) == folded and row.activity:
            for place, unit in enumerate(units):
                if _near(row.activity, {typography.key(unit.title)}):
                    return place
    for exam in title.re.exams:
        if exam.kind in {"ccp", "ccs"} and any(
            folded in typography.key(" ".join(line.text for line in skills))
            for _l, skills, _d, _t, _n in exam.rows
        ):
            for place, unit in enumerate(units):
                if _near(exam.title, {typography.key(unit.title)}):
                    return place
    return _unit_by_position(title, number, units)


def _unit_by_position(title: _Title, number: int, units: Sequence[Block]) -> int:
    """Fiches come after the fiche of their activity when a REAC interleaves them."""
    line = next((f.line for f in title.reac.competencies if f.number == number), 0)
    starts = [fiche.line for fiche in title.reac.activities]
    interleaved = starts and any(f.line < starts[-1] for f in title.reac.competencies)
    if interleaved and line:
        return max((i for i, start in enumerate(starts) if start < line), default=0)
    if len(units) > 1:
        title.draft.warn(
            "unit-unknown",
            f"Le document ne dit pas de quelle activité relève la compétence n° {number}.",
            line or None,
        )
    return 0


# Criteria


def _find(title: _Title, text: str) -> Competency | None:
    """Return the competency that a label names, allowing for small differences of wording."""
    folded = re.sub(r"^(?:cp|c)? ?\d{1,2} ", "", typography.key(text))
    found = title.labels.get(folded) or title.labels.get(typography.key(text))
    if found:
        return found
    best = max(title.labels, key=lambda name: _overlap(name, folded), default=None)
    return title.labels[best] if best and _overlap(best, folded) > 0.75 else None


def _build_criteria(title: _Title) -> None:
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
        competency = _find(title, row.competency)
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
    title: _Title, marked: dict[str, list[Criterion]], reac_criteria: dict[str, list[str]]
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
                    f"{code} : le critère du RE « {criterion.text} » n'est pas dans le REAC.",
                    criterion.line,
                )
        for folded, text in theirs.items():
            if folded not in ours:
                title.draft.warn(
                    "criteria-differ",
                    f"{code} : le critère du REAC « {text} » n'est pas dans la grille du RE.",
                    criteria[0].line,
                )


# Transversal competencies


def _build_transversal(title: _Title) -> None:
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
            (t for t in draft.transversal if _near(label, {typography.key(t.title)})), None
        )
        if one_found is None:
            one_found = Transversal(f"CT{len(draft.transversal) + 1}", label, number)
            draft.transversal.append(one_found)
        for text in _labels_in([Line(competency, number)]):
            target = _find(title, text) or _find(title, competency)
            if target and target.code not in one_found.evaluated_through:
                one_found.evaluated_through.append(target.code)
    order = [competency.code for competency in draft.competencies()]
    for one in draft.transversal:
        one.evaluated_through.sort(key=order.index)
    _warn_of_odd_criteria(title)


def _warn_of_odd_criteria(title: _Title) -> None:
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
                    f"{one.code} : le critère « {text} » n'existe dans aucune compétence professionnelle.",
                    lines.get(folded),
                )


# Exams


def _build_exams(title: _Title) -> None:
    def find(lines: Sequence[Line]) -> list[str]:
        return _competencies_in(title, lines)

    for exam in title.re.exams:
        if not exam.rows:
            continue
        block = None
        if exam.kind != "whole":
            block = next(
                (
                    b.code
                    for b in title.draft.blocks
                    if _near(exam.title, {typography.key(b.title)})
                ),
                None,
            )
            if block is None:
                title.draft.warn(
                    "unknown-unit",
                    f"L'épreuve de « {exam.title} » ne correspond à aucune activité.",
                    exam.line,
                )
                continue
        title.draft.assessments.append(read_exam(title.draft, exam, block, find))
    title.draft.assessments.sort(key=lambda assessment: assessment.block is not None)


def _competencies_in(title: _Title, lines: Sequence[Line]) -> list[str]:
    """Return the codes of the competencies that a cell names, in the title's order."""
    text = typography.key(" ".join(line.text for line in lines))
    if not text or text.startswith("sans objet"):
        return []
    if re.search(r"\b(?:l ensemble|toutes) (?:des |les )?competences\b", text):
        return [competency.code for competency in title.draft.competencies()]
    codes = [c.code for label, c in title.labels.items() if f" {label} " in f" {text} "]
    for line in splitting.merged(lines):
        for label in [line.text, *splitting.split_competencies(line.text)]:
            found = _find(title, label)
            if found and found.code not in codes:
                codes.append(found.code)
    order = [competency.code for competency in title.draft.competencies()]
    return sorted(codes, key=order.index)


def _warn_of_absences(title: _Title) -> None:
    draft = title.draft
    if not title.re:
        draft.warn(
            "no-re",
            "Le référentiel d'évaluation (RE) manque : les épreuves et les durées sont inconnues.",
        )
    if not title.reac:
        draft.warn("no-reac", "Le REAC manque : les fiches des compétences sont inconnues.")
    if draft.title is None:
        draft.warn("no-title", "L'intitulé du titre n'a pas été trouvé.")
    if draft.code is None:
        draft.warn("no-code", "Le code du titre (TP-nnnnn) n'a pas été trouvé.")
    if draft.effective_from is None and title.re:
        draft.warn("no-date", "La date d'effet de l'arrêté n'a pas été trouvée.")
    for competency in draft.competencies():
        if not any(competency.code in c.competencies for b in draft.blocks for c in b.criteria):
            draft.warn(
                "no-criteria", f"Aucun critère trouvé pour {competency.code}.", competency.line
            )
    numbers = [int(c.code[2:]) for c in draft.competencies() if c.code[2:].isdigit()]
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    if missing:
        names = ", ".join(f"CP{number}" for number in missing)
        draft.warn("missing-competencies", f"Fiches de compétence absentes : {names}.")
