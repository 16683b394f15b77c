"""Reading a list from the cells of its file; pure.

The first line names the columns, in French, accents and case free. Unknown columns are reported,
never half-read; a template of another time is refused whole.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TEMPLATE = re.compile(r"modele (\d+)")
_KEPT_FROM_RUNNING = re.compile(r"'(?=[=+\-@])")  # what our own exports write before a formula


class UnreadableListError(Exception):
    """The file as a whole says nothing; `code` names why, `detail` what."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class LineError:
    """One thing to correct: the line of the file (the heading is 1), the column, what and which."""

    line: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a list may hold.

    `columns`: the titles of each, the first is that of the template; `limits`: the most signs of
    those that are texts; `template`: the number in its last title, as another one had other columns.
    """

    columns: Mapping[str, Sequence[str]]
    required: Sequence[str]
    limits: Mapping[str, int]
    template: int = 1
    most_rows: int = 5000

    def heads(self) -> list[str]:
        """The titles of the template, the last of which says which template it is."""
        titles = [capital(names[0]) for names in self.columns.values()]
        return [*titles, f"Modèle {self.template}"]


Line = tuple[int, dict[str, str]]
BEYOND = "beyond"  # the first cell under no title


class HasLine(Protocol):
    line: int


Row = TypeVar("Row", bound=HasLine)


def folded(text: str) -> str:
    """Without accents, case or doubled spaces."""
    apostrophes = text.replace("’", "'")
    plain = unicodedata.normalize("NFKD", apostrophes).encode("ascii", "ignore").decode()
    return " ".join(plain.casefold().replace("_", " ").split())


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def read(
    lines: Iterable[tuple[int, Sequence[str]]], shape: Shape
) -> tuple[Iterator[Line], list[str]]:
    """The lines that say something, by column, and the titles that are not known.

    `lines` are numbered as in the file, the heads first. Raises UnreadableListError: `empty`,
    `old_template`, `columns_missing`; and while lines are taken `too_long` or `no_line`.
    """
    numbered = iter(lines)
    heading = next(numbered, None)
    if heading is None:
        raise UnreadableListError("empty")
    columns, ignored = _columns(heading[1], shape)
    return _filled(numbered, columns, shape.most_rows, len(heading[1])), ignored


def _filled(
    numbered: Iterator[tuple[int, Sequence[str]]], columns: Mapping[str, int], most: int, width: int
) -> Iterator[Line]:
    taken = 0
    for line, cells in numbered:
        if taken == most:
            raise UnreadableListError("too_long", str(most))
        values = {
            name: _said(cells[place]) if place < len(cells) else ""
            for name, place in columns.items()
        }
        if beyond := [one for one in cells[width:] if one.strip()]:
            values[BEYOND] = _said(beyond[0])
        if any(values.values()):
            taken += 1
            yield line, values
    if not taken:
        raise UnreadableListError("no_line")


def _said(cell: str) -> str:
    return _KEPT_FROM_RUNNING.sub("", " ".join(cell.split()), count=1)


def _columns(heading: Sequence[str], shape: Shape) -> tuple[dict[str, int], list[str]]:
    known = {folded(name): key for key, names in shape.columns.items() for name in names}
    columns: dict[str, int] = {}
    ignored = []
    for place, title in enumerate(heading):
        key = known.get(folded(title))
        template = _TEMPLATE.fullmatch(folded(title))
        if template:
            if int(template[1]) != shape.template:
                raise UnreadableListError("old_template", template[1])
        elif key is not None and key not in columns:
            columns[key] = place
        elif title.strip():
            ignored.append(title.strip())
    missing = [shape.columns[name][0] for name in shape.required if name not in columns]
    if missing:
        raise UnreadableListError("columns_missing", ", ".join(missing))
    return columns, ignored


def text_errors(line: int, values: Mapping[str, str], shape: Shape) -> Iterator[LineError]:
    """What is missing or too long, and an `email` that is no address."""
    for name in shape.required:
        if not values.get(name):
            yield LineError(line, name, "missing")
    for name, limit in shape.limits.items():
        if len(values.get(name, "")) > limit:
            yield LineError(line, name, "too_long", values[name])
    if values.get(BEYOND):  # as where a separator stands in a cell without quotes
        yield LineError(line, BEYOND, "beyond", values[BEYOND])
    email = values.get("email", "")
    if email and not EMAIL.fullmatch(email):
        yield LineError(line, "email", "email", email)


def good(rows: Sequence[Row], errors: Iterable[LineError]) -> list[Row]:
    """The lines without an error."""
    wrong = {error.line for error in errors}
    return [row for row in rows if row.line not in wrong]


def day(text: str) -> date | None:
    """A day as 31/12/1998, 31.12.1998, 31-12-1998 or 1998-12-31; None for anything else."""
    french = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        return date(int(iso[1]), int(iso[2]), int(iso[3])) if iso else None
    except ValueError:
        return None
