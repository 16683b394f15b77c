"""Whether an identity will pass the CPF file, and what a list of candidates says; pure (X-08).

The Caisse des dépôts matches people by birth name, first name, sex and birth date, then commune:
what is missing is asked at enrolment, from an identity document, and not found at export.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypedDict

_INSEE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_POSTCODE = re.compile(r"\d{5}")
_FRANCE = {"", "france"}
_YOUNGEST = 14  # years; below, the year of birth is a slip
_OLDEST = 100


class Identity(Protocol):
    @property
    def birth_name(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def sex(self) -> str: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def birth_city(self) -> str: ...
    @property
    def birth_insee_code(self) -> str: ...
    @property
    def birth_postcode(self) -> str: ...
    @property
    def birth_country(self) -> str: ...


class CandidateData(TypedDict):
    """What a person writes of a candidate; empty is not known yet."""

    birth_name: str
    usual_name: str
    first_name: str
    other_first_names: str
    sex: str
    birth_date: date | None
    birth_city: str
    birth_insee_code: str
    birth_postcode: str
    birth_country: str
    email: str
    phone: str


def is_france(country: str) -> bool:
    """Whether a country of birth, as people write it, is France; nothing written is France."""
    return country.strip().casefold() in _FRANCE


def missing_fields(person: Identity) -> list[str]:
    """Names of the fields without which the person cannot be in the CPF file, in form order.

    The commune is compulsory wherever one is born; so is the country, when it is not France.
    """
    names = ["birth_name", "first_name", "sex", "birth_date", "birth_city", "birth_country"]
    return [name for name in names if not getattr(person, name)]


def insee_fault(code: str, country: str) -> str:
    """`malformed`, `abroad` (99… expected), `home` (99… for France) or nothing."""
    if not code:
        return ""
    if not _INSEE.fullmatch(code):
        return "malformed"
    in_france = is_france(country)
    if in_france and code.startswith("99"):
        return "home"
    return "abroad" if not in_france and not code.startswith("99") else ""


def postcode_fault(postcode: str, insee: str, country: str) -> str:
    """`malformed`, `abroad` (none outside France), `twice` (the INSEE code says it) or nothing.

    The CPF file takes the INSEE code or, when it is unknown, the postcode; never both.
    """
    if not postcode:
        return ""
    if not is_france(country) or insee.startswith("99"):
        return "abroad"
    if not _POSTCODE.fullmatch(postcode):
        return "malformed"
    return "twice" if insee else ""


def birth_date_is_likely(born: date, on: date) -> bool:
    """Whether somebody born that day can sit an exam: a slip of the year is caught at entry."""
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return _YOUNGEST <= age <= _OLDEST


@dataclass(frozen=True, slots=True)
class Readiness:
    """« 12 prêts, 1 à compléter (commune de naissance) »: nobody is dropped in silence."""

    ready: int
    incomplete: int
    missing: Sequence[str]  # fields, the most often missing first


def readiness(people: Iterable[Identity]) -> Readiness:
    ready = incomplete = 0
    counts: Counter[str] = Counter()
    for person in people:
        missing = missing_fields(person)
        counts.update(missing)
        ready += not missing
        incomplete += bool(missing)
    return Readiness(ready, incomplete, [name for name, _count in counts.most_common()])
