"""Lists as files: CSV and XLSX that a spreadsheet set to French opens, and that run nothing."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from itertools import chain
from typing import IO, Any

from acquis.kernel.files import SPREADSHEET

BYTE_ORDER_MARK = "\ufeff"  # spreadsheets read the file as UTF-8 only with it
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": SPREADSHEET}
MOST_ROWS = {"xlsx": 1_048_575}  # under the heads, in a sheet; a CSV has no end
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # that a workbook cannot hold
Row = Sequence[Any]


def harmless(cell: Any) -> Any:
    """The cell as text: a spreadsheet must not run what a customer wrote. Numbers stay numbers."""
    runs = isinstance(cell, str) and cell.startswith(_FORMULA_STARTS)
    return f"'{cell}" if runs else cell


def lines(heads: Row, rows: Iterable[Row]) -> Iterator[str]:
    """The table as CSV without its mark, one line after the other.

    Semicolons, as a comma is the decimal sign in French.
    """
    return map(_line, chain((heads,), rows))


def csv_lines(heads: Row, rows: Iterable[Row]) -> Iterator[str]:
    """The file, one line after the other, so that a long one need not be held whole."""
    return chain((BYTE_ORDER_MARK,), lines(heads, rows))


def csv_text(heads: Row, rows: Iterable[Row]) -> str:
    return "".join(csv_lines(heads, rows))


def write(out: IO[bytes], form: str, title: str, heads: Row, rows: Iterable[Row]) -> None:
    """Write the file, as `csv` or `xlsx`, whose sheet bears the title; never held whole in memory."""
    if form == "xlsx":
        _write_xlsx(out, title, heads, rows)
    else:
        out.writelines(line.encode() for line in csv_lines(heads, rows))


def written(form: str, title: str, heads: Row, rows: Iterable[Row]) -> bytes:
    """The file of a table that is short enough to be held."""
    out = BytesIO()
    write(out, form, title, heads, rows)
    return out.getvalue()


def _line(cells: Row) -> str:
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow(map(harmless, cells))
    return text.getvalue()


def _write_xlsx(out: IO[bytes], title: str, heads: Row, rows: Iterable[Row]) -> None:
    from openpyxl import Workbook  # noqa: PLC0415  heavy: only files need it

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in chain((heads,), rows):
        sheet.append([harmless(_plain(cell)) for cell in row])
    book.save(out)


def _plain(cell: Any) -> Any:
    return _CONTROLS.sub("", cell) if isinstance(cell, str) else cell
