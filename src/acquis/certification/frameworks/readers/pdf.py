"""PDF documents: paragraphs between tables, tables cell by cell, in reading order."""

import io
from typing import Any

import pdfplumber

from acquis.certification.frameworks.readers.model import (
    Cell,
    Element,
    Line,
    NotAFramework,
    Row,
    Table,
)
from acquis.certification.frameworks.readers.pdf_lines import (
    Column,
    TextLine,
    column_of,
    joined,
    text_lines,
)
from acquis.certification.frameworks.readers.pdf_tables import (
    Box,
    drawn_boxes,
    drawn_bullets,
    grids,
    mark_in,
    ruled_tables,
)

_TRUNCATED = "Ce PDF est incomplet ou abîmé : téléchargez-le de nouveau."
_LOCKED = "Ce PDF est protégé par un mot de passe : il ne peut pas être lu."
_SCANNED = "Ce PDF ne contient que des images, sans texte : passez-le d’abord à l’OCR."


class PdfReader:
    """Reads pages into elements and into the text shown beside the result."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.shown: list[str] = []

    def read(self, content: bytes) -> None:
        if b"%%EOF" not in content[-4096:]:
            raise NotAFramework(_TRUNCATED)
        try:
            with pdfplumber.open(io.BytesIO(content)) as document:
                pages = len(document.pages)
                for page in document.pages:
                    self._page(page)
                    page.close()
        except Exception as error:
            locked = "Password" in type(error).__name__ or "Password" in repr(error)
            locked = locked or b"/Encrypt" in content
            raise NotAFramework(_LOCKED if locked else _TRUNCATED) from error
        if not pages:
            raise NotAFramework(_TRUNCATED)
        if not any(line.strip() for line in self.shown):
            raise NotAFramework(_SCANNED)

    def _page(self, page: Any) -> None:
        page = page.dedupe_chars()
        tables = ruled_tables(page)
        drawn = drawn_boxes(page)
        words = page.extract_words(
            extra_attrs=["fontname", "size"], keep_blank_chars=False, use_text_flow=False
        )
        words += drawn_bullets(page)
        boxes = [table.bbox for table in tables]
        outside = [word for word in words if not any(_inside(word, box) for box in boxes)]
        lines = text_lines(outside)
        usual = column_of(lines, None) if lines else None
        parts: list[tuple[float, Any]] = [(line.top, line) for line in lines]
        parts += [(table.bbox[1], table) for table in tables]
        body: list[TextLine] = []
        for _, part in sorted(parts, key=lambda pair: pair[0]):
            if isinstance(part, TextLine):
                body.append(part)
                continue
            self._paragraphs(body, usual)
            body = []
            self._table(part, words, drawn)
        self._paragraphs(body, usual)
        self.shown.append("")

    def _paragraphs(self, lines: list[TextLine], usual: Column | None) -> None:
        for line in joined(lines, usual) if usual else ():
            self.shown.append(("- " if line.bullet else "") + line.text)
            self.elements.append(
                Line(line.text, len(self.shown), line.heading, line.bullet, line.bold, line.gap)
            )

    def _table(self, table: Any, words: list[Any], drawn: list[tuple[Box, str]]) -> None:
        for grid in grids(table):
            rows: list[Row] = []
            for boxes in grid:
                number = len(self.shown) + 1
                cells = tuple(self._cell(box, words, drawn) for box in boxes)
                if any(cell.lines for cell in cells):
                    rows.append(Row(cells, number))
            if rows:
                self.elements.append(Table(tuple(rows)))

    def _cell(self, box: Box | None, words: list[Any], drawn: list[tuple[Box, str]]) -> Cell:
        if box is None:
            return Cell()
        lines = []
        inside = [word for word in words if _inside(word, box)]
        found = text_lines(inside)
        mark = None if found else mark_in(box, drawn)
        if mark:
            self.shown.append(mark)
            return Cell((Line(mark, len(self.shown)),))
        usual = column_of(found, (box[0], box[2])) if found else None
        for line in joined(found, usual) if usual else ():
            self.shown.append(("- " if line.bullet else "") + line.text)
            lines.append(Line(line.text, len(self.shown), 0, line.bullet, line.bold, line.gap))
        return Cell(tuple(lines))


def _inside(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    middle = (word["x0"] + word["x1"]) / 2
    height = (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= middle <= box[2] and box[1] <= height <= box[3])
