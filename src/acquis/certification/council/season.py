"""What a certification's sessions of one year left behind, as arrays that the statistics read.

People are numbers here: nothing of what is read names anybody. `measuring` makes the figures.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from acquis.accounts.models import Organisation
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.awards.policy import results_due
from acquis.certification.council.models import QUESTIONS, SATISFIED, SurveyAnswer
from acquis.certification.cpf import policy as cpf
from acquis.certification.cpf.models import Passage
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, Summons
from acquis.certification.exam_sessions.policy import deadline_of
from acquis.certification.frameworks.models import Framework, FrameworkVersion
from acquis.certification.grading.models import CriterionDecision, Deliberation, Grid, Mark, Verdict
from acquis.certification.grading.policy import grid_lines
from acquis.certification.papers.models import Draw, SubjectOpening
from acquis.certification.registrations.models import Accommodation

PARIS = ZoneInfo("Europe/Paris")
UNMARKED = -1
_AT_ONCE = 1000  # grids or candidates whose marks are read together, by their keys
_MARKS = {Verdict.ACQUIRED.value: 1, Verdict.NOT_ACQUIRED.value: 0}


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion is its wording: two editions that say the same are one, a new wording is another."""

    code: str
    text: str


@dataclass(slots=True)
class Seats:
    """One line a candidate whose jury has decided, in parallel lists."""

    keys: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    sessions: list[int] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    accommodated: list[bool] = field(default_factory=list)


@dataclass(slots=True)
class Grids:
    """One line a closed grid: `marks[grid, criterion]` is 1, 0, or UNMARKED."""

    seats: npt.NDArray[np.int64]
    jurors: npt.NDArray[np.int64]  # keys of the register of jurors
    marks: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Promise:
    """How many were in time, among those that a day was promised to."""

    kept: int
    total: int


@dataclass(slots=True)
class Season:
    seats: Seats
    criteria: list[Criterion]
    grids: Grids
    decisions: npt.NDArray[np.float64]  # [seat, criterion]: 1, 0, NaN
    draws: list[tuple[int, str, str]] = field(default_factory=list)  # place of seat, kind, subject
    openings: dict[str, tuple[int, int]] = field(default_factory=dict)  # times, people
    delays: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # place of seat, days
    promises: dict[str, Promise] = field(default_factory=dict)
    answers: dict[str, tuple[int, int]] = field(default_factory=dict)  # satisfied, answered
    answered: int = 0


def bounds(year: int) -> tuple[datetime, datetime]:
    """From the first instant of the year in Paris to the first of the next."""
    return datetime(year, 1, 1, tzinfo=PARIS), datetime(year + 1, 1, 1, tzinfo=PARIS)


def sessions_of(organisation: Organisation, framework: Framework, year: int) -> Q:
    """Sessions of the year, by the day on which they began."""
    first, after = bounds(year)
    return Q(
        organisation=organisation,
        version__framework=framework,
        starts_at__gte=first,
        starts_at__lt=after,
    ) & ~Q(state=ExamSession.State.CANCELLED)


def years_of(organisation: Organisation) -> list[tuple[Framework, int, int]]:
    """Certification, year, candidates judged: what a pack can be made of, the latest year first."""
    rows = (
        Deliberation.objects.filter(
            candidate__session__organisation=organisation, closed_at__isnull=False
        )
        .values_list(
            "candidate__session__version__framework", "candidate__session__starts_at__year"
        )
        .annotate(judged=Count("pk"))
        .order_by("-candidate__session__starts_at__year", "candidate__session__version__framework")
    )
    found = list(rows)
    frameworks = Framework.objects.in_bulk({key for key, _year, _judged in found})
    return [(frameworks[key], year, judged) for key, year, judged in found]


def judged_in(
    organisation: Organisation, framework: Framework, year: int
) -> QuerySet[SessionCandidate]:
    """The candidates of a year whose jury has decided."""
    where = ExamSession.objects.filter(sessions_of(organisation, framework, year))
    return SessionCandidate.objects.filter(session__in=where, deliberation__closed_at__isnull=False)


def read(organisation: Organisation, framework: Framework, year: int, as_of: datetime) -> Season:
    """The season as it stood at `as_of`. A dozen queries, whatever the number of grids."""
    where = ExamSession.objects.filter(sessions_of(organisation, framework, year))
    judged = _judged(where, as_of)
    seats, places = _seats(judged)
    index = _Criteria(where)
    grids = _grids(judged, places, index, as_of)
    decisions = _decisions(places, index)
    season = Season(seats, index.found, grids, decisions)
    season.draws = [
        (places[seat], kind, reference)
        for seat, kind, reference in Draw.objects.filter(candidate__in=judged, drawn_at__lte=as_of)
        .order_by("pk")
        .values_list("candidate_id", "kind", "subject__reference")
    ]
    season.openings = _openings(where, as_of)
    _time(season, judged, places, as_of)
    season.answers, season.answered = _answers(organisation, framework, year)
    return season


