"""Rows of an evaluation table gathered into blocks.

A block begins at « BLOC 1 - … », « RNCP12345BC01 », « 1° Activité : … » in a title, a banner row or
the first column, at a new text of a column of blocks, or where coded competencies start again below
the last code (a page is missing then, and a warning says so).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from acquis.certification.frameworks.readers import grid_items, splitting, typography
from acquis.certification.frameworks.readers.grid_columns import (
    ACTIVITY_HEAD,
    BLOCK_HEAD,
    Banner,
    GridRow,
)
from acquis.certification.frameworks.readers.markdown import join
from acquis.certification.frameworks.readers.model import Line

_COMPETENCY_ROLES = ("competency", "evaluated", "associated")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8}


@dataclass(slots=True)
class RawBlock:
    """A block as its rows give it, before codes are made unique."""

    code: str
    title: str
    line: int
    description: list[str] = field(default_factory=list)
    rows: list[dict[str, tuple[Line, ...]]] = field(default_factory=list)
    headed: bool = True
    awaits_title: bool = False

    def column(self, role: str) -> list[tuple[int, Line]]:
        """Return the lines of a column with the rank of their row, cut sentences joined."""
        lines: list[tuple[int, Line]] = []
        cells = [(rank, row[role]) for rank, row in enumerate(self.rows) if row.get(role)]
        lowercase = [line.text[0].islower() for _, cell in cells for line in cell if line.text]
        mostly_upper = sum(lowercase) * 2 < len(lowercase)
        for rank, cell in cells:
            for place, line in enumerate(splitting.merged(cell)):
                cut = (
                    place == 0
                    and bool(lines)
                    and mostly_upper
                    and typography.continues(line.text)
                    and typography.is_open(lines[-1][1].text)
                )
                if cut:
                    before, last = lines[-1]
                    lines[-1] = (before, replace(last, text=join(last.text, line.text)))
                else:
                    lines.append((rank, line))
        return lines

    def is_cut(self, role: str) -> bool:
        """Say whether a sentence of the column goes on from one row to the next."""
        kept = len(self.column(role))
        return kept < sum(len(splitting.merged(row[role])) for row in self.rows if row.get(role))


class Gatherer:
    """Goes through the stream once; `as_activities`: the document's blocks are its activities."""

    def __init__(self, items: Sequence[GridRow | Banner]) -> None:
        self.items = items
        self.blocks: list[RawBlock] = []
        self.as_activities = not any(_holds_block_head(item) for item in items)
        self.last_rank = 0
        self.missing: list[tuple[RawBlock, int, int]] = []

    def gather(self) -> list[RawBlock]:
        for item in self.items:
            if isinstance(item, Banner):
                self._banner(item)
            else:
                self._row(item)
        return [block for block in self.blocks if block.rows]

    @property
    def current(self) -> RawBlock | None:
        return self.blocks[-1] if self.blocks else None

    def _banner(self, banner: Banner) -> None:
        text = " ".join(line.text for line in banner.lines)
        if len(text) > 300:
            return
        if self._open_from(text, banner.number):
            return
        current = self.current
        if current and current.awaits_title and not current.rows:
            current.title, current.awaits_title = text.strip(" «»:"), False

    def _open_from(self, text: str, number: int) -> bool:
        """Open or resume the block that the text heads; False when it heads none."""
        found = BLOCK_HEAD.match(text)
        if found and not re.match(r"^(?:de|du|des|et|est|sont|à|ou)\b", found["title"]):
            self._open(block_code(found), found["title"], number)
            return True
        activity = ACTIVITY_HEAD.match(text) if self.as_activities else None
        if activity:
            self._open(f"B{activity['rank'] or activity['after']}", activity["title"], number)
            return True
        return False

    def _open(self, code: str, title: str, number: int) -> None:
        title = title.strip(" -–—:.«»")
        known = next((block for block in self.blocks if block.code == code), None)
        if known is not None:
            self.blocks.remove(known)
            self.blocks.append(known)
            if title and (not known.title or not known.rows):
                known.title, known.line = title, number
            known.awaits_title = not known.title
            return
        self.blocks.append(RawBlock(code, title, number, awaits_title=not title))
        self.last_rank = 0

    def _row(self, row: GridRow) -> None:
        cells = dict(row.cells)
        for role in ("block", "activity", "competency"):
            if cells.get(role) and self._open_in_cell(cells, role):
                break
        else:
            self._open_by_column(cells, row.number)
        self._open_if_restarted(cells, row.number)
        current = self.current
        if current is not None and current.awaits_title and _take_title(current, cells):
            return
        if current is None:
            current = RawBlock("B1", "", row.number, headed=False)
            self.blocks.append(current)
        current.awaits_title = False
        cells.pop("block", None)
        if cells:
            current.rows.append(cells)

    def _open_in_cell(self, cells: dict[str, tuple[Line, ...]], role: str) -> bool:
        """A block headed inside a cell: its title is cut off, the rest stays."""
        lines = list(cells[role])
        place = next((i for i, line in enumerate(lines[:3]) if BLOCK_HEAD.match(line.text)), None)
        if place is None or (self.as_activities and role == "competency"):
            return False
        before = self.current
        if not self._open_from(lines[place].text, lines[place].number):
            return False
        block = self.current
        rest = lines[place + 1 :]
        if block is not None and block.awaits_title and rest:
            block.title, rest = rest[0].text.strip(" -–—:"), rest[1:]
            block.awaits_title = False
            while role == "block" and rest and typography.continues(rest[0].text):
                block.title, rest = join(block.title, rest[0].text), rest[1:]
        if block is not None and role in {"block", "activity"}:
            while rest and (rest[0].bold or role == "block") and block is not before:
                block.description.append(rest[0].text)
                rest = rest[1:]
        cells[role] = tuple(rest)
        if not rest:
            cells.pop(role)
        return True

    def _open_by_column(self, cells: dict[str, tuple[Line, ...]], number: int) -> None:
        """Each new text of a column of blocks is a block, coded by its place."""
        lines = splitting.merged(cells.get("block", ()))
        if not lines:
            return
        current = self.current
        if current and typography.continues(lines[0].text) and typography.is_open(current.title):
            current.title = join(current.title, lines[0].text)
            return
        title = lines[0].text.strip(" -–—:")
        if current and typography.key(current.title) == typography.key(title):
            return
        self._open(f"B{len(self.blocks) + 1}", title, number)
        if self.current is not None:
            self.current.description.extend(line.text for line in lines[1:])

    def _open_if_restarted(self, cells: dict[str, tuple[Line, ...]], number: int) -> None:
        ranks = [
            int(found[1])
            for role in _COMPETENCY_ROLES
            for item in grid_items.competency_items(cells.get(role, ()))
            if item.code and (found := re.fullmatch(r"C\.?(\d{1,2})", item.code))
        ]
        if not ranks:
            return
        current = self.current
        if current and current.rows and self.last_rank and ranks[0] <= self.last_rank:
            place = len(self.blocks) + 1
            fresh = RawBlock(f"B{place}", "", number, headed=False)
            self.blocks.append(fresh)
            if ranks[0] > 1:
                self.missing.append((fresh, 1, ranks[0] - 1))
        self.last_rank = ranks[-1]


def _take_title(block: RawBlock, cells: dict[str, tuple[Line, ...]]) -> bool:
    """A row with one short text below « BLOC 1 » alone is its title."""
    if block.rows or len(cells) != 1:
        return False
    lines = splitting.merged(next(iter(cells.values())))
    if len(lines) != 1 or lines[0].bullet or grid_items.CODED.match(lines[0].text):
        return False
    block.title, block.awaits_title = lines[0].text.strip(" -–—:«»"), False
    return True


def _holds_block_head(item: GridRow | Banner) -> bool:
    if isinstance(item, Banner):
        return bool(BLOCK_HEAD.match(" ".join(line.text for line in item.lines)))
    return "block" in item.cells or any(
        BLOCK_HEAD.match(line.text)
        for role in ("activity", "competency")
        for line in item.cells.get(role, ())[:3]
    )


def block_code(found: re.Match[str]) -> str:
    """Return the document's own code of a block, written in one way."""
    if found["rncp"]:
        return re.sub(r"\s", "", found["rncp"]).upper()
    if found["bc"]:
        return f"BC{int(re.sub(r'[^0-9]', '', found['bc'])):02d}"
    rank = found["rank"]
    return f"BLOC {_ROMAN.get(rank, rank)}"
