"""Evaluation tables: what their columns hold, and their rows as one stream over pages.

Signs: a header whose labels speak of activités, blocs, compétences, modalités and critères, over
one, two or three rows. A table without header and as wide as the one before it goes on with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from acquis.certification.frameworks.readers import typography
from acquis.certification.frameworks.readers.model import Document, Line, Row, Table

_WORDS = (
    ("block", re.compile(r"\bblocs?\b|\bunites?\b|\bdomaines? de competences?\b")),
    ("modality", re.compile(r"\bmodalites?\b|\bepreuves?\b|\bmoyens d evaluation\b|\bmises? en oeuvre de l evaluation")),
    ("criteria", re.compile(r"\bcriteres?\b|\bindicateurs?\b|\bobservables?\b")),
    ("competency", re.compile(r"\bcompetences?\b|\bcapacites?\b|\bsavoirs? faire\b")),
    ("activity", re.compile(r"\bactivites?\b|\btaches?\b|\bsituations? (?:de travail|professionnelles?)\b|\bmissions?\b")),
    ("evaluation", re.compile(r"\bevaluation\b|\bcertification\b")),
)  # fmt: skip
_STRONG = frozenset({"block", "modality", "criteria", "competency", "activity"})
MAX_LABEL = 220


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of the stream: the lines of each column, by the role of the column."""

    cells: dict[str, tuple[Line, ...]]
    number: int
    table: int


@dataclass(frozen=True, slots=True)
class Banner:
    """A title between tables, or a row that holds nothing else."""

    lines: tuple[Line, ...]
    number: int
    in_table: bool


def role_of(label: str) -> str | None:
    """Return the role of a column from its label: the first thing that the label names."""
    folded = typography.key(label)
    if not folded or len(label) > MAX_LABEL:
        return None
    places = [
        (match.start(), order, name)
        for order, (name, pattern) in enumerate(_WORDS)
        if (match := pattern.search(folded))
    ]
    if not places:
        return None
    named = [place for place in places if place[2] != "evaluation"]
    head = re.match(r"^referentiel d ?(?:e|l)?\s?(?:valuation|evaluation)", folded)
    if head:
        return "evaluation"
    name = min(named or places)[2]
    if name == "competency" and re.search(r"\bassociees?\b|\bmobilisees?\b|\bvisees?\b", folded):
        return "associated"
    if name == "competency" and re.search(r"\bevaluees?\b|\bcertifiees?\b", folded):
        return "evaluated"
    return name


def header_roles(table: Table) -> tuple[dict[int, str], int]:
    """Return the role of each column and how many rows the header takes (0: none)."""
    roles: dict[int, str] = {}
    taken = 0
    for index, row in enumerate(table.rows[:3]):
        found = _row_roles(row)
        filled = [cell for cell in row.cells if cell.lines]
        if (
            not found
            or len(found) < len(filled) * 0.6
            or any(len(c.text) > MAX_LABEL for c in filled)
        ):
            break
        if index == 0 and len(set(found.values())) < 2:
            if (
                len(filled) == 1
                and len(table.rows) > 1
                and len(set(_row_roles(table.rows[1]).values())) >= 2
            ):
                continue
            break
        if index and not _is_subheader(row, found):
            break
        roles.update(found)
        taken = index + 1
    if len(set(roles.values()) & (_STRONG | {"evaluation", "associated", "evaluated"})) < 2:
        return {}, 0
    return _settled(roles, table), taken


def _row_roles(row: Row) -> dict[int, str]:
    roles = {}
    for place, cell in enumerate(row.cells):
        role = role_of(cell.text)
        if role:
            roles[place] = role
    return roles


def _is_subheader(row: Row, found: dict[int, str]) -> bool:
    """A second header row has short labels, each naming a role of its own."""
    texts = [cell.text for cell in row.cells if cell.lines]
    short = all(len(text) < 90 for text in texts)
    codes = any(
        re.match(r"^(?:C|A|BC|CP)\.?\s?\d", text) or re.search(r"(?i)\bbloc\b.*\d", text)
        for text in texts
    )
    return short and not codes and len(found) == len(texts) > 1


def _settled(roles: dict[int, str], table: Table) -> dict[int, str]:
    """Give a place to « évaluation » alone, and to columns that a merged header covers."""
    if "associated" in roles.values() and not {"evaluated", "competency"} & set(roles.values()):
        roles = {p: "competency" if role == "associated" else role for p, role in roles.items()}
    if "evaluation" in roles.values():
        others = set(roles.values())
        for place, role in list(roles.items()):
            if role != "evaluation":
                continue
            bare = place + 1 < table.width and place + 1 not in roles
            if bare and not {"modality", "criteria"} & others:
                roles[place], roles[place + 1] = "modality", "criteria"
            else:
                roles[place] = "modality" if "modality" not in others else "criteria"
    return roles


