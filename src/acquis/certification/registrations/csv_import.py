"""Reading a list of candidates: any delimiter, UTF-8 or Windows, all errors at once by line; pure.

The first line names the columns, in French, accents and case free. Unknown columns are reported,
never half-read.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from acquis.certification.registrations import policy

COLUMNS: Mapping[str, Sequence[str]] = {
    "birth_name": ("nom de naissance", "nom"),
    "usual_name": ("nom d’usage", "nom usuel", "nom d usage"),
    "first_name": ("prenom", "premier prenom"),
    "other_first_names": ("autres prenoms",),
    "sex": ("sexe", "genre"),
    "birth_date": ("date de naissance", "ne le", "nee le", "ne(e) le"),
    "birth_city": ("commune de naissance", "ville de naissance", "lieu de naissance"),
    "birth_insee_code": ("code insee de naissance", "code insee", "insee"),
    "birth_country": ("pays de naissance", "pays"),
    "email": ("adresse electronique", "courriel", "email", "e-mail", "mail"),
    "phone": ("telephone", "tel", "portable"),
}
REQUIRED = ("birth_name", "first_name", "email")
LIMITS = {
    "birth_name": 60,
    "usual_name": 60,
    "first_name": 60,
    "other_first_names": 120,
    "birth_city": 60,
    "birth_country": 60,
    "email": 254,
    "phone": 20,
}
MAX_ROWS = 5000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SEX = {"f": "F", "feminin": "F", "femme": "F", "mme": "F", "madame": "F",
        "m": "M", "masculin": "M", "homme": "M", "h": "M", "monsieur": "M"}  # fmt: skip


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


@dataclass(slots=True)
class Row:
    """One candidate as the line says."""

    line: int
    birth_name: str = ""
    usual_name: str = ""
    first_name: str = ""
    other_first_names: str = ""
    sex: str = ""
    birth_date: date | None = None
    birth_city: str = ""
    birth_insee_code: str = ""
    birth_country: str = "France"
    email: str = ""
    phone: str = ""

    @property
    def identity(self) -> tuple[str, str, date | None]:
        return (folded(self.birth_name), folded(self.first_name), self.birth_date)


@dataclass(slots=True)
class CandidateList:
    rows: list[Row] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)


def folded(text: str) -> str:
    """Without accents, case or doubled spaces."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.casefold().replace("_", " ").split())


def read_candidates(content: bytes, on: date) -> CandidateList:
    """Read the whole list; `on` is today, against which birth dates are likely or not.

    Raises UnreadableListError when there is no heading to read the lines by.
    """
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), _delimiter(text))
    heading = next(reader, None)
    if heading is None:
        raise UnreadableListError("empty")
    columns, ignored = _columns(heading)
    found = CandidateList(ignored_columns=ignored)
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(found.rows) == MAX_ROWS:
            raise UnreadableListError("too_long", str(MAX_ROWS))
        line = reader.line_num
        values = {
            name: " ".join(cells[place].split()) if place < len(cells) else ""
            for name, place in columns.items()
        }
        row, errors = _row(line, values, on)
        found.rows.append(row)
        found.errors += errors
    if not found.rows:
        raise UnreadableListError("no_line")
    found.errors += _duplicates(found.rows)
    found.errors.sort(key=lambda error: error.line)
    return found


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise UnreadableListError("binary")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


class _Dialect(csv.excel):
    pass


def _delimiter(text: str) -> type[csv.Dialect]:
    """The separator that cuts the heading most: French spreadsheets write « ; »."""
    first = text.split("\n", 1)[0]
    best = max(";\t,|", key=first.count)
    return type("_Sniffed", (_Dialect,), {"delimiter": best})


def _columns(heading: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    known = {name: key for key, names in COLUMNS.items() for name in names}
    columns: dict[str, int] = {}
    ignored = []
    for place, title in enumerate(heading):
        key = known.get(folded(title).replace("'", "’"))
        if key is not None and key not in columns:
            columns[key] = place
        elif title.strip():
            ignored.append(title.strip())
    missing = [COLUMNS[name][0] for name in REQUIRED if name not in columns]
    if missing:
        raise UnreadableListError("columns_missing", ", ".join(missing))
    return columns, ignored


def _row(line: int, values: dict[str, str], on: date) -> tuple[Row, list[LineError]]:
    errors = [LineError(line, name, "missing") for name in REQUIRED if not values.get(name)]
    errors += [
        LineError(line, name, "too_long", values[name])
        for name, limit in LIMITS.items()
        if len(values.get(name, "")) > limit
    ]
    row = Row(line)
    for name in LIMITS:
        if values.get(name):
            setattr(row, name, values[name])
    if row.email and not _EMAIL.fullmatch(row.email):
        errors.append(LineError(line, "email", "email", row.email))
    sex = values.get("sex", "")
    row.sex = _SEX.get(folded(sex).rstrip("."), "")
    if sex and not row.sex:
        errors.append(LineError(line, "sex", "sex", sex))
    born = values.get("birth_date", "")
    row.birth_date = _date(born)
    if born and row.birth_date is None:
        errors.append(LineError(line, "birth_date", "date", born))
    elif row.birth_date and not policy.birth_date_is_likely(row.birth_date, on):
        errors.append(LineError(line, "birth_date", "unlikely_date", born))
    row.birth_insee_code = values.get("birth_insee_code", "").upper()
    fault = policy.insee_fault(row.birth_insee_code, row.birth_country)
    if fault:
        errors.append(LineError(line, "birth_insee_code", f"insee_{fault}", row.birth_insee_code))
    return row, errors


def _date(text: str) -> date | None:
    french = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        return date(int(iso[1]), int(iso[2]), int(iso[3])) if iso else None
    except ValueError:
        return None


def _duplicates(rows: Sequence[Row]) -> Iterator[LineError]:
    """The same person twice in the file: the second line is told of the first."""
    first: dict[tuple[str, str, date | None], int] = {}
    for row in rows:
        if row.identity in first:
            yield LineError(row.line, "birth_name", "twice", str(first[row.identity]))
        else:
            first[row.identity] = row.line
