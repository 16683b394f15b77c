"""Reading a list of candidates from the cells of its file: all errors at once by line; pure.

What a line of candidates means; how lists are read is common (`kernel.lists`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from acquis.certification.registrations import policy
from acquis.kernel.lists import reading as lists
from acquis.kernel.lists.reading import LineError, day, folded

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
SHAPE = lists.Shape(COLUMNS, REQUIRED, LIMITS, template=2)
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
        return lists.good(self.rows, self.errors)


def read_candidates(
    lines: Iterable[tuple[int, Sequence[str]]], exams: Mapping[str, Exam], on: date
) -> CandidateList:
    """Read the whole list; `on` is today, against which birth dates are likely or not.

    `lines` are numbered as in the file, the heads first; `exams` are found by their folded names.
    Raises UnreadableListError when there is no heading to read the lines by.
    """
    read, ignored = lists.read(lines, SHAPE)
    found = CandidateList(ignored_columns=ignored)
    for line, values in read:
        row, errors = _row(line, values, on)
        found.rows.append(row)
        found.errors += [*errors, *_enrolment(row, values, exams, on)]
    found.errors += _duplicates(found.rows)
    found.errors.sort(key=lambda error: error.line)
    return found


def _row(line: int, values: dict[str, str], on: date) -> tuple[Row, list[LineError]]:
    errors = [*lists.text_errors(line, values, SHAPE)]
    row = Row(line)
    for name in LIMITS:
        if values.get(name):
            setattr(row, name, values[name])
    sex = values.get("sex", "")
    row.sex = _SEX.get(folded(sex).rstrip("."), "")
    if sex and not row.sex:
        errors.append(LineError(line, "sex", "sex", sex))
    born = values.get("birth_date", "")
    row.birth_date = day(born)
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
    row.decision_date = day(decided)
    if decided and row.decision_date is None:
        yield LineError(row.line, "decision_date", "date", decided)
    elif row.decision_date and row.decision_date > on:
        yield LineError(row.line, "decision_date", "future", decided)
    elif row.decision_date and not row.decision_by:
        yield LineError(row.line, "decision_by", "missing")


def _duplicates(rows: Sequence[Row]) -> Iterator[LineError]:
    """The same person twice in the file: the second line is told of the first."""
    first: dict[tuple[str, str, date | None], int] = {}
    for row in rows:
        if row.identity in first:
            yield LineError(row.line, "birth_name", "twice", str(first[row.identity]))
        else:
            first[row.identity] = row.line
