"""Lists as files: CSV, XLSX and ODS that a spreadsheet set to French opens, and that run nothing.

What people bring is read with `table`, whatever the form; what they take away is written with `write`.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import chain
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import BadZipFile, ZipFile

from acquis.kernel.files import OPEN_SPREADSHEET, SPREADSHEET, media_type_of

BYTE_ORDER_MARK = "\ufeff"  # spreadsheets read the file as UTF-8 only with it
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": SPREADSHEET, "ods": OPEN_SPREADSHEET}
READ_TYPES = frozenset({"text/csv", "text/plain", SPREADSHEET, OPEN_SPREADSHEET})
MOST_ROWS = {"xlsx": 1_048_575, "ods": 1_048_575}  # under the heads, in a sheet; a CSV has no end
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # that a workbook cannot hold
Line = Sequence[Any]


def harmless(cell: Any) -> Any:
    """The cell as text: a spreadsheet must not run what a customer wrote. Numbers stay numbers."""
    runs = isinstance(cell, str) and cell.startswith(_FORMULA_STARTS)
    return f"'{cell}" if runs else cell


def lines(heads: Line, rows: Iterable[Line]) -> Iterator[str]:
    """The table as CSV without its mark, one line after the other.

    Semicolons, as a comma is the decimal sign in French.
    """
    return map(_line, chain((heads,), rows))


def csv_lines(heads: Line, rows: Iterable[Line]) -> Iterator[str]:
    """The file, one line after the other, so that a long one need not be held whole."""
    return chain((BYTE_ORDER_MARK,), lines(heads, rows))


def csv_text(heads: Line, rows: Iterable[Line]) -> str:
    return "".join(csv_lines(heads, rows))


def write(out: IO[bytes], form: str, title: str, heads: Line, rows: Iterable[Line]) -> None:
    """Write the file, whose sheet bears the title; never held whole in memory but as `ods`."""
    if form == "xlsx":
        _write_xlsx(out, title, heads, rows)
    elif form == "ods":
        _write_ods(out, title, heads, rows)
    else:
        out.writelines(line.encode() for line in csv_lines(heads, rows))


def written(form: str, title: str, heads: Line, rows: Iterable[Line]) -> bytes:
    """The file of a table that is short enough to be held."""
    out = BytesIO()
    write(out, form, title, heads, rows)
    return out.getvalue()


def _line(cells: Line) -> str:
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow(map(harmless, cells))
    return text.getvalue()


def _write_xlsx(out: IO[bytes], title: str, heads: Line, rows: Iterable[Line]) -> None:
    from openpyxl import Workbook  # noqa: PLC0415  heavy: only files need it

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in chain((heads,), rows):
        sheet.append([harmless(_plain(cell)) for cell in row])
    book.save(out)


def _write_ods(out: IO[bytes], title: str, heads: Line, rows: Iterable[Line]) -> None:
    """The content is written as text into the library's empty workbook.

    Grafting elements into its tree takes a time that grows as the square of their number: 5,000
    rows of 20 columns took more than a minute.
    """
    from odfdo import Document  # noqa: PLC0415  heavy: only files need it

    book = Document("spreadsheet")
    parts: Any = book.container
    before, after = _around_sheets(parts.get_part("content.xml"))
    lines = "".join(
        f"<table:table-row>{_ods_cells(row)}</table:table-row>" for row in chain((heads,), rows)
    )
    sheet = f"<table:table table:name={quoteattr(title)}>{lines}</table:table>"
    parts.set_part("content.xml", before + sheet.encode() + after)
    whole = BytesIO()
    book.save(whole)
    out.write(whole.getvalue())


def _around_sheets(content: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the sheets of an empty workbook."""
    opened = re.search(rb"<office:spreadsheet\b[^>]*>", content)
    end = content.rfind(b"</office:spreadsheet>")
    if opened is None or end < 0:  # another version of the library
        raise ValueError("the empty workbook has no place for sheets")
    return content[: opened.end()], content[end:]


