"""Lists as files that a spreadsheet opens and does not run."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files import File
from openpyxl import load_workbook

from acquis.kernel import files, sheets


class Pieces(File):  # type: ignore[type-arg]
    """A file that is never read whole."""

    def read(self, size: int) -> bytes:
        assert self.file is not None
        return bytes(self.file.read(size))


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-1", "@x", "\tx", "\rx", "\nx"])
def test_a_cell_runs_nothing(cell: str) -> None:
    assert sheets.harmless(cell) == f"'{cell}"
    assert sheets.harmless(f"a{cell}") == f"a{cell}"


def test_a_number_stays_a_number() -> None:
    assert sheets.harmless(-3) == -3
    assert sheets.csv_text(["Écart"], [(-3,)]) == "\ufeffÉcart\r\n-3\r\n"


def test_a_line_is_written_when_it_is_asked_for() -> None:
    def rows() -> object:
        yield ("=1+1", "a;b")
        raise AssertionError

    lines = sheets.csv_lines(["Nom", "Note"], rows())  # type: ignore[arg-type]
    assert [next(lines) for _each in range(3)] == [
        "\ufeff",
        "Nom;Note\r\n",
        '\'=1+1;"a;b"\r\n',
    ]


def test_a_file_is_written_line_by_line_and_kept_without_being_held(
    db: None, now: datetime
) -> None:
    read: list[int] = []

    def rows() -> Iterator[list[str]]:
        for rank in range(3):
            yield [f"Lefèvre {rank}"]
            read.append(out.tell())

    with TemporaryFile() as out:
        sheets.write(out, "csv", "Clients", ["Nom"], rows())
        kept, again = (
            files.store_file(Pieces(out, name="a.csv"), media_type="text/csv", by=None, at=now)
            for _each in range(2)
        )

    assert read == sorted(set(read)), "a row was read before the one before it was written"
    assert kept == again
    assert files.read(kept).decode() == sheets.csv_text(
        ["Nom"], [[f"Lefèvre {rank}"] for rank in range(3)]
    )
    assert kept.size == len(files.read(kept))


def test_a_workbook_has_the_same_cells_without_what_it_cannot_hold() -> None:
    content = sheets.written("xlsx", "Clients", ["Nom"], [["=1+1"], ["a\x00b"], [2]])
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    assert sheet.title == "Clients"
    assert [cell.value for cell in sheet["A"]] == ["Nom", "'=1+1", "ab", 2]


BROUGHT = [["Le Goff", "01053", 3], ["=1+1", "Zoé", None]]


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_what_is_written_is_read_back_whatever_the_form(form: str) -> None:
    content = sheets.written(form, "Candidats", ["Nom", "Code", "Rang"], BROUGHT)
    heads, first, second = sheets.table(content)
    assert heads == (1, ["Nom", "Code", "Rang"])
    assert first == (2, ["Le Goff", "01053", "3"])
    assert second[1][0].lstrip("'") == "=1+1"  # text, in every form


def test_an_open_document_sheet_is_told_from_another_archive() -> None:
    content = sheets.written("ods", "Candidats", ["Nom"], [["Le Goff"]])
    assert files.media_type_of(content) == files.OPEN_SPREADSHEET


def rewritten(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The same sheet with another `content.xml`."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, change(part) if name == "content.xml" else part)
    return out.getvalue()


def test_the_million_empty_lines_of_a_spreadsheet_are_not_walked() -> None:
    empty = (
        b'<table:table-row table:number-rows-repeated="1048570">'
        b'<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = sheets.written("ods", "Candidats", ["Nom"], [["Le Goff"]])
    longer = rewritten(
        content, lambda xml: xml.replace(b"</table:table>", empty + b"</table:table>")
    )
    assert list(sheets.table(longer)) == [(1, ["Nom"]), (2, ["Le Goff"])]


def test_dates_and_numbers_of_a_workbook_are_read_as_texts() -> None:
    content = sheets.written("xlsx", "C", ["Né le", "Code"], [[date(1998, 12, 31), 44109.0]])
    assert list(sheets.table(content))[1] == (2, ["1998-12-31", "44109"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"a\0b", "binary"),
        (b"\x89PNG\r\n\x1a\n\0", "binary"),
    ],
)
def test_what_is_no_table_says_why(content: bytes, code: str) -> None:
    with pytest.raises(sheets.TableUnreadableError) as refused:
        list(sheets.table(content))
    assert refused.value.code == code


def test_a_broken_or_bloated_sheet_is_refused() -> None:
    content = sheets.written("ods", "Candidats", ["Nom"], [["Le Goff"]])
    with pytest.raises(sheets.TableUnreadableError, match="workbook"):
        list(sheets.table(rewritten(content, lambda xml: xml[:200])))
    with pytest.raises(sheets.TableUnreadableError, match="texts"):
        list(sheets.table(rewritten(content, lambda xml: xml + b" " * 5_000_000)))
