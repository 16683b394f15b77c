"""Reading a list of candidates from the cells of its file: all errors at once by line; pure.

The first line names the columns, in French, accents and case free. Unknown columns are reported,
never half-read; a template of another time is refused whole.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from acquis.certification.registrations import policy

COLUMNS: Mapping[str, Sequence[str]] = {
    "birth_name": ("nom de naissance", "nom"),
    "usual_name": ("nom d’usage", "nom usuel", "nom d usage"),
    "first_name": ("prénom", "premier prénom"),
    "other_first_names": ("autres prénoms",),
    "sex": ("sexe", "genre"),
    "birth_date": ("date de naissance", "né le", "née le", "né(e) le"),
    "birth_city": ("commune de naissance", "ville de naissance", "lieu de naissance"),
    "birth_insee_code": ("code INSEE de naissance", "code INSEE", "INSEE"),
    "birth_postcode": ("code postal de naissance",),
    "birth_country": ("pays de naissance", "pays"),
    "email": ("adresse électronique", "courriel", "email", "e-mail", "mail"),
    "phone": ("téléphone", "tél", "portable"),
    "exam": ("certification", "code de la certification", "titre visé"),
    "block": ("bloc", "CCP", "bloc ou CCP"),
    "route": ("voie d’accès", "voie", "parcours"),
    "accommodation": ("aménagement", "nature de l’aménagement"),
    "extra": ("temps en plus", "temps majoré"),
    "break_minutes": ("minutes de pause par heure", "pauses"),
    "decision_by": ("décision de", "décision prise par"),
    "decision_date": ("décision du", "date de la décision"),
}
"""The titles of each column: the first is that of the template."""
REQUIRED = ("birth_name", "first_name", "email")
LIMITS = {
    "birth_name": 60,
    "usual_name": 60,
    "first_name": 60,
    "other_first_names": 120,
    "birth_city": 60,
    "birth_postcode": 5,
    "birth_country": 60,
    "email": 254,
    "phone": 20,
    "decision_by": 120,
}
TEMPLATE = 2
"""The number of the template in its last title: another one had other columns."""
MAX_ROWS = 5000
_TEMPLATE = re.compile(r"modele (\d+)")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SEX = {"f": "F", "feminin": "F", "femme": "F", "mme": "F", "madame": "F",
        "m": "M", "masculin": "M", "homme": "M", "h": "M", "monsieur": "M"}  # fmt: skip
_ROUTES = {"training": "training", "parcours de formation": "training", "formation": "training",
           "vae": "vae", "capitalisation": "capitalisation",
           "capitalisation de ccp": "capitalisation", "ccs": "ccs", "libre": "free",
           "candidat libre": "free"}  # fmt: skip
_KINDS = {"temps majore": "extra_time", "tiers temps": "extra_time", "tiers-temps": "extra_time",
          "pauses": "breaks", "pause": "breaks", "aide humaine": "human_aid",
          "aide technique": "technical_aid", "salle": "room", "salle ou poste adapte": "room",
          "geste professionnel adapte": "gesture"}  # fmt: skip


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
    birth_postcode: str = ""
    email: str = ""
    phone: str = ""
    version: int | None = None  # the edition of the certification to enrol for; None: nobody is
    block: str = ""
    route: str = "training"
    accommodation: str = ""
    extra: Fraction = Fraction(0)
    break_minutes: int = 0
    decision_by: str = ""
    decision_date: date | None = None

    @property
    def identity(self) -> tuple[str, str, date | None]:
        return (folded(self.birth_name), folded(self.first_name), self.birth_date)


@dataclass(frozen=True, slots=True)
class Exam:
    """What a line may name: an edition, its blocks by their folded codes, whether it is sat whole."""

    version: int
    blocks: Mapping[str, str]
    whole: bool


@dataclass(slots=True)
class CandidateList:
    rows: list[Row] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)

    @property
    def good(self) -> list[Row]:
        """The lines without an error."""
        wrong = {error.line for error in self.errors}
        return [row for row in self.rows if row.line not in wrong]


def folded(text: str) -> str:
    """Without accents, case or doubled spaces."""
    apostrophes = text.replace("’", "'")
    plain = unicodedata.normalize("NFKD", apostrophes).encode("ascii", "ignore").decode()
    return " ".join(plain.casefold().replace("_", " ").split())


def heads() -> list[str]:
    """The titles of the template, the last of which says which template it is."""
    return [capital(titles[0]) for titles in COLUMNS.values()] + [f"Modèle {TEMPLATE}"]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def read_candidates(
    lines: Iterable[tuple[int, Sequence[str]]], exams: Mapping[str, Exam], on: date
) -> CandidateList:
    """Read the whole list; `on` is today, against which birth dates are likely or not.

    `lines` are numbered as in the file, the heads first; `exams` are found by their folded names.
    Raises UnreadableListError when there is no heading to read the lines by.
    """
    numbered = iter(lines)
    heading = next(numbered, None)
    if heading is None:
        raise UnreadableListError("empty")
    columns, ignored = _columns(heading[1])
    found = CandidateList(ignored_columns=ignored)
    for line, cells in numbered:
        if len(found.rows) == MAX_ROWS:
            raise UnreadableListError("too_long", str(MAX_ROWS))
        values = {
            name: " ".join(cells[place].split()) if place < len(cells) else ""
            for name, place in columns.items()
        }
        if not any(values.values()):
            continue
        row, errors = _row(line, values, on)
        found.rows.append(row)
        found.errors += [*errors, *_enrolment(row, values, exams, on)]
    if not found.rows:
        raise UnreadableListError("no_line")
    found.errors += _duplicates(found.rows)
    found.errors.sort(key=lambda error: error.line)
    return found


def _columns(heading: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    known = {folded(name): key for key, names in COLUMNS.items() for name in names}
    columns: dict[str, int] = {}
    ignored = []
    for place, title in enumerate(heading):
        key = known.get(folded(title))
        template = _TEMPLATE.fullmatch(folded(title))
        if template:
            if int(template[1]) != TEMPLATE:
                raise UnreadableListError("old_template", template[1])
        elif key is not None and key not in columns:
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
    fault = policy.postcode_fault(row.birth_postcode, row.birth_insee_code, row.birth_country)
    if fault:
        errors.append(LineError(line, "birth_postcode", f"postcode_{fault}", row.birth_postcode))
    return row, errors


def _enrolment(
    row: Row, values: Mapping[str, str], exams: Mapping[str, Exam], on: date
) -> Iterator[LineError]:
    """What the line says of an enrolment and of its accommodation, written into the row."""
    exam, block = values.get("exam", ""), values.get("block", "")
    if not exam:
        if block:
            yield LineError(row.line, "exam", "missing")
        for name in ("accommodation", "extra", "break_minutes"):
            if values.get(name):
                yield LineError(row.line, name, "without_exam", values[name])
        return
    yield from _exam(row, exam, block, exams)
    route = values.get("route", "")
    row.route = _ROUTES.get(folded(route), "" if route else "training")
    if not row.route:
        yield LineError(row.line, "route", "route", route)
    yield from _accommodation(row, values, on)


def _exam(row: Row, name: str, block: str, exams: Mapping[str, Exam]) -> Iterator[LineError]:
    exam = exams.get(folded(name))
    if exam is None:
        yield LineError(row.line, "exam", "exam", name)
        return
    row.version = exam.version
    row.block = exam.blocks.get(folded(block), "")
    if block and not row.block:
        yield LineError(row.line, "block", "block", block)
    elif not block and not exam.whole:
        yield LineError(row.line, "block", "block_needed")


def _accommodation(row: Row, values: Mapping[str, str], on: date) -> Iterator[LineError]:
    named, extra = values.get("accommodation", ""), values.get("extra", "")
    breaks, decided = values.get("break_minutes", ""), values.get("decision_date", "")
    row.accommodation = _KINDS.get(folded(named), "extra_time" if extra and not named else "")
    if named and not row.accommodation:
        yield LineError(row.line, "accommodation", "accommodation", named)
    row.extra = policy.fraction_from(extra) or Fraction(0)
    if row.accommodation == "extra_time" and not row.extra:
        yield LineError(row.line, "extra", "extra", extra)
    row.break_minutes = int(breaks) if breaks.isdecimal() and int(breaks) <= policy.HOUR else 0
    if row.accommodation == "breaks" and not row.break_minutes:
        yield LineError(row.line, "break_minutes", "break_minutes", breaks)
    row.decision_date = _date(decided)
    if decided and row.decision_date is None:
        yield LineError(row.line, "decision_date", "date", decided)
    elif row.decision_date and row.decision_date > on:
        yield LineError(row.line, "decision_date", "future", decided)
    elif row.decision_date and not row.decision_by:
        yield LineError(row.line, "decision_by", "missing")


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
