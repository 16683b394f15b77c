"""Reading a list of jurors from the cells of its file: all errors at once by line; pure.

What bars a juror from sitting (X-03) is no error: the register holds them, and says it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from acquis.kernel.lists import reading as lists
from acquis.kernel.lists.reading import LineError, day, folded

COLUMNS: Mapping[str, Sequence[str]] = {
    "last_name": ("nom", "nom de famille"),
    "first_name": ("prénom",),
    "email": ("adresse électronique", "courriel", "email", "e-mail", "mail"),
    "phone": ("téléphone", "tél", "portable"),
    "employer": ("employeur", "entreprise"),
    "job_title": ("fonction", "poste"),
    "is_external": ("extérieur au centre", "extérieur", "externe"),
    "experience_years": ("années d’expérience", "expérience", "années d’expérience dans le métier"),
    "left_job_on": ("a quitté le métier le", "date de cessation", "métier quitté le"),
    "briefed_on": ("session d’information suivie le", "information", "informé le"),
    "briefing_hours": ("heures d’information", "durée de cette session (heures)"),
    "accredited_from": ("habilité du", "début de l’habilitation"),
    "accredited_to": ("habilité jusqu’au", "fin de l’habilitation", "habilité au"),
    "specialities": ("spécialités", "spécialité"),
    "represents": ("siège au titre de", "au titre de"),
    "employers": ("employeurs liés", "organisations liées"),
    "training_bodies": ("organismes de formation liés",),
}
REQUIRED = ("last_name", "first_name", "email", "experience_years")
LIMITS = {
    "last_name": 60,
    "first_name": 60,
    "email": 254,
    "phone": 20,
    "employer": 200,
    "job_title": 200,
    "represents": 120,
    "specialities": 500,
}
SHAPE = lists.Shape(COLUMNS, REQUIRED, LIMITS)
DAYS = ("left_job_on", "briefed_on", "accredited_from", "accredited_to")
LONGEST_ORGANISATION = 200
MOST_YEARS = 70  # of experience
MOST_HOURS = Decimal("99.9")  # of a briefing
_YES = {"oui", "o", "vrai", "true", "1", "x", "exterieur", "externe"}
_NO = {"non", "n", "faux", "false", "0", "interne", "du centre"}


@dataclass(slots=True)
class Row:
    """One juror as the line says; the links are with organisations, by their names."""

    line: int
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    phone: str = ""
    employer: str = ""
    job_title: str = ""
    is_external: bool = True
    experience_years: int = 0
    left_job_on: date | None = None
    briefed_on: date | None = None
    briefing_hours: Decimal | None = None
    accredited_from: date | None = None
    accredited_to: date | None = None
    represents: str = ""
    specialities: list[str] = field(default_factory=list)
    employers: list[str] = field(default_factory=list)
    training_bodies: list[str] = field(default_factory=list)


@dataclass(slots=True)
class JurorList:
    rows: list[Row] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)

    @property
    def good(self) -> list[Row]:
        """The lines without an error."""
        return lists.good(self.rows, self.errors)


def read_jurors(lines: Iterable[tuple[int, Sequence[str]]]) -> JurorList:
    """Read the whole list; raises UnreadableListError when there is nothing to read the lines by."""
    read, ignored = lists.read(lines, SHAPE)
    found = JurorList(ignored_columns=ignored)
    first: dict[str, int] = {}
    for line, values in read:
        row = Row(line)
        found.rows.append(row)
        found.errors += lists.text_errors(line, values, SHAPE)
        found.errors += _fill(row, values)
        if row.email in first:
            found.errors.append(LineError(line, "email", "twice", str(first[row.email])))
        elif row.email:
            first[row.email] = line
    return found


def _fill(row: Row, values: Mapping[str, str]) -> Iterator[LineError]:
    for name in ("last_name", "first_name", "phone", "employer", "job_title", "represents"):
        setattr(row, name, values.get(name, ""))
    row.email = values.get("email", "").lower()
    row.specialities = names_in(values.get("specialities", ""), ",;|")
    yield from _numbers(row, values)
    external = folded(values.get("is_external", ""))
    row.is_external = external not in _NO
    if external and external not in _YES | _NO:
        yield LineError(row.line, "is_external", "yes_or_no", values["is_external"])
    for name in DAYS:
        said = values.get(name, "")
        setattr(row, name, day(said))
        if said and getattr(row, name) is None:
            yield LineError(row.line, name, "date", said)
    if row.accredited_from and row.accredited_to and row.accredited_to < row.accredited_from:
        yield LineError(row.line, "accredited_to", "reversed", values["accredited_to"])
    for name in ("employers", "training_bodies"):
        organisations = names_in(values.get(name, ""), ";|")
        setattr(row, name, organisations)
        for one in organisations:
            if len(one) > LONGEST_ORGANISATION:
                yield LineError(row.line, name, "too_long", one)


def _numbers(row: Row, values: Mapping[str, str]) -> Iterator[LineError]:
    years = values.get("experience_years", "")
    if re.fullmatch(r"[0-9]{1,2}", years) and int(years) <= MOST_YEARS:
        row.experience_years = int(years)
    elif years:
        yield LineError(row.line, "experience_years", "years", years)
    hours = values.get("briefing_hours", "")
    row.briefing_hours = _hours(hours)
    if hours and row.briefing_hours is None:
        yield LineError(row.line, "briefing_hours", "hours", hours)


def _hours(text: str) -> Decimal | None:
    try:
        hours = Decimal(text.replace(",", ".")).quantize(Decimal("0.1"))
    except InvalidOperation:
        return None
    return hours if 0 <= hours <= MOST_HOURS else None


def names_in(text: str, separators: str) -> list[str]:
    """The names between separators, each once, in their order."""
    parts = re.split(f"[{re.escape(separators)}]", text)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))
