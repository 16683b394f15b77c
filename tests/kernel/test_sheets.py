"""Lists as files that a spreadsheet opens and does not run."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from tempfile import TemporaryFile

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
