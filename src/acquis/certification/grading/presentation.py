"""Shapes of the marking and deliberation screens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, SessionJuror
from acquis.certification.grading import policy
from acquis.certification.grading.models import (
    CriterionDecision,
    Deliberation,
    Grid,
    Mark,
    Verdict,
)
from acquis.certification.grading.queries import with_progress
from acquis.certification.grading.units import (
    Unit,
    blocks_of,
    is_over_blocks,
    proposed_outcome,
    units_of,
)
from acquis.certification.registrations.models import Candidate, outcome_words
from acquis.kernel.errors import DomainRefusal


@dataclass(frozen=True, slots=True)
class Theme:
    title: str
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Group:
    """The criteria of one competency, in the framework's wording."""

    code: str
    statements: list[str]
    themes: list[Theme]


def groups(marks: Iterable[Mark]) -> list[Group]:
    return [
        Group(
            code,
            heading.split("\n"),
            [Theme(title, list(lines)) for title, lines in groupby(every, lambda one: one.theme)],
        )
        for (code, heading), every in groupby(
            marks, lambda one: (one.competency, one.competency_text)
        )
    ]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one juror says of one criterion."""

    juror: str
    verdict: str
    observation: str


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion on the deliberation page."""

    decision: CriterionDecision
    opinions: list[Opinion]

    @property
    def said(self) -> list[Opinion]:
        return [opinion for opinion in self.opinions if opinion.observation]


def lines(deliberation: Deliberation, grids: Sequence[Grid]) -> list[Line]:
    """Every criterion with what each juror said of it, in the order of the grid."""
    by_criterion: dict[str, list[Opinion]] = {}
    for grid in grids:
        for mark in grid.marks.all():
            opinion = Opinion(
                grid.juror.juror.full_name, mark.get_verdict_display(), mark.observation
            )
            by_criterion.setdefault(mark.criterion, []).append(opinion)
    return [
        Line(decision, by_criterion.get(decision.criterion, []))
        for decision in deliberation.decisions.select_related("decided_by")
    ]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of the jury's own decisions on criteria, those not assessed here apart."""

    acquired: int
    decided: int
    total: int

    @property
    def complete(self) -> bool:
        return self.decided == self.total


def tally(deliberation_lines: Sequence[Line]) -> Tally:
    verdicts = [
        line.decision.verdict
        for line in deliberation_lines
        if line.decision.verdict != Verdict.NOT_ASSESSED
    ]
    return Tally(
        acquired=verdicts.count(Verdict.ACQUIRED),
        decided=sum(bool(verdict) for verdict in verdicts),
        total=len(verdicts),
    )


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the page of a deliberation shows of competencies, blocks and the outcome."""

    units: list[Unit]
    over_blocks: bool
    sovereign: bool
    person: Candidate

    @property
    def blocks(self) -> list[Unit]:
        return blocks_of(self.units)

    @property
    def partial(self) -> bool:
        """Whether some blocks may be obtained without the others."""
        return len(self.blocks) > 1

    @property
    def outcome(self) -> str:
        return outcome_words(proposed_outcome(self.units), self.person)


def decisions(deliberation: Deliberation) -> Decisions:
    candidate = deliberation.candidate
    return Decisions(
        units_of(deliberation),
        is_over_blocks(candidate),
        policy.pass_rule(candidate.session.version.content).sovereign,
        candidate.enrolment.candidate,
    )


@dataclass(slots=True)
class Progress:
    """One candidate on the page of the session: counts and states, never a verdict."""

    candidate: SessionCandidate
    deliberation: Deliberation | None
    over_blocks: bool = False  # no grid: the jury decides over the blocks already judged
    grids: list[Grid] = field(default_factory=list)

    @property
    def all_closed(self) -> bool:
        return bool(self.grids) and all(grid.closed_at for grid in self.grids)

    @property
    def ready(self) -> bool:
        """Whether the deliberation may be opened."""
        return self.all_closed or (self.over_blocks and self.candidate.present is True)

    @property
    def decided(self) -> bool:
        return self.deliberation is not None and self.deliberation.closed_at is not None


def progress_of(session: ExamSession) -> list[Progress]:
    rows = {}
    for candidate in session.candidates.select_related(
        "enrolment__candidate", "deliberation"
    ).order_by("order", "pk"):
        candidate.session = session
        found = getattr(candidate, "deliberation", None)
        rows[candidate.pk] = Progress(candidate, found, is_over_blocks(candidate))
    opened = with_progress(Grid.objects.filter(candidate__session=session))
    for grid in opened.select_related("juror__juror").order_by("juror_id"):
        rows[grid.candidate_id].grids.append(grid)
    return list(rows.values())


def block_title(session: ExamSession) -> str:
    """The block of the session in the framework's words; the whole title when there is none."""
    content = session.version.content
    for block in content["blocks"]:
        if block["code"] == session.block:
            return " – ".join(part for part in (block["code"], block["title"]) if part)
    return str(content["title"])


def seats(session: ExamSession) -> list[SessionJuror]:
    """Present jurors, the president first."""
    return list(session.jurors.filter(present=True).select_related("juror"))


def refusal_shown(refusal: DomainRefusal | None) -> dict[str, str] | None:
    """A refusal as the page shows it above the form that keeps what was typed."""
    if refusal is None:
        return None
    return {"message": str(refusal), "kept": str(refusal.kept), "code": refusal.code}
