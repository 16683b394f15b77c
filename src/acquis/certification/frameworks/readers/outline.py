"""Référentiels written as headings and lists, without any table.

Signs: headings that name a column of the usual table (« Compétences », « Liste de compétences »,
« Modalités d'évaluation », « Critères d'évaluation », « Activités ») below headings of blocks. The
lists below them become the rows that `grid` reads. Without blocks, the document must call itself a
référentiel or carry a register's code.
"""

import re

from acquis.certification.frameworks.readers import typography
from acquis.certification.frameworks.readers.draft import Draft
from acquis.certification.frameworks.readers.grid import build
from acquis.certification.frameworks.readers.grid_columns import (
    ACTIVITY_HEAD,
    BLOCK_HEAD,
    Banner,
    GridRow,
)
from acquis.certification.frameworks.readers.model import Document, Line

_ROLES = (
    ("competency", re.compile(r"^(?:\d+ )*(?:liste (?:de |des )?|referentiel (?:de |des )?)?(?:competences?|capacites)(?: (?:visees?|attestees?|evaluees?|certifiees?|du bloc|professionnelles?|a acquerir|constitutives.*|associees?))*$")),
    ("modality", re.compile(r"^(?:\d+ )*(?:les )?(?:modalites?|epreuves?|moyens)(?: (?:d |de l |de |des )?(?:evaluation|epreuves?|certification|validation|controle)\w*)*$")),
    ("criteria", re.compile(r"^(?:\d+ )*(?:les )?(?:criteres?|indicateurs)(?: (?:d |de l |de )?(?:evaluation|performance|reussite|realisation|appreciation)s?)*$")),
    ("activity", re.compile(r"^(?:\d+ )*(?:liste des )?(?:activites?|taches?|missions?)(?: (?:visees?|professionnelles?|types?|exercees?|et taches|associees?|principales?))*$")),
)  # fmt: skip
_CERTIFICATION = re.compile(
    r"\br[ée]f[ée]rentiels?\b|\bRNCP\s?\d{3,6}\b|\bRS\s?\d{3,5}\b", re.IGNORECASE
)


def read_outline(document: Document) -> Draft | None:
    lines = list(document.lines())
    if not any(role_heading(line) == "competency" for line in lines):
        return None
    headed = any(BLOCK_HEAD.match(line.text) for line in lines)
    if not headed and not _CERTIFICATION.search(document.source_text):
        return None
    draft = build(document, stream(document))
    if draft is not None:
        draft.layout = "outline"
    return draft


def stream(document: Document) -> list[GridRow | Banner]:
    items: list[GridRow | Banner] = []
    cells: dict[str, list[Line]] = {}
    role: str | None = None
    start = 0
    for line in document.lines():
        found = role_heading(line)
        head = BLOCK_HEAD.match(line.text) or ACTIVITY_HEAD.match(line.text)
        if head and (line.heading or line.bold or len(line.text) < 200) and not line.bullet:
            _close(items, cells, start)
            items.append(Banner((line,), line.number, in_table=False))
            role = None
        elif found:
            if found in {"competency", "activity"} and cells.get("competency"):
                _close(items, cells, start)
            role, start = found, start if cells else line.number
        elif line.heading:
            role = None
            if not cells:
                items.append(Banner((line,), line.number, in_table=False))
        elif role:
            cells.setdefault(role, []).append(line)
        elif not cells:
            items.append(Banner((line,), line.number, in_table=False))
    _close(items, cells, start)
    return items


def _close(items: list[GridRow | Banner], cells: dict[str, list[Line]], start: int) -> None:
    if cells:
        items.append(GridRow({role: tuple(lines) for role, lines in cells.items()}, start, 0))
        cells.clear()


def role_heading(line: Line) -> str | None:
    """Return what the heading announces; a sentence or a list item announces nothing."""
    if line.bullet or len(line.text) > 90:
        return None
    folded = typography.key(line.text)
    return next((name for name, pattern in _ROLES if pattern.match(folded)), None)
