"""Lines of a file of customers, one at a time: CSV, workbook, vCard."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from acquis.desk.imports.errors import FileUnreadable, TooManyLines
from acquis.desk.imports.models import CustomerImport
from acquis.desk.imports.problems import PROBLEMS
from acquis.kernel import files

Source = CustomerImport.Source
MOST_LINES = 1_000_000
MOST_COLUMNS = 120
LONGEST_CELL = 20_000  # characters
MOST_TEXTS = 100 * 1024 * 1024  # bytes of the texts of a workbook, which are read at once
SAMPLE = 65_536  # bytes looked at to tell the encoding and the separator
SEPARATORS = (";", ",", "\t", "|")
# The first that reads the whole file without a fault is taken; cp1252 reads nearly everything.
ENCODINGS = ("utf-8-sig", "utf-16", "cp1252", "latin-1", "mac-roman")
VCARD_FIELDS = (
    "last_name", "first_name", "title", "company_name", "contact_function", "phone", "phone_alt",
    "other_phone", "email", "other_email", "address_1", "address_2", "postcode", "city", "country",
    "tags",
)  # fmt: skip
CARD_LINES = 400  # of one vCard: a longer one is no address book
DAY_END = " 00:00:00"

Line = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is written."""

    source: str
    encoding: str = ""
    separator: str = ""


def shape_of(stream: BinaryIO, *, media_type: str) -> Shape:
    """Tell the format, the encoding and the separator; the whole file is decoded once.

    Raises FileUnreadable.
    """
    if media_type.endswith("sheet"):
        return Shape(Source.XLSX)
    encoding = _encoding(stream)
    stream.seek(0)
    sample = stream.read(SAMPLE).decode(encoding, errors="replace")
    if sample.lstrip("\ufeff \r\n").upper().startswith("BEGIN:VCARD"):
        return Shape(Source.VCARD, encoding)
    return Shape(Source.CSV, encoding, _separator(sample))


def _encoding(stream: BinaryIO) -> str:
    stream.seek(0)
    start = stream.read(SAMPLE)
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if start.startswith(tuple(files.SIGNATURES)) or (b"\x00" in start and not wide):
        raise FileUnreadable(problem=PROBLEMS["encoding"])  # a picture, a PDF: no text at all
    for encoding in ENCODINGS:
        if encoding == "utf-16" and not wide:
            continue
        if _decodes(stream, encoding):
            return encoding
    raise FileUnreadable(problem=PROBLEMS["encoding"])


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := stream.read(1 << 20):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _separator(sample: str) -> str:
    """The one that cuts the first lines in the same number of cells, the most of them."""

    def likely(separator: str) -> tuple[int, int]:
        rows = [
            row for row in islice(csv.reader(io.StringIO(sample), delimiter=separator), 20) if row
        ]
        widths = [len(row) for row in rows[:-1] or rows]
        alike = sum(width == widths[0] for width in widths) if widths else 0
        return (alike if widths and widths[0] > 1 else 0, widths[0] if widths else 0)

    try:
        return max(SEPARATORS, key=likely)
    except csv.Error:
        return SEPARATORS[0]


def lines(stream: BinaryIO, shape: Shape) -> Iterator[Line]:
    """Each line that holds something, with its number in the file; the headers come first.

    Nothing is kept of the lines before. Raises FileUnreadable or TooManyLines.
    """
    readers = {Source.CSV: _csv, Source.XLSX: _xlsx, Source.VCARD: _vcards}
    stream.seek(0)
    for count, line in enumerate(readers[Source(shape.source)](stream, shape)):
        if count > MOST_LINES:
            raise TooManyLines(limit=f"{MOST_LINES:,}".replace(",", "\u202f"))
        yield line


def _csv(stream: BinaryIO, shape: Shape) -> Iterator[Line]:
    text = io.TextIOWrapper(
        io.BufferedReader(_Left(stream)), encoding=shape.encoding, newline="", errors="strict"
    )
    try:
        yield from _filled(enumerate(csv.reader(text, delimiter=shape.separator), start=1))
    except csv.Error as fault:
        raise FileUnreadable(problem=PROBLEMS["csv"]) from fault
    except UnicodeError as fault:
        raise FileUnreadable(problem=PROBLEMS["encoding"]) from fault
    finally:
        text.detach()


