"""HTML documents, and the HTML that Markdown documents keep inside their table cells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from acquis.certification.frameworks.readers import typography
from acquis.certification.frameworks.readers.model import Cell, Element, Line, Row, Table

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "figure",
        "blockquote",
        "pre",
        "center",
        "address",
        "nav",
        "aside",
        "caption",
        "table",
        "form",
        "fieldset",
        "body",
        "html",
    ]
)
_SILENT = frozenset(["script", "style", "template", "noscript", "head", "title"])
_BOLD = frozenset({"b", "strong"})


@dataclass
class _Run:
    """Text of one paragraph under construction; `apart`: no item of the list above."""

    text: str = ""
    bold_text: str = ""
    heading: int = 0
    bullet: bool = False
    apart: bool = False

    def line(self, number: int) -> Line | None:
        text, marked = typography.without_bullet(typography.normalise(self.text).strip())
        text = typography.tidy(_protected(text))
        if not text:
            return None
        bold = bool(self.bold_text.strip()) and len(re.sub(r"\W", "", self.bold_text)) >= len(
            re.sub(r"\W", "", self.text)
        )
        return Line(text, number, self.heading, bullet=self.bullet or marked, bold=bold)


def _protected(text: str) -> str:
    """Keep asterisks and underscores that are no Markdown in HTML text from being eaten."""
    return text.replace("_", "\\_")


def fragment_lines(markup: str, number: int) -> tuple[Line, ...]:
    """Return the paragraphs of a cell written in HTML, all standing on one source line."""
    if "<" not in markup:
        return _plain_lines(markup, number)
    soup = BeautifulSoup(markup, "lxml")
    return tuple(line for line in _walk(soup, number))


def _plain_lines(text: str, number: int) -> tuple[Line, ...]:
    bare, bullet = typography.without_bullet(typography.normalise(text))
    bold = typography.is_bold(bare)
    cleaned = typography.tidy(bare)
    return (Line(cleaned, number, bullet=bullet, bold=bold),) if cleaned else ()


def _walk(root: Tag, number: int) -> Iterator[Line]:
    run = _Run()
    for piece in _pieces(root):
        if isinstance(piece, _Run):
            line = run.line(number)
            if line:
                yield line
            run = piece
        else:
            text, bold = piece
            run.text += text
            if bold:
                run.bold_text += text
    line = run.line(number)
    if line:
        yield line


def _pieces(  # noqa: C901 - one branch a kind of node
    node: PageElement,
    *,
    bold: bool = False,
    heading: int = 0,
    bullet: bool = False,
) -> Iterator[_Run | tuple[str, bool]]:
    if isinstance(node, NavigableString):
        if type(node) is NavigableString:
            yield re.sub(r"\s+", " ", str(node)), bold
        return
    if not isinstance(node, Tag) or node.name in _SILENT:
        return
    if node.name == "br":
        yield _Run(heading=heading, bullet=False)
        return
    if node.name == "input":
        yield f" {typography.checkbox(str(node))} ", bold
        return
    if node.name == "sup" and re.fullmatch(r"[\d*\s]+", node.get_text()):
        return
    block = node.name in _BLOCKS
    if re.fullmatch(r"h[1-6]", node.name):
        heading = int(node.name[1])
    bullet = node.name == "li" or (bullet and node.name not in {"ul", "ol"})
    if block:
        item = node.name == "li"
        yield _Run(heading=heading, bullet=item or bullet, apart=not item)
    for child in node.children:
        yield from _pieces(
            child, bold=bold or node.name in _BOLD, heading=heading, bullet=bullet and not block
        )
    if block:
        yield _Run(apart=node.name != "li")


def table_rows(table: Tag) -> list[list[Tag | None]]:
    """Return the grid of a table; a place covered by a merged cell is None."""
    grid: list[list[Tag | None]] = []
    covered: dict[tuple[int, int], None] = {}
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    for index, row in enumerate(rows):
        cells: list[Tag | None] = []
        for cell in row.find_all(["td", "th"], recursive=False):
            while (index, len(cells)) in covered:
                cells.append(None)
            column = len(cells)
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            cells.extend([cell, *[None] * (width - 1)])
            for below in range(1, height):
                covered.update(((index + below, column + side), None) for side in range(width))
        while (index, len(cells)) in covered:
            cells.append(None)
        grid.append(cells)
    return grid


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name) or "1").strip()
    return min(max(int(value), 1), 200) if value.isdigit() else 1


class HtmlReader:
    """Turns a page into elements and, line by line, into the text shown beside the result."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.shown: list[str] = []
        self._apart = True

    def read(self, text: str) -> None:
        soup = BeautifulSoup(text, "lxml")
        self._visit(soup.body or soup)

    def read_table(self, table: Tag) -> None:
        rows: list[Row] = []
        for cells in table_rows(table):
            number = len(self.shown) + 1
            row = tuple(self._cell(cell) for cell in cells)
            if any(cell.lines for cell in row):
                rows.append(Row(row, number))
        if rows:
            self.elements.append(Table(tuple(rows)))
        self.shown.append("")

    def _cell(self, cell: Tag | None) -> Cell:
        if cell is None:
            return Cell()
        lines = []
        for line in _walk(cell, 0):
            self.shown.append(("- " if line.bullet else "") + line.text)
            lines.append(
                Line(
                    line.text,
                    len(self.shown),
                    line.heading,
                    line.bullet,
                    line.bold or cell.name == "th",
                )
            )
        return Cell(tuple(lines))

    def _visit(self, node: Tag) -> None:
        """Walk in reading order, a table at a time, paragraphs in between."""
        pending: list[PageElement] = []
        for child in node.children:
            if isinstance(child, Tag) and (child.name == "table" or child.find("table")):
                self._flush(pending)
                if child.name == "table" and not _is_page_frame(child):
                    self.read_table(child)
                elif child.name not in _SILENT:
                    self._visit(child)
            else:
                pending.append(child)
        self._flush(pending)

    def _flush(self, nodes: list[PageElement]) -> None:
        run = _Run()
        for node in nodes:
            for piece in _pieces(node):
                if isinstance(piece, _Run):
                    self._append(run)
                    run = piece
                    self._apart = self._apart or piece.apart
                else:
                    run.text += piece[0]
                    run.bold_text += piece[0] if piece[1] else ""
        self._append(run)
        nodes.clear()

    def _append(self, run: _Run) -> None:
        line = run.line(len(self.shown) + 1)
        if line is None:
            return
        self.shown.append(("- " if line.bullet else "") + line.text)
        self.elements.append(replace(line, gap=self._apart))
        self._apart = False


def _is_page_frame(table: Tag) -> bool:
    """Say whether the table only lays out a page that holds the real tables."""
    return table.find("table") is not None
