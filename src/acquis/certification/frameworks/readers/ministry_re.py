"""The ministry's RE: exam tables, criteria tables, transversal competencies, correspondences.

Signs: a table headed « Modalités | Compétences évaluées | Durée | Détail… » is an exam; one headed
« Compétences professionnelles | Critères d'évaluation | (a column a method) » ties criteria to
competencies by check boxes; « Dispositif d'évaluation pour la session du titre », then « CCP » or
« CCS » followed by a title, say what an exam is for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from acquis.certification.frameworks.readers import tables, typography
from acquis.certification.frameworks.readers.markdown import join
from acquis.certification.frameworks.readers.model import Cell, Element, Line, Row, Table

EXAM_COLUMNS = {
    "method": re.compile(r"^modalites?\b"),
    "competencies": re.compile(r"\bcompetences? (?:professionnelles )?evaluees?\b"),
    "duration": re.compile(r"^durees?\b"),
    "detail": re.compile(r"\bdetail|\borganisation de l epreuve\b"),
}
_CRITERIA_HEAD = re.compile(r"\bcompetences? professionnelles?\b.*\bcriteres? d evaluation\b")
_METHOD_HEAD = re.compile(
    r"\bcriteres? d evaluation\b|\bentretien technique\b.*\bquestion|\bautres modalites\b"
    r"|\bmises? en situation\b.*\bautres\b"
)
_TRANSVERSAL_HEAD = re.compile(
    r"^competences? transversales?\b.*\bcompetences? professionnelles?\b"
)
_SESSION = re.compile(r"^(?:\d+ )?(?:\d+ )?dispositif d evaluation pour la session du titre\b")
_UNIT = re.compile(
    r"^(ccp|ccs|certificats? de competences professionnelles|certificats? complementaires? de specialisation)"
    r"(?: n)?(?: ?(\d{1,2}))?(?: (.+))?$"
)
_UNIT_TITLE = re.compile(
    r"^(?:CCP|CCS|Certificat[^:–—-]*?)\s*(?:n\s*°\s*)?\d*\s*[-–—:]\s*(\S.+)$", re.IGNORECASE
)
_NOT_A_TITLE = re.compile(
    r"^(?:modalites|referentiel|dispositif|informations? complementaires?|annexe|sommaire)\b"
)


@dataclass(slots=True)
class CriteriaRow:
    competency: str
    criteria: list[Line]
    methods: list[str]
    activity: str
    line: int


@dataclass(slots=True)
class Exam:
    """One exam of the document: for the whole title or for one unit."""

    kind: str
    title: str
    line: int
    rows: list[tuple[str, list[Line], str, list[Line], int]] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Re:
    exams: list[Exam] = field(default_factory=list)
    criteria: list[CriteriaRow] = field(default_factory=list)
    transversal: list[tuple[str, str, int]] = field(default_factory=list)
    correspondences: list[Table] = field(default_factory=list)
    activities: list[tuple[str, int]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.criteria or any(exam.rows for exam in self.exams))


class ReReader:
    """Walks the document once, keeping the exam under way and the last criteria header."""

    def __init__(self) -> None:
        self.found = Re()
        self.exam: Exam | None = None
        self.waiting = ""
        self.criteria_methods: dict[int, str] = {}
        self.criteria_width = 0
        self.activity = ""
        self.competency = ""
        self.transversal = ""
        self.last_head = ""
        self.exam_columns: dict[int, str] = {}

    def read(self, elements: Sequence[Element]) -> Re:
        for element in elements:
            if isinstance(element, Line):
                self._line(element)
            else:
                self._table(element)
        return self.found

    def _line(self, line: Line) -> None:
        folded = typography.key(line.text)
        if _SESSION.match(folded):
            self._open_exam("whole", "", line.number)
            return
        if (
            re.match(r"^annexe \d|^referentiel d evaluation d(?:es|u) certificat", folded)
            and len(line.text) < 160
        ):
            self.exam, self.waiting = None, ""
            return
        unit = _UNIT.match(folded) if len(line.text) < 200 else None
        if unit and (
            line.heading
            or line.bold
            or re.fullmatch(r"cc[ps] ?\d{0,2}", folded)
            or _UNIT_TITLE.match(line.text)
        ):
            self._unit(line, unit)
            return
        if self.waiting:
            self._unit_title(line, folded)
            return
        if self.exam is not None:
            self.exam.notes.append(line)

    def _unit(self, line: Line, unit: re.Match[str]) -> None:
        kind = (
            "ccs"
            if unit[1].startswith(("ccs", "certificat complementaire", "certificats comp"))
            else "ccp"
        )
        titled = _UNIT_TITLE.match(line.text)
        title = titled[1].strip() if titled else (unit[3] or "").strip()
        if titled or (unit[3] and line.heading):
            self._open_exam(kind, title, line.number)
        elif not unit[3]:
            self.waiting = kind
            self.exam = None

    def _unit_title(self, line: Line, folded: str) -> None:
        """The title of a unit stands below « CCP »; anything else means it was only a mention."""
        if _NOT_A_TITLE.match(folded) or len(line.text) > 200:
            self.waiting = ""
            return
        self._open_exam(self.waiting, line.text, line.number)

    def _open_exam(self, kind: str, title: str, number: int) -> None:
        self.waiting = ""
        known = next(
            (
                e
                for e in self.found.exams
                if e.kind == kind and typography.key(e.title) == typography.key(title)
            ),
            None,
        )
        self.exam = known or Exam(kind, title.strip(' «»"'), number)
        if known is None:
            self.found.exams.append(self.exam)

    def _table(self, table: Table) -> None:
        head = typography.key(" | ".join(cell.text for row in table.rows[:2] for cell in row.cells))
        first = typography.key(" | ".join(cell.text for cell in table.rows[0].cells))
        roles = tables.columns(table.rows[:1], EXAM_COLUMNS)
        if {"method", "duration"} <= set(roles.values()):
            self.last_head, self.exam_columns = "exam", roles
            self._exam_rows(table.rows[1:], roles)
        elif _CRITERIA_HEAD.search(head):
            self.last_head = "criteria"
            self._criteria_head(table)
        elif _TRANSVERSAL_HEAD.search(first):
            self.last_head = "transversal"
            self._transversal_rows(table.rows[1:])
        elif re.search(r"\barrete du\b.*\barrete du\b", first) or re.search(
            r"\bccp\b.*\bccp\b", head
        ):
            self.found.correspondences.append(table)
            self.last_head = ""
        elif self.last_head == "exam" and table.width == max(self.exam_columns) + 1:
            self._exam_rows(table.rows, self.exam_columns)
        elif self.last_head == "criteria" and table.width == self.criteria_width:
            self._criteria_rows(table.rows)
        elif self.last_head == "transversal" and table.width == 2:
            self._transversal_rows(table.rows)
        elif not re.search(r"modalite d evaluation|designation", head):
            self.last_head = ""

    def _exam_rows(self, rows: Sequence[Row], roles: dict[int, str]) -> None:
        if self.exam is None:
            self._open_exam("whole", "", rows[0].number if rows else 0)
        assert self.exam is not None  # noqa: S101 - opened just above
        places = {role: place for place, role in roles.items()}
        for row in rows:
            if tables.columns([row], EXAM_COLUMNS).keys() == roles.keys():
                continue
            label = row.text_at(places["method"])
            duration = row.text_at(places["duration"])
            skills = _lines(row, places.get("competencies"))
            detail = _lines(row, places.get("detail"))
            if (
                not label
                and duration
                and skills
                and re.search(
                    r"dur[ée]e totale", row.text_at(places.get("competencies", 0)), re.IGNORECASE
                )
            ):
                label, skills = row.text_at(places["competencies"]), []
            self.exam.rows.append((label, skills, duration, detail, row.number))

    def _criteria_head(self, table: Table) -> None:
        count = tables.head_rows(table, _METHOD_HEAD)
        self.criteria_methods = {}
        for row in table.rows[:count]:
            for place, cell in enumerate(row.cells):
                method = tables.method_of(cell.text)
                if place > 1 and method:
                    self.criteria_methods[place] = method
        self.criteria_width = table.width
        self._criteria_rows(table.rows[count:])

    def _criteria_rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            first, second = row.text_at(0), row.text_at(1)
            if re.match(r"^obligations? reglementaires?", typography.key(first)):
                continue
            if first and not second and not _marks(row):
                self.activity = first
                self.found.activities.append((first, row.number))
                continue
            if first and self._is_cut_off(first, row):
                self._go_on_with(first, row)
                continue
            if first:
                self.competency = first
            elif second and not _marks(row) and self.found.criteria:
                self.found.criteria[-1].criteria.extend(row.cells[1].lines)
                continue
            if second and self.competency:
                methods = [
                    method
                    for place, method in sorted(self.criteria_methods.items())
                    if place < len(row.cells) and is_checked(row.cells[place])
                ]
                if not methods and not _marks(row) and not first and self.found.criteria:
                    methods = self.found.criteria[-1].methods
                self.found.criteria.append(
                    CriteriaRow(
                        self.competency,
                        list(row.cells[1].lines),
                        methods,
                        self.activity,
                        row.number,
                    )
                )

    def _is_cut_off(self, first: str, row: Row) -> bool:
        """A row that begins in lower case and has no box is the end of one cut by a page."""
        return typography.continues(first) and not _marks(row) and bool(self.found.criteria)

    def _go_on_with(self, first: str, row: Row) -> None:
        last = self.found.criteria[-1]
        last.competency = self.competency = join(last.competency, first)
        last.criteria.extend(row.cells[1].lines)

    def _transversal_rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if _TRANSVERSAL_HEAD.search(typography.key(" | ".join(c.text for c in row.cells))):
                continue
            self.transversal = row.text_at(0) or self.transversal
            for line in row.cells[1].lines if len(row.cells) > 1 else ():
                self.found.transversal.append((self.transversal, line.text, row.number))


def _lines(row: Row, place: int | None) -> list[Line]:
    return list(row.cells[place].lines) if place is not None and place < len(row.cells) else []


_MARK = re.compile(r"^(?:\[\s*[xX✓✔]\s*\]|[xXþý√]|oui|OUI|Oui)$")
_EMPTY_MARK = re.compile(r"^(?:\[\s*\]|[o¨]|non|NON|Non|-|—)$")


def is_checked(cell: Cell) -> bool:
    """Say whether the box of the cell is ticked, however it was drawn."""
    text = cell.text.strip()
    return typography.CHECKED in text or bool(_MARK.match(text))


def _marks(row: Row) -> bool:
    """Say whether the row has boxes, ticked or not, after its first two columns."""
    return any(
        typography.CHECKED in cell.text
        or typography.UNCHECKED in cell.text
        or _MARK.match(cell.text.strip())
        or _EMPTY_MARK.match(cell.text.strip())
        for cell in row.cells[2:]
    )