def stream(document: Document) -> list[GridRow | Banner]:
    """Return rows and titles in reading order; empty when no table has a header of the kind."""
    items: list[GridRow | Banner] = []
    roles: dict[int, str] = {}
    width = count = 0
    for element in document.elements:
        if isinstance(element, Line):
            items.append(Banner((element,), element.number, in_table=False))
            continue
        found, taken = header_roles(element)
        if found:
            roles, width = found, element.width
        elif not roles or abs(element.width - width) > (1 if element.width > width else 0):
            fitted = _narrowed(roles, element) if roles else {}
            if not fitted:
                continue
            items.extend(_rows(element.rows, fitted, count))
            count += 1
            continue
        items.extend(_rows(element.rows[taken:], roles, count))
        count += 1
    return items if count else []


def _narrowed(roles: dict[int, str], table: Table) -> dict[int, str]:
    """A page may lack the columns that are empty on it: keep the first or the last ones."""
    names = [roles[place] for place in sorted(roles)]
    if table.width < 2 or table.width > len(names):
        return {}
    first = table.rows[0].cells[0].text
    starts_at_competency = re.match(r"^C\.?\s?\d", first) is not None
    wanted = names[len(names) - table.width :] if starts_at_competency else names[: table.width]
    return dict(enumerate(wanted))


def _rows(rows: Sequence[Row], roles: dict[int, str], table: int) -> list[GridRow | Banner]:
    items: list[GridRow | Banner] = []
    for row in rows:
        filled = [cell for cell in row.cells if cell.lines]
        labels = [role_of(cell.text) for cell in filled]
        if (
            len(filled) > 1
            and all(labels)
            and all(len(cell.text) < MAX_LABEL for cell in filled)
            and _repeats(labels, roles)
        ):
            continue
        if len(filled) == 1 and is_banner(filled[0].lines):
            items.append(Banner(filled[0].lines, row.number, in_table=True))
            continue
        cells: dict[str, tuple[Line, ...]] = {}
        for place, cell in enumerate(row.cells):
            role = roles.get(place)
            if role and cell.lines:
                cells[role] = cells.get(role, ()) + cell.lines
        if cells:
            items.append(GridRow(cells, row.number, table))
    return items


def _repeats(labels: Sequence[str | None], roles: dict[int, str]) -> bool:
    known = set(roles.values()) | {"evaluation"}
    return len(set(labels)) > 1 and all(label in known for label in labels)


def is_banner(lines: Sequence[Line]) -> bool:
    """Say whether the only filled cell of a row is a title: short, or headed like a block."""
    text = " ".join(line.text for line in lines)
    if BLOCK_HEAD.match(text) or ACTIVITY_HEAD.match(text):
        return len(lines) <= 3 and len(text) < 300
    return False


BLOCK_HEAD = re.compile(
    r"^\s*(?:(?P<rncp>RNCP\s?\d{3,6}\s?BC\s?\d{1,2})|(?P<bc>BC\s?0?\d{1,2})|"
    r"(?P<bloc>(?:BLOC|Bloc|bloc|UNIT[ÉE]|Unité|MODULE|Module)(?:\s+(?:DE\s+COMP[ÉE]TENCES?|de\s+compétences?))?"
    r"(?:\s+(?:CERTIFIANT|certifiant|OPTIONNEL|optionnel|SPÉCIFIQUE|spécifique|TRANSVERSAL|transversal|COMMUN|commun))?\s*(?:[nN]\s?[°º]\s*)?(?P<rank>\d{1,2}|[IVX]{1,4}|[A-F])))(?![\w.])"
    r"\s*(?:\((?:optionnel|facultatif|option[^)]{0,20}|commun|spécifique)\)\s*)?"
    r"(?:[-–—:./|)]+\s*)?(?P<title>.*)$",
    re.DOTALL,
)
ACTIVITY_HEAD = re.compile(
    r"^\s*(?:(?P<rank>\d{1,2})\s*[°.)-]?\s*(?:ère|re|e|ème)?\s*Activit[ée]s?(?:\s+type)?|"
    r"Activit[ée]s?(?:\s+type)?\s*(?:[nN]\s?[°º]\s*)?(?P<after>\d{1,2}))\s*[-–—:.]+\s*(?P<title>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
