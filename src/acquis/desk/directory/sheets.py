"""Lists as files: CSV and XLSX that a spreadsheet set to French opens, and that run nothing."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from acquis.desk.directory.policy.listing import harmless
from acquis.kernel.files import SPREADSHEET

BYTE_ORDER_MARK = "\ufeff"  # spreadsheets read the file as UTF-8 only with it
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": SPREADSHEET}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # that a workbook cannot hold


def written(form: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The file, as `csv` or `xlsx`; rows are read one at a time."""
    return (_xlsx if form == "xlsx" else _csv)(heads, rows)


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    page = StringIO()
    page.write(BYTE_ORDER_MARK)
    writer = csv.writer(page, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(harmless, heads))
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return page.getvalue().encode()


def _xlsx(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415  heavy: only files need it

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Clients")
    sheet.freeze_panes = "A2"
    sheet.append([harmless(head) for head in heads])
    for row in rows:
        sheet.append([harmless(_CONTROLS.sub("", cell)) for cell in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()
