"""Page furniture of the ministry's documents: the identity strip, page numbers, blank leaders.

Signs: a table or a line with « SIGLE, Type de document, Code titre, Millésime… », or a line that
holds a sigle, REAC or RE, a code TP-nnnnn and a millésime. Text laid out as on the page breaks a
strip over two or three lines, its parts in any order. The strip names the title on every page, so
it is read before it is dropped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from acquis.certification.frameworks.readers import typography
from acquis.certification.frameworks.readers.model import Element, Line, Table

TITLE_CODE = re.compile(r"\bTP\s?[-–—]?\s?(\d{5})\b")
_STRIP_HEAD = re.compile(r"^sigle type de document|^sigle .*code titre|^code titre millesime")
_STRIP = re.compile(
    r"^(?P<sigle>[A-Za-zÀ-ÿ&0-9+' -]{1,24}?)\s+(?P<kind>REAC|REV?2?|RC|RE)\s+TP\s?[-–]?\s?(?P<code>\d{5})\s+"
    r"(?P<edition>\d{2})\b(?P<rest>.*)$"
)
_PART = re.compile(
    r"(?P<kind>\b(?:REAC|REV?2?|RC)\b)|\bTP\s?[-–]?\s?(?P<code>\d{5})\b|\b\d{2}/\d{2}/\d{4}\b"
    r"|\b\d{1,3}\s?/\s?\d{1,3}\b|\b(?P<edition>\d{2})\b"
)
_SIGLE = re.compile(r"^[A-ZÀ-Ÿ0-9][A-Za-zÀ-ÿ0-9&+'-]{0,11}$")
_LONGEST_STRIP = 3  # lines below its head
_PAGE = re.compile(
    r"^(?:page\s*)?\d{1,3}\s*(?:/|sur)\s*\d{1,3}$|^page\s+\d{1,3}$|^\d{1,3}$", re.IGNORECASE
)
_LEADERS = re.compile(r"\.{4,}\s*\d{0,3}\s*$|…{2,}\s*\d*\s*$")


@dataclass(frozen=True, slots=True)
class Strip:
    """One identity strip: what the foot of a page says of its document."""

    sigle: str
    kind: str
    code: str
    edition: str
    line: int


@dataclass(slots=True)
class Body:
    """The document without its furniture, and the strips that were found."""

    elements: list[Element] = field(default_factory=list)
    strips: list[Strip] = field(default_factory=list)


def without_furniture(elements: Sequence[Element]) -> Body:
    body = Body()
    removed = False
    broken: list[Line] | None = None  # the lines of a strip whose head was just read
    for element in elements:
        if broken is not None and isinstance(element, Line):
            if _is_part(element.text) and len(broken) < _LONGEST_STRIP:
                broken.append(element)
                removed = True
                continue
            _keep_broken(broken, body.strips)
            broken = None
        if isinstance(element, Table):
            kept = _table_without_strip(element, body.strips)
            removed = kept is None
            if kept is not None:
                body.elements.append(kept)
        elif _is_furniture(element, body.strips):
            removed = True
            if _STRIP_HEAD.match(typography.key(element.text)):
                broken = []
        else:
            body.elements.append(_rejoined(element, body) if removed else element)
            removed = False
    _keep_broken(broken or [], body.strips)
    return body


def _is_part(text: str) -> bool:
    """Say whether a line below the head of a strip holds nothing but parts of the strip."""
    rest = _PART.sub(" ", text).split()
    return rest != text.split() and (not rest or (len(rest) == 1 and bool(_SIGLE.match(rest[0]))))


def _keep_broken(lines: Sequence[Line], strips: list[Strip]) -> None:
    """Put together a strip that was broken over lines; one that is not whole says nothing."""
    text = " ".join(line.text for line in lines)
    parts = {
        name: value
        for found in _PART.finditer(text)
        for name, value in found.groupdict().items()
        if value is not None
    }
    if not {"kind", "code", "edition"} <= parts.keys():
        return
    sigle = " ".join(_PART.sub(" ", text).split())
    kind = "REAC" if parts["kind"] == "REAC" else "RE"
    strips.append(Strip(sigle, kind, f"TP-{parts['code']}", parts["edition"], lines[0].number))


def _rejoined(line: Line, body: Body) -> Line:
    """A list that a page break cut goes on: the blank line there is the page's."""
    last = body.elements[-1] if body.elements else None
    if isinstance(last, Line) and not last.heading and not line.heading and not line.bold:
        return replace(line, gap=False)
    return line


def _is_furniture(line: Line, strips: list[Strip]) -> bool:
    if _PAGE.match(line.text) or _LEADERS.search(line.text):
        return True
    if _STRIP_HEAD.match(typography.key(line.text)):
        strip = _STRIP.search(re.sub(r"^.*?\bPage\s+", "", line.text))
        if strip:
            _keep(strip, line.number, strips)
        return True
    strip = _STRIP.match(line.text)
    if strip:
        _keep(strip, line.number, strips)
    return bool(strip)


def _keep(found: re.Match[str], number: int, strips: list[Strip]) -> None:
    kind = "REAC" if found["kind"] == "REAC" else "RE"
    strips.append(
        Strip(found["sigle"].strip(), kind, f"TP-{found['code']}", found["edition"], number)
    )


def _table_without_strip(table: Table, strips: list[Strip]) -> Table | None:
    rows = []
    for row in table.rows:
        text = " ".join(cell.text for cell in row.cells if cell.lines)
        if _STRIP_HEAD.match(typography.key(text)):
            tail = _STRIP.search(re.sub(r"^.*?\bPage\s+", "", text))
            if tail:
                _keep(tail, row.number, strips)
            continue
        strip = _STRIP.match(text)
        if strip:
            _keep(strip, row.number, strips)
            continue
        rows.append(row)
    return Table(tuple(rows)) if rows else None
