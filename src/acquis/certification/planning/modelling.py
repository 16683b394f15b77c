"""The hours of one candidate as unknowns of a constraint model (OR-Tools CP-SAT)."""

from dataclasses import dataclass

from ortools.sat.python import cp_model

from acquis.certification.planning.problem import GRID, Day, Exam

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
class Hours:
    """The unknown hours of one candidate in one day, in steps of the grid."""

    exam: Exam
    alone: cp_model.IntVar
    together: cp_model.IntVar | None
    marking: cp_model.IntVar | None

    @classmethod
    def of(cls, model: cp_model.CpModel, exam: Exam, day: Day) -> "Hours | None":
        """None when the exam does not fit into such a day at all."""
        alone = start_in(model, day, exam.alone_minutes)
        if alone is None:
            return None
        together = start_in(model, day, exam.together_minutes) if exam.together else None
        marking = start_in(model, day, exam.marking) if exam.marking else None
        if (exam.together and together is None) or (exam.marking and marking is None):
            return None
        written = 0 if together is None else GRID * together + exam.together_minutes
        model.add(GRID * alone >= written)
        if marking is not None:
            model.add(GRID * marking >= written)
            model.add(GRID * marking + exam.marking <= GRID * alone + exam.marks_due)
            model.add(GRID * marking >= day.opens + day.briefing)
        for begins, _ends in exam.hearings(0)[:1]:
            model.add(GRID * alone + begins >= day.opens + day.briefing)
        return cls(exam, alone, together, marking)

    def before_jury(
        self, model: cp_model.CpModel, turnover: int, present: cp_model.IntVar | None = None
    ) -> list[cp_model.IntervalVar]:
        """What the jury gives: its hearings at their places in the run, and its marking."""
        spans = [
            (GRID * self.alone + begins, ends - begins)
            for begins, ends in self.exam.hearings(0, turnover)
        ]
        if self.marking is not None:
            spans.append((GRID * self.marking, self.exam.marking))
        return [interval(model, start, size, present) for start, size in spans]

    def found(self, solver: cp_model.CpSolver) -> tuple[int, int | None, int | None]:
        """The hours found: of `alone`, of `together`, of the marking."""
        together, marking = self.together, self.marking
        return (
            GRID * solver.value(self.alone),
            None if together is None else GRID * solver.value(together),
            None if marking is None else GRID * solver.value(marking),
        )

    def at_seats(self, model: cp_model.CpModel) -> list[cp_model.IntervalVar]:
        """The stays at a workstation of an exam room."""
        spans = [
            (GRID * self.alone + begins, ends - begins) for begins, ends in self.exam.later_stays(0)
        ]
        if self.together is not None:
            spans += [
                (GRID * self.together + begins, ends - begins)
                for begins, ends in self.exam.first_stays(0)
            ]
        return [interval(model, start, size) for start, size in spans]


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
    edges = [day.opens, *(edge for pause in sorted(day.pauses) for edge in pause), day.closes]
    windows = [
        (-(-begins // GRID), (ends - minutes) // GRID)
        for begins, ends in zip(edges[::2], edges[1::2], strict=True)
    ]
    open_windows = [window for window in windows if window[0] <= window[1]]
    if not open_windows:
        return None
    return model.new_int_var_from_domain(cp_model.Domain.from_intervals(open_windows), "")
