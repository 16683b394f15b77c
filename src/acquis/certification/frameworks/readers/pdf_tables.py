"""Ruled tables of a PDF page: cells that a page break leaves open, boxes that are drawn.

Signs: rulings that cross. Where the verticals of a table end together without a horizontal, a page
break cut a row: the missing ruling is put back. Where neighbouring tables share a grid, cells are
told by the column they stand in, not by their rank.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from acquis.certification.frameworks.readers import typography

Box = tuple[float, float, float, float]
_NEAR = 2.0


def ruled_tables(page: Any) -> list[Any]:
    """Return the tables of the page; a frame around one paragraph is no table."""
    page = page.filter(_is_no_drawing)
    found = page.find_tables({"explicit_horizontal_lines": _open_ends(page)})
    return [table for table in found if len(table.cells) > 1 and _width(table) > 1]


def _is_no_drawing(thing: dict[str, Any]) -> bool:
    """Say whether the thing can rule a table; the sides of a check box do not."""
    if thing["object_type"] not in {"rect", "curve", "line"}:
        return True
    return not (2 < thing["width"] <= 18 and 2 < thing["height"] <= 18)


def _width(table: Any) -> int:
    return max(len(row.cells) for row in table.rows)


def _open_ends(page: Any) -> list[float]:
    """Return where at least three verticals begin or end together and no ruling closes them."""
    ends: dict[int, set[int]] = defaultdict(set)
    heights: dict[int, float] = {}
    horizontals = [
        edge["top"]
        for edge in page.edges
        if edge["orientation"] == "h" and edge["x1"] - edge["x0"] > 10
    ]
    for edge in page.edges:
        if edge["orientation"] != "v" or edge["bottom"] - edge["top"] < 6:
            continue
        for height in (edge["top"], edge["bottom"]):
            if not any(abs(height - ruled) <= _NEAR for ruled in horizontals):
                ends[round(height / _NEAR)].add(round(edge["x0"] / _NEAR))
                heights[round(height / _NEAR)] = height
    return [heights[place] for place, columns in ends.items() if len(columns) >= 3]


def grids(table: Any) -> list[list[list[Box | None]]]:
    """Return the tables that the rulings hold, each as rows of boxes by column.

    Tables that touch are parted where neither row's rulings are among the other's; a merged cell
    only leaves rulings out. A place without a box of its own is None.
    """
    groups: list[list[list[Box]]] = []
    for row in table.rows:
        boxes = [box for box in row.cells if box is not None]
        if groups and _shares_rulings(groups[-1], boxes):
            groups[-1].append(boxes)
        elif boxes:
            groups.append([boxes])
    return [_grid(group) for group in groups]


def _shares_rulings(group: Sequence[Sequence[Box]], boxes: Sequence[Box]) -> bool:
    if len(boxes) < 2:
        return True
    finest = max(group, key=len)
    ours, theirs = _rulings(boxes), _rulings(finest)
    return ours <= theirs or theirs <= ours


def _rulings(boxes: Sequence[Box]) -> set[int]:
    return {round(side / (2 * _NEAR)) for box in boxes for side in (box[0], box[2])}


def _grid(group: Sequence[Sequence[Box]]) -> list[list[Box | None]]:
    columns = max(group, key=len)
    return [_by_column(row, columns) for row in group]


def _by_column(row: Sequence[Box | None], columns: Sequence[Box]) -> list[Box | None]:
    placed: list[Box | None] = [None] * len(columns)
    for box in row:
        if box is None:
            continue
        overlaps = [min(box[2], column[2]) - max(box[0], column[0]) for column in columns]
        free = [place for place in range(len(columns)) if placed[place] is None]
        if free:
            placed[max(free, key=lambda place: (round(overlaps[place]), -place))] = box
    return placed


def drawn_boxes(page: Any) -> list[tuple[Box, str]]:
    """Return small drawings that can be check boxes, each with the mark it stands for."""
    drawn: list[tuple[Box, str]] = []
    for shape in [*page.rects, *page.curves, *page.lines]:
        width, height = shape["width"], shape["height"]
        if 3 <= width <= 18 and 3 <= height <= 18:
            mark = typography.CHECKED if _is_mark(shape) else typography.UNCHECKED
            drawn.append(((shape["x0"], shape["top"], shape["x1"], shape["bottom"]), mark))
    return drawn


def drawn_bullets(page: Any) -> list[dict[str, Any]]:
    """Return list marks that are drawn, not typed, as words that stand before their line."""
    dots = []
    for shape in [*page.curves, *page.rects]:
        round_enough = 1.5 <= shape["width"] <= 6 and abs(shape["width"] - shape["height"]) < 1
        if round_enough and _is_mark(shape):
            edges = {name: shape[name] for name in ("x0", "x1", "top", "bottom")}
            dots.append({"text": "•", "size": 0.0, "fontname": "bold", **edges})
    return dots


def _is_mark(shape: Any) -> bool:
    """A filled shape that is not white, or a slanting line, fills the box it stands in."""
    if shape["object_type"] == "line":
        return True
    return bool(shape.get("fill")) and not _is_light(shape.get("non_stroking_color"))


def _is_light(colour: Any) -> bool:
    values = [colour] if isinstance(colour, int | float) else list(colour or ())
    if not values or not all(isinstance(value, int | float) for value in values):
        return False
    if len(values) == 4:
        return sum(values) < 0.4
    return min(values) > 0.85


def mark_in(box: Box, drawn: Sequence[tuple[Box, str]]) -> str | None:
    """Return the mark drawn inside the cell, if any."""
    marks = [
        mark
        for (left, top, right, bottom), mark in drawn
        if box[0] <= (left + right) / 2 <= box[2] and box[1] <= (top + bottom) / 2 <= box[3]
    ]
    if not marks:
        return None
    return typography.CHECKED if typography.CHECKED in marks else typography.UNCHECKED
