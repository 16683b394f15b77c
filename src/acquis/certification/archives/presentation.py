"""Clocks, what is due and what was destroyed, as the pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min

from acquis.certification.archives import queries, terms
from acquis.certification.archives.models import Destruction
from acquis.certification.archives.policy import FROM_THE_MINUTES, Kind, is_over
from acquis.certification.archives.queries import Due
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.sittings.models import SittingFile


@dataclass(frozen=True, slots=True)
class Clock:
    """Until when a kind is kept, by which rule; no day while its clock has not started."""

    label: str
    until: date | None
    rule: str
    over: bool


@dataclass(frozen=True, slots=True)
class Row:
    due: Due
    label: str


@dataclass(frozen=True, slots=True)
class Record:
    record: Destruction
    label: str


def clocks(session: ExamSession, today: date) -> list[Clock]:
    return [_clock(kind, session, today) for kind in Kind]


def _clock(kind: Kind, session: ExamSession, today: date) -> Clock:
    term = terms.term(kind, on=today)
    until: date | None = None
    if kind in FROM_THE_MINUTES:
        start = queries.minutes_day(session)
        until = term.last_day(start) if start is not None else None
    elif kind == Kind.FILES:
        kept = SittingFile.objects.filter(sitting__candidate__session=session)
        until = kept.aggregate(first=Min("keep_until"))["first"]
    else:
        kept_packages = session.archives.filter(file__isnull=False)
        until = kept_packages.aggregate(first=Min("keep_until"))["first"]
    over = until is not None and is_over(until, today)
    return Clock(str(terms.LABELS[kind]), until, term.source, over)


def rules(today: date) -> list[tuple[str, int, str]]:
    """Label, months and source of each kind."""
    found = [(kind, terms.term(kind, on=today)) for kind in Kind]
    return [(str(terms.LABELS[kind]), term.months, term.source) for kind, term in found]


def due_rows(due: Iterable[Due]) -> list[Row]:
    return [Row(one, str(terms.LABELS[one.kind])) for one in due]


def records(found: Iterable[Destruction]) -> list[Record]:
    return [Record(one, str(terms.LABELS[Kind(one.kind)])) for one in found]
