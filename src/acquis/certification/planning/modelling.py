"""The hours of one candidate as unknowns of a constraint model (OR-Tools CP-SAT)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ortools.sat.python import cp_model

from acquis.certification.planning.problem import GRID, Day, Exam

Window = tuple[int, int]
WORKERS = 2
TRY_SECONDS = 10.0  # of one question; what is not settled by then counts as unknown
FOUND = frozenset({cp_model.OPTIMAL, cp_model.FEASIBLE})


def solver_for(seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = 1
    return solver


@dataclass(frozen=True)
class Cut:
    """One way to let a pause of the day fall into a run: before which step, and whether it is taken."""

    code: str
    before: int  # minutes of the run that come before the pause
    taken: cp_model.IntVar


Span = tuple[
    cp_model.LinearExprT, int, cp_model.IntVar | None
]  # start, minutes, whether it is held


@dataclass(frozen=True)
class Hours:
    """The unknown hours of one candidate in one day, in steps of the grid.

    `cuts` are the ways to go around a pause, of which one is taken; none: the run is in one piece.
    `present` None: the candidate sits that day for sure.
    """

    exam: Exam
    alone: cp_model.IntVar
    together: cp_model.IntVar | None
    marking: cp_model.IntVar | None
    resumes: cp_model.IntVar | None = None
    cuts: tuple[Cut, ...] = ()
    present: cp_model.IntVar | None = None

    @classmethod
    def of(
        cls,
        model: cp_model.CpModel,
        exam: Exam,
        day: Day,
        present: cp_model.IntVar | None = None,
    ) -> "Hours | None":
        """None when the exam does not fit into such a day at all."""
        run = _run(model, exam, day, present)
        together = start_in(model, day, exam.together_minutes) if exam.together else None
        marking = start_in(model, day, exam.marking) if exam.marking else None
        if (
            run is None
            or (exam.together and together is None)
            or (exam.marking and marking is None)
        ):
            return None
        alone, resumes, cuts = run
        hours = cls(exam, alone, together, marking, resumes, cuts, present)
        written = 0 if together is None else GRID * together + exam.together_minutes
        model.add(GRID * alone >= written)
        if marking is not None:
            model.add(GRID * marking >= written)
            model.add(GRID * marking >= day.opens + day.briefing)
            for due, taken in hours.at(exam.marks_due):
                enforced(model.add(GRID * marking + exam.marking <= due), taken)
        for begins, _minutes, taken in hours.hearings(0):
            enforced(model.add(begins >= day.opens + day.briefing), taken)
        return hours

    def at(self, minutes: int) -> list[tuple[cp_model.LinearExprT, cp_model.IntVar | None]]:
        """When so many minutes of the run have passed, by the way that is taken around a pause."""
        if self.resumes is None:
            return [(GRID * self.alone + minutes, self.present)]
        return [
            (
                GRID * self.alone + minutes
                if minutes < cut.before
                else GRID * self.resumes + minutes - cut.before,
                cut.taken,
            )
            for cut in self.cuts
        ]

    def hearings(self, turnover: int) -> list[Span]:
        """When the jury hears the candidate; a stretch that a pause cuts is two."""
        return [
            span
            for exam, cut in self._ways
            for span in self._spans_of(exam.hearings(0, turnover), cut)
        ]

    def later_stays(self) -> list[Span]:
        """When the candidate holds a workstation during the run."""
        return [
            span for exam, cut in self._ways for span in self._spans_of(exam.later_stays(0), cut)
        ]

    @property
    def _ways(self) -> list[tuple[Exam, Cut | None]]:
        """The run in one piece, or as each cut leaves it: with a pause of no length."""
        if not self.cuts:
            return [(self.exam, None)]
        return [(self.exam.paused(cut.code, 0), cut) for cut in self.cuts]

    def _spans_of(self, spans: Sequence[tuple[int, int]], cut: Cut | None) -> list[Span]:
        if cut is None or self.resumes is None:
            return [(GRID * self.alone + a, b - a, self.present) for a, b in spans]
        return [
            (
                GRID * self.alone + a if a < cut.before else GRID * self.resumes + a - cut.before,
                b - a,
                cut.taken,
            )
            for a, b in spans
        ]

    def before_jury(self, model: cp_model.CpModel, turnover: int) -> list[cp_model.IntervalVar]:
        """What the jury gives: its hearings at their places in the run, and its marking."""
        spans = self.hearings(turnover)
        if self.marking is not None:
            spans.append((GRID * self.marking, self.exam.marking, self.present))
        return [interval(model, *span) for span in spans]

    def waits(self) -> list[cp_model.LinearExprT]:
        """Minutes waited between the written part and the run, and around a pause that cuts it."""
        found: list[cp_model.LinearExprT] = []
        if self.together is not None:
            found.append(GRID * self.alone - GRID * self.together - self.exam.together_minutes)
        if self.resumes is not None:
            passed = sum(cut.before * cut.taken for cut in self.cuts)
            found.append(GRID * self.resumes - GRID * self.alone - passed)
        return found

    def found(self, solver: cp_model.CpSolver) -> dict[str, Any]:
        """The hours found, as fields of `Placed`."""
        together, marking, resumes = self.together, self.marking, self.resumes
        return {
            "alone_at": GRID * solver.value(self.alone),
            "together_at": None if together is None else GRID * solver.value(together),
            "marking_at": None if marking is None else GRID * solver.value(marking),
            "resumes_at": None if resumes is None else GRID * solver.value(resumes),
            "cut": next((cut.code for cut in self.cuts if solver.value(cut.taken)), ""),
        }

    def at_seats(self, model: cp_model.CpModel) -> list[cp_model.IntervalVar]:
        """The stays at a workstation of an exam room."""
        spans = self.later_stays()
        if self.together is not None:
            spans += [
                (GRID * self.together + begins, ends - begins, self.present)
                for begins, ends in self.exam.first_stays(0)
            ]
        return [interval(model, *span) for span in spans]


def _run(
    model: cp_model.CpModel, exam: Exam, day: Day, present: cp_model.IntVar | None
) -> tuple[cp_model.IntVar, cp_model.IntVar | None, tuple[Cut, ...]] | None:
    """When the run begins; where the day does not hold it in one piece, also how it is cut."""
    whole = start_in(model, day, exam.alone_minutes)
    if whole is not None and day.holds_in_one_piece(exam):
        return whole, None, ()
    alone = model.new_int_var(-(-day.opens // GRID), day.closes // GRID, "")
    resumes = model.new_int_var(-(-day.opens // GRID), day.closes // GRID, "")
    cuts = []
    for code in exam.cuts:
        before = exam.minutes_before(code)
        for earlier, later in pairwise(day.windows):
            first = starts_in([earlier], before)
            last = starts_in([later], exam.alone_minutes - before)
            if first is not None and last is not None:
                taken = model.new_bool_var("")
                model.add_linear_expression_in_domain(alone, first).only_enforce_if(taken)
                model.add_linear_expression_in_domain(resumes, last).only_enforce_if(taken)
                cuts.append(Cut(code, before, taken))
    if not cuts:
        return None
    model.add(sum(cut.taken for cut in cuts) == (1 if present is None else present))
    return alone, resumes, tuple(cuts)


def enforced(constraint: cp_model.Constraint, literal: cp_model.IntVar | None) -> None:
    if literal is not None:
        constraint.only_enforce_if(literal)


def interval(
    model: cp_model.CpModel,
    start: cp_model.LinearExprT,
    size: int,
    present: cp_model.IntVar | None = None,
) -> cp_model.IntervalVar:
    if present is None:
        return model.new_fixed_size_interval_var(start, size, "")
    return model.new_optional_fixed_size_interval_var(start, size, present, "")


def start_in(model: cp_model.CpModel, day: Day, minutes: int) -> cp_model.IntVar | None:
    """An hour at which something this long neither leaves the day nor crosses a pause."""
    inside = starts_in(day.windows, minutes)
    return None if inside is None else model.new_int_var_from_domain(inside, "")


def starts_in(windows: Iterable[Window], minutes: int) -> cp_model.Domain | None:
    """The hours, in steps of the grid, at which something this long enters one of these stretches."""
    steps = [(-(-begins // GRID), (ends - minutes) // GRID) for begins, ends in windows]
    open_steps = [step for step in steps if step[0] <= step[1]]
    return cp_model.Domain.from_intervals(open_steps) if open_steps else None
