"""PDF documents: words into lines and paragraphs, ruled tables into cells.

A line of a PDF ends where the margin was, not where the sentence did. Two signs tell a wrapped
line from a deliberate one: the next line begins in lower case, or its first word would not have
fitted on the line before it.
"""

import io
import itertools
import re
from dataclasses import dataclass, replace
from typing import Any

import pdfplumber

from acquis.certification.frameworks.readers import typography
from acquis.certification.frameworks.readers.markdown import join
from acquis.certification.frameworks.readers.model import (
    Cell,
    Element,
    Line,
    NotAFramework,
    Row,
    Table,
)

_TRUNCATED = "Ce PDF est incomplet ou abîmé : téléchargez-le de nouveau."
_LOCKED = "Ce PDF est protégé par un mot de passe : il ne peut pas être lu."
_SCANNED = "Ce PDF ne contient que des images, sans texte : passez-le d'abord à l'OCR."
_CODED_ITEM = re.compile(
    r"^(?:[A-Z]{1,3}\s?\.?\d+(?:\.\d+)*\s*[-–—:.)]|\d+(?:\.\d+)*\s*[-–.)°]|BLOC\b|Bloc\b|RNCP\d|FICHE\b)"
)
_FUNCTION_WORD = re.compile(
    r"(?:\b(?:de|du|des|la|le|les|un|une|et|ou|à|au|aux|en|dans|par|pour|sur|avec|sans|sous|son|sa|ses|"
    r"leur|leurs|ce|cette|ces|que|qui|dont|d'|l')|[,(/'-])\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _TextLine:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    first_word: float


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
        tables = [table for table in page.find_tables() if _is_real(table)]
        words = page.extract_words(
            extra_attrs=["fontname", "size"], keep_blank_chars=False, use_text_flow=False
        )
        boxes = [table.bbox for table in tables]
        outside = [word for word in words if not any(_inside(word, box) for box in boxes)]
        lines = _text_lines(outside)
        usual = _column(lines, None) if lines else None
        parts: list[tuple[float, Any]] = [(line.top, line) for line in lines]
        parts += [(table.bbox[1], table) for table in tables]
        body: list[_TextLine] = []
        for _, part in sorted(parts, key=lambda pair: pair[0]):
            if isinstance(part, _TextLine):
                body.append(part)
                continue
            self._paragraphs(body, usual)
            body = []
            self._table(part, words)
        self._paragraphs(body, usual)
        self.shown.append("")

    def _paragraphs(self, lines: list[_TextLine], usual: "_Column | None") -> None:
        for line in _joined(lines, usual) if usual else ():
            self.shown.append(("- " if line.bullet else "") + line.text)
            self.elements.append(
                Line(line.text, len(self.shown), line.heading, line.bullet, line.bold, line.gap)
            )

    def _table(self, table: Any, words: list[dict[str, Any]]) -> None:
        rows: list[Row] = []
        for row in table.rows:
            number = len(self.shown) + 1
            cells = tuple(self._cell(box, words) for box in row.cells)
            if any(cell.lines for cell in cells):
                rows.append(Row(cells, number))
        if rows:
            self.elements.append(Table(tuple(rows)))

    def _cell(self, box: tuple[float, float, float, float] | None, words: list[Any]) -> Cell:
        if box is None:
            return Cell()
        lines = []
        inside = [word for word in words if _inside(word, box)]
        found = _text_lines(inside)
        usual = _column(found, (box[0], box[2])) if found else None
        for line in _joined(found, usual) if usual else ():
            self.shown.append(("- " if line.bullet else "") + line.text)
            lines.append(Line(line.text, len(self.shown), 0, line.bullet, line.bold, line.gap))
        return Cell(tuple(lines))


def _is_real(table: Any) -> bool:
    """Say whether the rulings make a table, not a frame around one paragraph."""
    return len(table.cells) > 1 and max(len(row.cells) for row in table.rows) > 1


def _inside(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    middle = (word["x0"] + word["x1"]) / 2
    height = (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= middle <= box[2] and box[1] <= height <= box[3])


def _text_lines(words: list[dict[str, Any]]) -> list[_TextLine]:
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda w: ((w["top"] + w["bottom"]) / 2, w["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if rows and rows[-1][0]["top"] <= middle <= rows[-1][0]["bottom"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_text_line(sorted(row, key=lambda w: w["x0"])) for row in rows]


def _text_line(words: list[dict[str, Any]]) -> _TextLine:
    bold = all(
        re.search("bold|black|heavy|semib", str(w["fontname"]), re.IGNORECASE) for w in words
    )
    return _TextLine(
        text=" ".join(str(word["text"]) for word in words),
        left=words[0]["x0"],
        right=words[-1]["x1"],
        top=min(word["top"] for word in words),
        bottom=max(word["bottom"] for word in words),
        size=max(word["size"] for word in words),
        bold=bold,
        first_word=words[0]["x1"] - words[0]["x0"],
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """What is usual in a run of lines: its right margin, body size and space between lines."""

    right: float
    size: float
    leading: float

    def is_apart(self, before: _TextLine, line: _TextLine) -> bool:
        """Say whether the space between two lines is wider than inside a paragraph."""
        space = line.top - before.bottom
        return space > self.leading + 0.35 * (line.bottom - line.top)


def _column(lines: list[_TextLine], width: tuple[float, float] | None) -> _Column:
    right = max(line.right for line in lines)
    if width:
        right = max(right, width[1] - (min(line.left for line in lines) - width[0]) - 2)
    spaces = sorted(
        line.top - before.bottom
        for before, line in itertools.pairwise(lines)
        if line.top >= before.bottom - 2
    )
    height = lines[0].bottom - lines[0].top
    leading = min(spaces[len(spaces) // 4], height) if spaces else 0.3 * height
    return _Column(right, sorted(line.size for line in lines)[len(lines) // 2], leading)


def _joined(lines: list[_TextLine], column: _Column) -> list[Line]:
    """Return the paragraphs and items that these lines make."""
    paragraphs: list[Line] = []
    for before, line in zip([None, *lines], lines, strict=False):
        text, bullet = typography.without_bullet(typography.normalise(line.text))
        text = typography.tidy(text.replace("_", "\\_"))
        last = paragraphs[-1] if paragraphs else None
        if not text:
            if bullet:
                paragraphs.append(Line("", 0, bullet=True))
        elif last is not None and last.bullet and not last.text:
            paragraphs[-1] = Line(text, 0, bullet=True, bold=line.bold)
        elif (
            last is not None
            and before is not None
            and not bullet
            and _goes_on(before, line, last, text, column)
        ):
            paragraphs[-1] = replace(last, text=join(last.text, text), bold=last.bold and line.bold)
        else:
            gap = before is None or column.is_apart(before, line)
            heading = 2 if line.size > column.size * 1.25 and not bullet else 0
            paragraphs.append(Line(text, 0, heading, bullet, line.bold, gap))
    return [line for line in paragraphs if line.text]


def _goes_on(before: _TextLine, line: _TextLine, last: Line, text: str, column: _Column) -> bool:
    if _CODED_ITEM.match(text) or before.bold != line.bold or abs(before.size - line.size) > 0.6:
        return False
    if before.text.isupper() != line.text.isupper() and len(line.text) > 3:
        return False
    continued = typography.continues(text) and last.text[-1] not in ".!?"
    if column.is_apart(before, line):
        return continued and line.top - before.bottom < 1.2 * (line.bottom - line.top)
    if continued:
        return True
    if before.right + line.first_word + 0.3 * line.size <= column.right:
        return False
    wrapped = last.bullet or last.heading or last.bold or _FUNCTION_WORD.search(last.text)
    return bool(wrapped) or re.match(r"[\d(«\"]|[A-Z]{2}", text) is not None