def _ods_cells(row: Line) -> str:
    return "".join(_ods_cell(_plain(cell)) for cell in row)


def _ods_cell(cell: Any) -> str:
    """Numbers stay numbers; the rest is text, which a spreadsheet does not run."""
    if cell is None or cell == "":
        return "<table:table-cell/>"
    text = f"<text:p>{escape(str(cell))}</text:p>"
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        kind = f'office:value-type="float" office:value="{cell}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}>{text}</table:table-cell>"


def _plain(cell: Any) -> Any:
    return _CONTROLS.sub("", cell) if isinstance(cell, str) else cell


class TableUnreadableError(Exception):
    """What was brought is no table; `code` is `empty`, `binary`, `workbook` or `texts`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


MOST_TEXTS = 100 * 1024 * 1024  # bytes of one part of a workbook once unpacked, read at once
MOST_COLUMNS = 120
LONGEST_CELL = 20_000  # characters
# XML that breaks off is a SyntaxError of both parsers.
_BROKEN = (BadZipFile, KeyError, ValueError, IndexError, OSError, SyntaxError)
_DAY_END = " 00:00:00"
_SEPARATORS = ";\t,|"

Numbered = tuple[int, list[str]]


def table(content: bytes) -> Iterator[Numbered]:
    """Each line that holds something as texts, with its number in the file; the heads come first.

    The first sheet of a workbook; dates are read as `1998-12-31`, whole numbers without decimals.
    Raises TableUnreadableError, at the latest when the last line is asked.
    """
    readers = {SPREADSHEET: _read_xlsx, OPEN_SPREADSHEET: _read_ods}
    kind = media_type_of(content)
    if not content.strip():
        raise TableUnreadableError("empty")
    if kind in readers:
        return _filled(readers[kind](content))
    if kind != "text/plain" and b"\0" in content:
        raise TableUnreadableError("binary")
    return _filled(_read_csv(content))


def _read_csv(content: bytes) -> Iterator[Numbered]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=first.count))
    try:
        for row in reader:
            yield reader.line_num, [_text(cell) for cell in row[:MOST_COLUMNS]]
    except csv.Error as fault:
        raise TableUnreadableError("binary") from fault


def _read_xlsx(content: bytes) -> Iterator[Numbered]:
    import openpyxl  # noqa: PLC0415  heavy: only files need it

    try:
        _refuse_too_large(content)
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS)
        for number, row in enumerate(rows, start=1):
            yield number, _trimmed([_text(cell) for cell in row])
    except _BROKEN as fault:
        raise TableUnreadableError("workbook") from fault


def _read_ods(content: bytes) -> Iterator[Numbered]:
    from odfdo import Document  # noqa: PLC0415  heavy: only files need it
    from odfdo.security import SecurityError  # noqa: PLC0415

    try:
        _refuse_too_large(content)
        sheet = Document(BytesIO(content)).body.get_tables()[0]
        sheet.rstrip(aggressive=True)  # spreadsheets write a million empty lines as one
        for number, row in enumerate(sheet.iter_values(), start=1):
            yield number, [_text(cell) for cell in row[:MOST_COLUMNS]]
    except _BROKEN as fault:
        raise TableUnreadableError("workbook") from fault
    except SecurityError as fault:  # a bomb
        raise TableUnreadableError("texts") from fault


def _refuse_too_large(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as archive:
        if any(part.file_size > MOST_TEXTS for part in archive.infolist()):
            raise TableUnreadableError("texts")


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float | Decimal) and cell == int(cell):
        return str(int(cell))  # a telephone or a code that a workbook took for a number
    return str(cell)[:LONGEST_CELL].removesuffix(_DAY_END)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _filled(rows: Iterable[Numbered]) -> Iterator[Numbered]:
    return ((number, row) for number, row in rows if any(cell.strip() for cell in row))
