"""One holder's line of the CPF file, and what the schema does not say of it (X-08).

The schema accepts an end before its start, a VAE without its way, any register: these are refused
here, in words, before a file is written.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from acquis.certification.cpf.policy.numbers import code_fault

VAE = "VAE"
SCORING = "PAR_SCORING"
_INSEE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_POSTCODE = re.compile(r"[0-9A-Za-z]{1,9}")
# What XML 1.0 cannot hold, and line ends, which would move the lines that a refusal names.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufffe\uffff]")
_LONGEST_NAME = 60
_LONGEST_SCORE = 255
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_BY_ROUTE = {"vae": VAE, "free": "CANDIDAT_LIBRE"}


@dataclass(frozen=True, slots=True)
class Holder:
    """The person as the certificate in force and the record both name them."""

    birth_name: str
    usual_name: str
    first_names: Sequence[str]  # up to three
    sex: str
    born: date | None
    city: str
    insee: str
    postcode: str
    country: str
    in_france: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What one `passageCertification` says; empty texts and None are not known."""

    technical_id: str
    register: str
    code: str
    is_block: bool
    obtained: str
    exam_from: date
    exam_to: date
    modality: str
    exam_postcode: str
    valid_from: date
    valid_to: date | None  # None: for good
    score: str
    mention: str
    access: str
    vae_way: str
    initiative: str
    enrolled_on: date | None
    holder: Holder


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a line from the file: `code` names the sentence, `value` is what was found."""

    code: str
    value: str = ""


def first_names(first: str, others: str) -> list[str]:
    """Up to three: commas separate the others, or spaces where there is no comma.

    >>> first_names("Zoé", "Anne-Marie, Lou Ann")
    ['Zoé', 'Anne-Marie', 'Lou Ann']
    """
    further = others.split(",") if "," in others else others.split()
    found = [name.strip() for name in (first, *further)]
    return [name for name in found if name][:3]


def country_code(insee: str) -> str:
    """The three last digits of a foreign code (99109 → 109); nothing for France."""
    return insee[2:] if insee.startswith("99") else ""


def access_of(route: str, training: str, own: str) -> str:
    """How the person came to the exam, in the schema's words: `own` wins over the route."""
    return own or _BY_ROUTE.get(route, training)


def validity_end(start: date, months: int | None) -> date | None:
    """The last day of a validity: the same day of a later month, the last where there is none."""
    if months is None:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def faults(entry: Entry) -> list[Fault]:
    """All that the schema would refuse or silently let through; empty: the line can be sent."""
    return [*_identity(entry.holder, entry.exam_from), *_terms(entry), *_dates(entry)]


def _identity(who: Holder, exam: date) -> Iterator[Fault]:
    yield from _name("birth_name", who.birth_name)
    yield from _name("first_name", who.first_names[0] if who.first_names else "")
    for name in (who.usual_name, *who.first_names[1:]):
        if name:
            yield from _name("other_name", name)
    if who.sex not in {"F", "M"}:
        yield Fault("sex", who.sex)
    if who.born is None:
        yield Fault("birth_date")
    elif who.born >= exam or not _FIRST_YEAR <= who.born.year <= _LAST_YEAR:
        yield Fault("birth_date_unlikely", who.born.isoformat())
    yield from _name("birth_city", who.city)
    yield from _name("birth_country", who.country)
    yield from _birth_place(who)


def _birth_place(who: Holder) -> Iterator[Fault]:
    """The INSEE code or the postcode, never both; 99… for those born abroad and only for them."""
    if who.insee and not _INSEE.fullmatch(who.insee):
        yield Fault("insee_malformed", who.insee)
    elif who.insee and who.in_france == who.insee.startswith("99"):
        yield Fault("insee_country", who.insee)
    if who.insee and who.postcode:
        yield Fault("insee_and_postcode", who.postcode)
    elif who.postcode and not who.in_france:
        yield Fault("postcode_abroad", who.postcode)
    elif who.postcode and not _POSTCODE.fullmatch(who.postcode):
        yield Fault("postcode_malformed", who.postcode)


def _name(code: str, text: str) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(code)
    elif len(text) > _LONGEST_NAME:
        yield Fault("too_long", text)
    elif _UNWRITABLE.search(text):
        yield Fault("unwritable", _UNWRITABLE.sub("�", text))


def _terms(entry: Entry) -> Iterator[Fault]:
    wrong = code_fault(entry.register, entry.code, block=entry.is_block)
    if wrong:
        yield Fault(wrong, entry.code or entry.register)
    if (entry.access == VAE) != bool(entry.vae_way):
        yield Fault("vae_way" if entry.access == VAE else "vae_way_without_vae", entry.vae_way)
    if (entry.obtained == SCORING) != bool(entry.score):
        yield Fault("score" if entry.obtained == SCORING else "score_unasked", entry.score)
    if len(entry.score) > _LONGEST_SCORE or _UNWRITABLE.search(entry.score):
        yield Fault("score_unwritable", _UNWRITABLE.sub("�", entry.score))
    if entry.exam_postcode and not _POSTCODE.fullmatch(entry.exam_postcode):
        yield Fault("exam_postcode", entry.exam_postcode)


def _dates(entry: Entry) -> Iterator[Fault]:
    if entry.exam_to < entry.exam_from:
        yield Fault("exam_ends_before", entry.exam_to.isoformat())
    if entry.valid_from < entry.exam_from:
        yield Fault("valid_before_exam", entry.valid_from.isoformat())
    if entry.valid_to is not None and entry.valid_to < entry.valid_from:
        yield Fault("validity_ends_before", entry.valid_to.isoformat())
    if entry.enrolled_on is not None and entry.enrolled_on > entry.exam_to:
        yield Fault("enrolled_after", entry.enrolled_on.isoformat())
