"""REAC and RE put together: one title, its units, competencies, criteria, exams.

Competencies come from the fiches of the REAC, else from the synoptic table, else from the RE's
criteria table. The criteria that a jury marks are the RE's; the REAC's « critères de performance »
stand in for them where there is no RE, and every difference between both is a warning.
"""

from collections.abc import Sequence

from acquis.certification.frameworks.readers import ministry_notes, typography
from acquis.certification.frameworks.readers.draft import Draft
from acquis.certification.frameworks.readers.furniture import Body, without_furniture
from acquis.certification.frameworks.readers.ministry_criteria import (
    build_criteria,
    build_transversal,
)
from acquis.certification.frameworks.readers.ministry_exam import read_exam
from acquis.certification.frameworks.readers.ministry_identity import read_identity
from acquis.certification.frameworks.readers.ministry_re import ReReader
from acquis.certification.frameworks.readers.ministry_reac import read_reac
from acquis.certification.frameworks.readers.ministry_units import (
    Title,
    build_blocks,
    competencies_in,
    near,
)
from acquis.certification.frameworks.readers.model import Document, Line


def read_ministry(document: Document) -> Draft | None:
    """Return the title that the document describes; None when it is no REAC and no RE."""
    body = without_furniture(document.elements)
    reac, re_found = read_reac(body.elements), ReReader().read(body.elements)
    if not reac and not re_found:
        return None
    layout = "reac-re" if reac and re_found else "reac" if reac else "re"
    title = Title(Draft(layout), reac, re_found)
    read_identity(title.draft, body.elements, body.strips)
    build_blocks(title)
    build_criteria(title)
    build_transversal(title)
    _build_exams(title)
    title.draft.correspondences = ministry_notes.correspondences(re_found.correspondences)
    title.draft.glossary = ministry_notes.glossary(body.elements)
    _warn_of_absences(title, body)
    return title.draft


def _build_exams(title: Title) -> None:
    def find(lines: Sequence[Line]) -> list[str]:
        return competencies_in(title, lines)

    for exam in title.re.exams:
        if not exam.rows:
            continue
        block = None
        if exam.kind != "whole":
            block = next(
                (b.code for b in title.draft.blocks if near(exam.title, {typography.key(b.title)})),
                None,
            )
            if block is None:
                title.draft.warn(
                    "unknown-unit",
                    f"L’épreuve de « {exam.title} » ne correspond à aucune activité.",
                    exam.line,
                )
                continue
        title.draft.assessments.append(read_exam(title.draft, exam, block, find))
    title.draft.assessments.sort(key=lambda assessment: assessment.block is not None)


def _warn_of_absences(title: Title, body: Body) -> None:
    draft = title.draft
    flattened = next((strip.line for strip in body.strips if strip.kind == "RE"), None)
    if not title.re and flattened:
        draft.warn(
            "re-unreadable",
            "Le référentiel d’évaluation est là mais ses tableaux ont perdu leurs colonnes : "
            "donnez le PDF d’origine pour lire les épreuves.",
            flattened,
        )
    elif not title.re:
        draft.warn(
            "no-re",
            "Le référentiel d’évaluation (RE) manque : les épreuves et les durées sont inconnues.",
        )
    if not title.reac:
        draft.warn("no-reac", "Le REAC manque : les fiches des compétences sont inconnues.")
    if draft.title is None:
        draft.warn("no-title", "L’intitulé du titre n’a pas été trouvé.")
    if draft.code is None:
        draft.warn("no-code", "Le code du titre (TP-nnnnn) n’a pas été trouvé.")
    if draft.effective_from is None and title.re:
        draft.warn("no-date", "La date d’effet de l’arrêté n’a pas été trouvée.")
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
