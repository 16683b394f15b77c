"""What passes between the readers: a document as lines and tables, and what was read from it.

Pure data. Every line keeps the number it has in the source text shown beside the result, so
that a doubt can point at it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any


class NotAFramework(Exception):  # noqa: N818 - it names what the document is, not an error of ours
    """The document holds no référentiel; `message_fr` says why in one sentence."""

    def __init__(self, message_fr: str) -> None:
        super().__init__(message_fr)
        self.message_fr = message_fr


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A file as received: its name without folder, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReadFramework:
    """A framework as the contract describes it, and where it was found.

    `locations` maps the code of a block, competency or criterion to a line of `source_text`
    (the first line is 1).
    """

    framework: dict[str, Any]
    source_text: str
    locations: dict[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, heading or list item. `gap`: a blank line stands before it."""

    text: str
    number: int
    heading: int = 0
    bullet: bool = False
    bold: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell of a table holds; a cell covered by a merged one is empty."""

    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    number: int

    def text_at(self, column: int) -> str:
        return self.cells[column].text if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


Element = Line | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded document: its elements in reading order, its raw lines and its shown text."""

    name: str
    sha256: str
    media_type: str
    elements: tuple[Element, ...]
    source_text: str
    raw_lines: tuple[str, ...] = ()
    signs: frozenset[str] = field(default_factory=frozenset)

    def lines(self) -> Iterator[Line]:
        """Yield the lines that stand outside tables."""
        for element in self.elements:
            if isinstance(element, Line):
                yield element

    def tables(self) -> Iterator[Table]:
        for element in self.elements:
            if isinstance(element, Table):
                yield element


def shifted(element: Element, offset: int) -> Element:
    """Return the element as it stands `offset` lines further down."""
    if isinstance(element, Line):
        return replace(element, number=element.number + offset)
    rows = []
    for row in element.rows:
        cells = tuple(
            Cell(tuple(replace(line, number=line.number + offset) for line in cell.lines))
            for cell in row.cells
        )
        rows.append(Row(cells, row.number + offset))
    return Table(tuple(rows))
