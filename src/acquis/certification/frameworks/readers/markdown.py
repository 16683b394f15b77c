"""Text and Markdown: headings, list items, paragraphs, and tables in their three written forms.

Tables are recognised as tab-separated lines, as lines between bars, or as HTML. The shown text
keeps the file's own lines, so that a line number is the one of any editor.
"""

import itertools
import re
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup

from acquis.certification.frameworks.readers import html, typography
from acquis.certification.frameworks.readers.model import Cell, Element, Line, Row, Table

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_SEPARATOR = re.compile(r"^[\s|:\t-]*-{2,}[\s|:\t-]*$")
_BARS = re.compile(r"^\s*\|.*\|\s*$")
_LOOSE_BARS = re.compile(r"^[^|]*(?:\|[^|]*){2,}$")
_CELL_BAR = re.compile(r"(?<!\\)\|")
_TABLE_OPENS = re.compile(r"<table\b", re.IGNORECASE)
_TABLE_CLOSES = re.compile(r"</table\s*>", re.IGNORECASE)
COMPOUNDS = frozenset(
    [
        "non",
        "sous",
        "vis",
        "demi",
        "mal",
        "rendez",
        "après",
        "avant",
        "bien",
        "savoir",
        "plus",
        "peut",
        "porte",
        "semi",
        "contre",
        "grand",
        "grande",
        "mot",
        "mots",
        "tout",
        "toute",
        "libre",
        "centre",
        "chef",
        "compte",
        "hors",
        "arrière",
        "pré",
        "post",
        "quasi",
        "auto",
        "inter",
        "multi",
        "micro",
        "mini",
        "garde",
        "main",
        "mise",
        "prise",
        "remue",
        "lave",
        "aide",
        "sapeur",
        "celui",
        "celle",
        "ceux",
        "elle",
        "lui",
        "eux",
        "nous",
        "vous",
        "même",
        "outre",
        "entre",
        "intra",
        "extra",
        "anti",
        "service",
        "bon",
        "chargé",
        "point",
        "trop",
        "haut",
        "basse",
        "deux",
        "trois",
        "quatre",
    ]
)
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")


@dataclass
class MarkdownReader:
    """Reads lines into elements; `wrapped` tells that paragraphs were cut at the margin."""

    lines: list[str]
    wrapped: bool = False
    tabbed: set[int] = field(default_factory=set)

    def read(self) -> list[Element]:
        elements: list[Element] = []
        gap, index = True, 0
        while index < len(self.lines):
            raw = self.lines[index]
            if not raw.strip() or _RULE.match(raw.replace("\\", "")):
                gap, index = True, index + 1
                continue
            table_end = self._table_end(index)
            if table_end > index:
                elements.extend(self._table(index, table_end))
                gap, index = True, table_end
                continue
            line = self._line(raw, index + 1, gap=gap)
            if line:
                elements.append(line)
                gap = False
            index += 1
        return _reflowed(elements) if self.wrapped else elements

    def _line(self, raw: str, number: int, *, gap: bool) -> Line | None:
        heading = _HEADING.match(raw)
        if heading:
            text = typography.tidy(_without_tags(heading[2]))
            return Line(text, number, len(heading[1]), gap=True) if text else None
        bare, bullet = typography.without_bullet(typography.normalise(raw))
        bold = typography.is_bold(bare) or bool(re.fullmatch(r"\s*<(b|strong)>.*</\1>\s*", bare))
        text = typography.tidy(_without_tags(bare))
        return Line(text, number, bullet=bullet, bold=bold, gap=gap) if text else None

    def _table_end(self, index: int) -> int:
        """Return the line after the table that begins here; the same line when none does."""
        if _TABLE_OPENS.search(self.lines[index]):
            for end in range(index, len(self.lines)):
                if _TABLE_CLOSES.search(self.lines[end]):
                    return end + 1
            return len(self.lines)
        kind = self._row_kind(index)
        end = index
        while kind and end < len(self.lines) and self._row_kind(end) == kind:
            end += 1
        return end

    def _row_kind(self, index: int) -> str:
        raw = self.lines[index]
        if "\t" in raw.strip("\n") and raw.strip():
            inner = raw.strip()
            indented = "\t" not in inner
            trailing = raw.rstrip("\n").endswith("\t")
            if not indented or trailing or index - 1 in self.tabbed:
                self.tabbed.add(index)
                return "tabs"
        if _BARS.match(raw):
            return "bars"
        if _LOOSE_BARS.match(raw) and self._near_separator(index):
            return "bars"
        return ""

    def _near_separator(self, index: int) -> bool:
        """Say whether bars here belong to a table written without outer bars."""
        for place in range(index, -1, -1):
            if not _LOOSE_BARS.match(self.lines[place]):
                break
            if _SEPARATOR.match(self.lines[place]):
                return True
        following = self.lines[index + 1] if index + 1 < len(self.lines) else ""
        return bool(_SEPARATOR.match(following) and "|" in following)

    def _table(self, start: int, end: int) -> list[Element]:
        if _TABLE_OPENS.search(self.lines[start]):
            return self._html_table(start, end)
        rows = []
        for index in range(start, end):
            raw = self.lines[index]
            if _SEPARATOR.match(raw):
                continue
            parts = raw.rstrip("\n").split("\t") if "\t" in raw else _bar_cells(raw)
            cells = tuple(Cell(_cell_lines(part, index + 1)) for part in parts)
            if any(cell.lines for cell in cells):
                rows.append(Row(cells, index + 1))
        return [Table(tuple(rows))] if rows else []

    def _html_table(self, start: int, end: int) -> list[Element]:
        soup = BeautifulSoup("\n".join(self.lines[start:end]), "lxml")
        found: list[Element] = []
        for table in soup.find_all("table"):
            if table.find("table"):
                continue
            rows = []
            for offset, cells in enumerate(html.table_rows(table)):
                number = min(start + offset + 1, end)
                row = tuple(
                    Cell(html.fragment_lines(str(cell), number)) if cell else Cell()
                    for cell in cells
                )
                if any(cell.lines for cell in row):
                    rows.append(Row(row, number))
            if rows:
                found.append(Table(tuple(rows)))
        return found