def _judged(where: QuerySet[ExamSession], as_of: datetime) -> QuerySet[SessionCandidate]:
    return SessionCandidate.objects.filter(session__in=where, deliberation__closed_at__lte=as_of)


def _seats(judged: QuerySet[SessionCandidate]) -> tuple[Seats, dict[int, int]]:
    day = OuterRef("session__starts_at__date")
    arranged = Accommodation.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=OuterRef("session__starts_at")),
        enrolment=OuterRef("enrolment"),
        decision_date__lte=day,
    )
    rows = (
        judged.annotate(arranged=Exists(arranged))
        .order_by("pk")
        .values_list(
            "pk",
            "enrolment__candidate_id",
            "session_id",
            "enrolment__route",
            "deliberation__outcome",
            "arranged",
        )
    )
    columns = list(zip(*rows, strict=True)) or [()] * 6
    seats = Seats(*(list(column) for column in columns))
    return seats, {key: place for place, key in enumerate(seats.keys)}


class _Criteria:
    """The wordings of the year, and where each code of each session stands among them."""

    def __init__(self, where: QuerySet[ExamSession]) -> None:
        self.found: list[Criterion] = []
        self.by_session: dict[int, dict[str, int]] = {}
        place: dict[tuple[str, str], int] = {}
        scopes: dict[tuple[int, str], dict[str, int]] = {}
        sessions = list(where.order_by("pk").values_list("pk", "version_id", "block"))
        contents = dict(
            FrameworkVersion.objects.filter(pk__in={one[1] for one in sessions})
            .order_by("pk")
            .values_list("pk", "content")
        )
        for version, block in sorted({one[1:] for one in sessions}):
            mine = scopes[version, block] = {}
            for line in grid_lines(contents[version], block):
                wording = (line.criterion, line.text)
                if wording not in place:
                    place[wording] = len(self.found)
                    self.found.append(Criterion(*wording))
                mine[line.criterion] = place[wording]
        for pk, version, block in sessions:
            self.by_session[pk] = scopes[version, block]


