"""Headers of tables: which column holds what, over one or several header rows."""

import re
from collections.abc import Mapping, Sequence

from acquis.certification.frameworks.readers import typography
from acquis.certification.frameworks.readers.model import Row, Table

METHOD_COLUMNS = (
    ("production_questioning", re.compile(r"\bquestionnement\b.*\bproduction")),
    ("questionnaire", re.compile(r"\bquestionnaire\b")),
    ("technical_interview", re.compile(r"\bentretien technique\b")),
    ("final_interview", re.compile(r"\bentretien final\b")),
    ("roleplay", re.compile(r"\bmises? en situation\b")),
    ("project", re.compile(r"\bpresentation d un projet\b|\bprojet realise\b|^projet\b")),
    ("case_study", re.compile(r"\betudes? de cas\b")),
    ("portfolio", re.compile(r"\bdossier\b")),
)


def method_of(text: str) -> str | None:
    """Return the exam method that a label of the ministry's form names."""
    folded = typography.key(text)
    return next((name for name, pattern in METHOD_COLUMNS if pattern.search(folded)), None)


def columns(rows: Sequence[Row], wanted: Mapping[str, re.Pattern[str]]) -> dict[int, str]:
    """Return the role of each column from header rows; the lowest label that says one wins."""
    roles: dict[int, str] = {}
    for row in rows:
        for place, cell in enumerate(row.cells):
            folded = typography.key(cell.text)
            if not folded:
                continue
            role = next((name for name, pattern in wanted.items() if pattern.search(folded)), None)
            if role:
                roles[place] = role
    return roles


def filled(row: Row) -> list[int]:
    return [place for place, cell in enumerate(row.cells) if cell.lines]


def same_row(first: Row, second: Row) -> bool:
    return [typography.key(c.text) for c in first.cells] == [
        typography.key(c.text) for c in second.cells
    ]


def head_rows(table: Table, pattern: re.Pattern[str], limit: int = 4) -> int:
    """Return how many of the first rows are headers: up to the last that matches."""
    last = 0
    for index, row in enumerate(table.rows[:limit]):
        if pattern.search(typography.key(" | ".join(cell.text for cell in row.cells))):
            last = index + 1
    return last