def _bar_cells(raw: str) -> list[str]:
    return [part.replace("\\|", "|") for part in _CELL_BAR.split(raw.strip().strip("|"))]


def _cell_lines(markup: str, number: int) -> tuple[Line, ...]:
    """Return the paragraphs of a cell; list marks inside one line part them."""
    lines: list[Line] = []
    for line in html.fragment_lines(markup, number):
        parts = re.split(rf"\s+(?=[{re.escape(typography.BULLETS)}]\s*\S)", line.text)
        if len(parts) == 1 and line.bullet:
            parts = re.split(r"\s+[-–]\s+(?=[A-ZÀ-ÝŒ])", line.text)
        for place, part in enumerate(parts):
            text, marked = typography.without_bullet(part)
            bullet = line.bullet or marked
            if text.strip():
                lines.append(replace(line, text=text.strip(), bullet=bullet, gap=place == 0))
    return tuple(lines)


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    lines = html.fragment_lines(text, 0)
    return " ".join(line.text for line in lines)


def looks_wrapped(lines: list[str]) -> bool:
    """Say whether paragraphs were cut at a margin: many lines go on in lower case below."""
    following = cut = 0
    for line, after in itertools.pairwise(lines):
        if len(line.strip()) > 25 and after.strip() and "\t" not in line:
            following += 1
            cut += after.strip()[0].islower()
    return following >= 8 and cut * 5 > following


def _reflowed(elements: list[Element]) -> list[Element]:
    """Join each line to the one it continues, inside a paragraph."""
    joined: list[Element] = []
    for element in elements:
        last = joined[-1] if joined else None
        if (
            isinstance(element, Line)
            and isinstance(last, Line)
            and not (element.heading or element.bullet or element.gap or last.heading)
            and typography.continues(element.text)
            and typography.is_open(last.text)
        ):
            joined[-1] = replace(last, text=join(last.text, element.text))
        else:
            joined.append(element)
    return joined


def join(first: str, second: str) -> str:
    """Join two parts of a cut sentence, mending a word cut by a hyphen."""
    if re.search(r"[a-zà-ÿ]-$", first) and re.match(r"[a-zà-ÿ]", second):
        before = re.search(r"([a-zà-ÿ]+)-$", first)
        if before and len(before[1]) > 2 and before[1] not in COMPOUNDS:
            return first[:-1] + second
        return first + second
    return f"{first} {second}"