def _xlsx(stream: BinaryIO, shape: Shape) -> Iterator[Line]:
    del shape
    import openpyxl  # noqa: PLC0415  heavy: only workbooks need it

    try:
        with ZipFile(stream) as archive:
            sizes = {part.filename: part.file_size for part in archive.infolist()}
        if sizes.get("xl/sharedStrings.xml", 0) > MOST_TEXTS:
            raise FileUnreadable(problem=PROBLEMS["texts"])
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
        yield from _filled(
            (number, [_cell(value) for value in row]) for number, row in enumerate(rows, start=1)
        )
    except (BadZipFile, KeyError, ValueError, IndexError, OSError) as fault:
        raise FileUnreadable(problem=PROBLEMS["workbook"]) from fault


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a telephone or a postcode that a workbook took for a number
    return str(value).removesuffix(DAY_END)


def _vcards(stream: BinaryIO, shape: Shape) -> Iterator[Line]:
    """One card is one line; the numbers are those of the cards, the headers being card 0."""
    yield 0, list(VCARD_FIELDS)
    text = io.TextIOWrapper(
        io.BufferedReader(_Left(stream)), encoding=shape.encoding, errors="strict"
    )
    try:
        for number, card in enumerate(_cards(text), start=1):
            yield number, _of_card(card)
    except UnicodeError as fault:
        raise FileUnreadable(problem=PROBLEMS["encoding"]) from fault
    finally:
        text.detach()


def _cards(text: Iterable[str]) -> Iterator[str]:
    card: list[str] = []
    for line in text:
        card.append(line)
        if len(card) > CARD_LINES:
            raise FileUnreadable(problem=PROBLEMS["vcard"])
        if line.strip().upper() == "END:VCARD":
            yield "".join(card)
            card = []


def _of_card(text: str) -> list[str]:
    import vobject  # noqa: PLC0415  heavy: only address books need it

    try:
        card = vobject.readOne(text, ignoreUnreadable=True)
    except (vobject.base.ParseError, StopIteration, ValueError) as fault:
        raise FileUnreadable(problem=PROBLEMS["vcard"]) from fault
    name = getattr(getattr(card, "n", None), "value", None)
    whole = str(getattr(getattr(card, "fn", None), "value", ""))
    place = getattr(getattr(card, "adr", None), "value", None)
    company = " ".join(getattr(getattr(card, "org", None), "value", []) or [])
    phones = [str(one.value) for one in getattr(card, "tel_list", [])]
    emails = [str(one.value) for one in getattr(card, "email_list", [])]
    values = {
        "last_name": _said(name, "family") or ("" if company else whole),
        "first_name": _said(name, "given"),
        "title": _said(name, "prefix"),
        "company_name": company,
        "contact_function": str(getattr(getattr(card, "title", None), "value", "")),
        "address_1": _said(place, "street"),
        "address_2": _said(place, "extended"),
        "postcode": _said(place, "code"),
        "city": _said(place, "city"),
        "country": _said(place, "country"),
        "tags": ",".join(getattr(getattr(card, "categories", None), "value", []) or []),
    }
    values |= dict(zip(("phone", "phone_alt", "other_phone"), phones, strict=False))
    values |= dict(zip(("email", "other_email"), emails, strict=False))
    return [values.get(field, "")[:LONGEST_CELL] for field in VCARD_FIELDS]


def _said(parts: Any, name: str) -> str:
    value = getattr(parts, name, "") if parts is not None else ""
    return " ".join(value) if isinstance(value, list) else str(value or "")


def _filled(rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[Line]:
    for number, row in rows:
        if any(cell.strip() for cell in row):
            yield number, [cell[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]]


class _Left(io.RawIOBase):
    """Reads of a stream that stays open when the text around it is done."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self.stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self.stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
