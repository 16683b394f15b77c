"""Units and competencies of a title: which there are, which belongs to which.

Sources, by trust: the fiches of the REAC, its synoptic table, the RE's criteria table, the RE's
exam tables. Where none says, the order of the fiches does, and a warning says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from acquis.certification.frameworks.readers import splitting, typography
from acquis.certification.frameworks.readers.draft import Block, Competency, Draft
from acquis.certification.frameworks.readers.ministry_re import Re
from acquis.certification.frameworks.readers.ministry_reac import Fiche, Reac, skills_of
from acquis.certification.frameworks.readers.model import Line


@dataclass(slots=True)
class Title:
    """Everything known of one title while it is put together."""

    draft: Draft
    reac: Reac
    re: Re
    labels: dict[str, Competency] = field(default_factory=dict)


def build_blocks(title: Title) -> None:
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


def _competency_entries(title: Title) -> list[tuple[int, str, int, Fiche | None]]:
    reac = title.reac
    if reac.competencies:
        numbers = [fiche.number for fiche in reac.competencies]
        return [
            (
                fiche.number,
                _well_written(title, fiche.title) or _synoptic_title(reac, fiche.number),
                fiche.line,
                fiche,
            )
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
            for text in labels_in(skills):
                if not re.match(r"sans objet|duree totale", typography.key(text)):
                    seen.setdefault(typography.key(text), (text, number))
    return [(i, text, line, None) for i, (text, line) in enumerate(seen.values(), start=1)]


def _well_written(title: Title, label: str) -> str:
    """Return the label as the lists write it where its own heading is all in capitals."""
    if not label.isupper():
        return label
    folded = typography.key(label)
    listed = [text for entry in title.reac.synoptic.values() for text in entry[1:]]
    for fiche in title.reac.activities:
        listed.extend(fiche.texts("competencies"))
    listed.extend(row.competency for row in title.re.criteria)
    listed.extend(name for name, _ in title.re.activities)
    return next((text for text in listed if typography.key(text) == folded), label)


def _synoptic_title(reac: Reac, number: int) -> str:
    return reac.synoptic[number][2] if number in reac.synoptic else ""


def labels_in(lines: Sequence[Line]) -> list[str]:
    merged = splitting.merged(lines)
    if len(merged) == 1 and not merged[0].bullet:
        return splitting.split_competencies(merged[0].text)
    return [line.text for line in merged]


def _units(title: Title) -> list[Block]:
    """Return the units in order: REAC activities, else the RE's units, else its headings."""
    found = [
        (
            _well_written(title, fiche.title) or _activity_title(title.reac, fiche.number),
            fiche.line,
            fiche.extension,
        )
        for fiche in title.reac.activities
    ]
    if not found:
        known: dict[int, str] = {}
        for activity, label, _ in title.reac.synoptic.values():
            known.setdefault(activity, label)
        found = [(label, title.reac.synoptic_line, False) for _, label in sorted(known.items())]
    exams = [exam for exam in title.re.exams if exam.kind in {"ccp", "ccs"} and exam.rows]
    names = {typography.key(label) for label, _, _ in found}
    extra = [(e.title, e.line, e.kind == "ccs") for e in exams if not near(e.title, names)]
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


def near(label: str, names: set[str]) -> bool:
    folded = typography.key(label)
    return any(folded == name or _overlap(folded, name) > 0.8 for name in names)


def _overlap(first: str, second: str) -> float:
    one, two = set(first.split()), set(second.split())
    return len(one & two) / max(len(one | two), 1)


def _numbered(found: Sequence[tuple[str, int, bool]], ccs: set[str]) -> list[Block]:
    blocks: list[Block] = []
    counts = {"CCP": 0, "CCS": 0}
    for label, line, extension in found:
        kind = "CCS" if extension or near(label, ccs) else "CCP"
        counts[kind] += 1
        blocks.append(Block(f"{kind}{counts[kind]}", label, line))
    return blocks


def _unit_of(title: Title, number: int, statement: str, units: Sequence[Block]) -> int:
    """Return the place of the unit that a competency belongs to."""
    for place in (
        _unit_in_fiches(title, statement),
        _unit_in_synoptic(title, number, units),
        _unit_in_criteria(title, statement, units),
        _unit_in_exams(title, statement, units),
    ):
        if place is not None:
            return place
    return _unit_by_position(title, number, units)


def _unit_in_fiches(title: Title, statement: str) -> int | None:
    folded = typography.key(statement)
    for place, fiche in enumerate(title.reac.activities):
        if folded and f" {folded} " in f" {typography.key(' '.join(fiche.texts('competencies')))} ":
            return place
    return None


def _unit_in_synoptic(title: Title, number: int, units: Sequence[Block]) -> int | None:
    if number not in title.reac.synoptic:
        return None
    activity = title.reac.synoptic[number][0]
    numbers = [fiche.number for fiche in title.reac.activities]
    if activity in numbers:
        return numbers.index(activity)
    order = sorted({entry[0] for entry in title.reac.synoptic.values()})
    return min(order.index(activity), len(units) - 1)


def _unit_in_criteria(title: Title, statement: str, units: Sequence[Block]) -> int | None:
    folded = typography.key(statement)
    for row in title.re.criteria:
        if row.activity and typography.key(row.competency) == folded:
            return _place_of(row.activity, units)
    return None


def _unit_in_exams(title: Title, statement: str, units: Sequence[Block]) -> int | None:
    folded = typography.key(statement)
    for exam in title.re.exams:
        said = " ".join(line.text for _l, skills, _d, _t, _n in exam.rows for line in skills)
        if exam.kind in {"ccp", "ccs"} and folded and folded in typography.key(said):
            return _place_of(exam.title, units)
    return None


def _place_of(label: str, units: Sequence[Block]) -> int | None:
    return next(
        (place for place, unit in enumerate(units) if near(label, {typography.key(unit.title)})),
        None,
    )


def _unit_by_position(title: Title, number: int, units: Sequence[Block]) -> int:
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


def find_competency(title: Title, text: str) -> Competency | None:
    """Return the competency that a label names, allowing for small differences of wording."""
    folded = re.sub(r"^(?:cp|c)? ?\d{1,2} ", "", typography.key(text))
    found = title.labels.get(folded) or title.labels.get(typography.key(text))
    if found:
        return found
    best = max(title.labels, key=lambda name: _overlap(name, folded), default=None)
    return title.labels[best] if best and _overlap(best, folded) > 0.75 else None


def competencies_in(title: Title, lines: Sequence[Line]) -> list[str]:
    """Return the codes of the competencies that a cell names, in the title's order."""
    text = typography.key(" ".join(line.text for line in lines))
    if not text or text.startswith("sans objet"):
        return []
    if re.search(r"\b(?:l ensemble|toutes) (?:des |les )?competences\b", text):
        return [competency.code for competency in title.draft.competencies()]
    codes = [c.code for label, c in title.labels.items() if f" {label} " in f" {text} "]
    for line in splitting.merged(lines):
        for label in [line.text, *splitting.split_competencies(line.text)]:
            found = find_competency(title, label)
            if found and found.code not in codes:
                codes.append(found.code)
    order = [competency.code for competency in title.draft.competencies()]
    return sorted(codes, key=order.index)