def _grids(
    judged: QuerySet[SessionCandidate], places: dict[int, int], index: _Criteria, as_of: datetime
) -> Grids:
    closed = Grid.objects.filter(candidate__in=judged, closed_at__lte=as_of)
    rows = list(
        closed.order_by("pk").values_list(
            "pk", "candidate_id", "juror__juror_id", "candidate__session_id"
        )
    )
    lines = {row[0]: (line, index.by_session[row[3]]) for line, row in enumerate(rows)}
    marks = np.full((len(rows), len(index.found)), UNMARKED, dtype=np.int8)
    for keys in _together(lines):
        given = Mark.objects.filter(grid__in=keys, verdict__in=list(_MARKS)).order_by()
        for grid, code, verdict in given.values_list("grid_id", "criterion", "verdict"):
            line, columns = lines[grid]
            column = columns.get(code)
            if column is not None:
                marks[line, column] = _MARKS[verdict]
    return Grids(
        np.array([places[row[1]] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.int64),
        marks,
    )


def _together(keys: Iterable[int]) -> Iterator[list[int]]:
    """The keys by the thousand: a database without statistics would join all marks to all grids."""
    waiting = iter(keys)
    while chunk := list(islice(waiting, _AT_ONCE)):
        yield chunk


def _decisions(places: dict[int, int], index: _Criteria) -> npt.NDArray[np.float64]:
    found = np.full((len(places), len(index.found)), np.nan)
    for keys in _together(places):
        given = CriterionDecision.objects.filter(
            deliberation__candidate__in=keys, verdict__in=list(_MARKS)
        )
        rows = given.order_by().values_list(
            "deliberation__candidate_id",
            "deliberation__candidate__session_id",
            "criterion",
            "verdict",
        )
        for seat, session, code, verdict in rows:
            column = index.by_session[session].get(code)
            if column is not None:
                found[places[seat], column] = _MARKS[verdict]
    return found


def _openings(where: QuerySet[ExamSession], as_of: datetime) -> dict[str, tuple[int, int]]:
    """How often the drawn subjects were opened for these sessions, and by how many people."""
    rows = (
        SubjectOpening.objects.filter(draw__session__in=where, opened_at__lte=as_of)
        .values_list("subject__reference")
        .annotate(times=Count("pk"), people=Count("opened_by", distinct=True))
        .order_by("subject__reference")
    )
    return {reference: (times, people) for reference, times, people in rows}


def _day(at: datetime) -> int:
    return at.astimezone(PARIS).toordinal()


def _time(
    season: Season,
    judged: QuerySet[SessionCandidate],
    places: dict[int, int],
    as_of: datetime,
) -> None:
    """Days from one step to the next, a candidate each; and what was promised and kept."""
    steps = _steps(judged, as_of)
    rules = _rules(judged)
    delays: dict[str, list[tuple[int, int]]] = defaultdict(list)
    kept: dict[str, list[bool]] = defaultdict(list)
    for seat, dates in sorted(steps.items()):
        place, held = places[seat], dates["held"]
        for name, first, last in (
            ("summons", "summoned", "held"),
            ("deliberation", "held", "decided"),
            ("results", "decided", "told"),
            ("certificate", "held", "certified"),
            ("cpf", "certified", "deposited"),
        ):
            if first in dates and last in dates:
                delays[name].append((place, _day(dates[last]) - _day(dates[first])))
        content = rules[seat]
        summons = deadline_of(content.get("summons_before"), held.astimezone(PARIS).date())
        if "summoned" in dates and summons is not None:
            kept["summons"].append(_day(dates["summoned"]) <= summons.toordinal())
        results = results_due(content.get("results_within"), held.astimezone(PARIS).date())
        if results is not None:
            told = dates.get("told")
            if told is not None or results.toordinal() < _day(as_of):
                kept["results"].append(told is not None and _day(told) <= results.toordinal())
        if "deposited" in dates:
            due = cpf.due(dates["certified"].astimezone(PARIS).date())
            kept["cpf"].append(_day(dates["deposited"]) <= due.toordinal())
    season.delays = dict(delays)
    season.promises = {name: Promise(sum(all_), len(all_)) for name, all_ in kept.items()}


def _steps(judged: QuerySet[SessionCandidate], as_of: datetime) -> dict[int, dict[str, datetime]]:
    """By seat, the first time of each step; a step that has not come is not there."""
    steps: dict[int, dict[str, datetime]] = defaultdict(dict)

    def note(name: str, rows: Iterable[tuple[int, datetime | None]]) -> None:
        for seat, at in rows:
            if at is not None:
                steps[seat][name] = at

    note("held", judged.order_by("pk").values_list("pk", "session__starts_at"))
    note("decided", judged.order_by("pk").values_list("pk", "deliberation__closed_at"))
    note(
        "summoned",
        Summons.objects.filter(candidate__in=judged, sent_at__lte=as_of)
        .filter(session=F("candidate__session"))
        .values_list("candidate_id")
        .annotate(first=Min("sent_at"))
        .order_by(),
    )
    for name, kind in (
        ("told", IssuedDocument.Kind.RESULT_SHEET),
        ("certified", IssuedDocument.Kind.CERTIFICATE),
    ):
        issued = IssuedDocument.objects.filter(
            candidate__in=judged, kind=kind, corrects__isnull=True, issued_at__lte=as_of
        )
        note(name, issued.order_by("pk").values_list("candidate_id", "issued_at"))
    taken = Passage.objects.filter(
        seat__in=judged,
        state__in=[Passage.State.SENT, Passage.State.ACCEPTED],
        deposit__sent_at__lte=as_of,
    )
    note(
        "deposited",
        taken.values_list("seat_id").annotate(first=Min("deposit__sent_at")).order_by(),
    )
    for dates in steps.values():
        if "certified" not in dates:
            dates.pop("deposited", None)
    return steps


def _rules(judged: QuerySet[SessionCandidate]) -> dict[int, dict[str, str | None]]:
    """By seat, the rules of its edition."""
    pairs = list(judged.order_by("pk").values_list("pk", "session__version_id"))
    contents = dict(
        FrameworkVersion.objects.filter(pk__in={one[1] for one in pairs})
        .order_by("pk")
        .values_list("pk", "content")
    )
    return {seat: contents[version].get("rules", {}) for seat, version in pairs}


def _answers(
    organisation: Organisation, framework: Framework, year: int
) -> tuple[dict[str, tuple[int, int]], int]:
    counts = SurveyAnswer.objects.filter(
        organisation=organisation, framework=framework, year=year
    ).aggregate(
        total=Count("pk"),
        **{f"{name}_all": Count(name) for name in QUESTIONS},
        **{
            f"{name}_good": Count(name, filter=Q(**{f"{name}__gte": SATISFIED}))
            for name in QUESTIONS
        },
    )
    pairs = {name: (counts[f"{name}_good"], counts[f"{name}_all"]) for name in QUESTIONS}
    return {name: pair for name, pair in pairs.items() if pair[1]}, counts["total"]
