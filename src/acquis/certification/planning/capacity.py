"""What one jury, and one day, can hold; what was learned of it on the way (OR-Tools CP-SAT)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from acquis.certification.planning.modelling import FOUND, TRY_SECONDS, Hours, solver_for
from acquis.certification.planning.problem import GRID, Day, Exam, Problem

JuryDay = tuple[int, int]  # panel, day
Load = tuple[tuple[Exam, int], ...]  # how many candidates of each exam

MOST_A_DAY = 16


@dataclass
class Learned:
    """What later parts taught: loads no jury holds in such a day, days that overflow, sets refused."""

    most: dict[Day, int]
    heavy: dict[Day, list[Load]] = field(default_factory=lambda: defaultdict(list))
    full: dict[int, list[Load]] = field(default_factory=lambda: defaultdict(list))
    refused: list[frozenset[JuryDay]] = field(default_factory=list)
    known: dict[tuple[Day, Load], bool | None] = field(default_factory=dict)
    certain: bool = True  # whether all of it was refuted, and nothing given up for want of time


def most_by_day(problem: Problem) -> dict[Day, int]:
    """How many candidates at most one jury holds in each kind of day, whatever their exams."""
    exams = sorted({sitter.exam for sitter in problem.sitters}, key=lambda one: one.jury_minutes)
    most = {day: _most_in(exams, day, problem.turnover) for day in set(problem.days)}
    if problem.most_a_day is not None:
        most = {day: min(number, problem.most_a_day) for day, number in most.items()}
    return most


def _most_in(exams: Sequence[Exam], day: Day, turnover: int) -> int:
    """A number that no mix of these exams exceeds, before one jury; seats are not looked at."""
    model = cp_model.CpModel()
    there: list[cp_model.IntVar] = []
    busy: list[cp_model.IntervalVar] = []
    for exam in exams:
        copies = min(MOST_A_DAY, day.minutes // max(GRID, exam.jury_minutes))
        earlier: cp_model.IntVar | None = None
        start: cp_model.IntVar | None = None
        for rank in range(copies):
            hours = Hours.of(model, exam, day)
            if hours is None:
                break
            present = model.new_bool_var(f"there{rank}")
            busy += hours.before_jury(model, turnover, present)
            if earlier is not None and start is not None:
                model.add_implication(present, earlier)
                model.add(hours.alone >= start)
            earlier, start = present, hours.alone
            there.append(present)
    model.add_no_overlap(busy)
    model.maximize(sum(there))
    solver = solver_for(TRY_SECONDS)
    if solver.solve(model) not in FOUND:
        return 0
    return int(solver.best_objective_bound + 1e-6)


def holds(load: Load, day: Day, turnover: int) -> bool | None:
    """Whether one jury holds this load in such a day; None: not known in time."""
    model = cp_model.CpModel()
    busy: list[cp_model.IntervalVar] = []
    for exam, number in load:
        start: cp_model.IntVar | None = None
        for _copy in range(number):
            hours = Hours.of(model, exam, day)
            if hours is None:
                return False
            busy += hours.before_jury(model, turnover)
            if start is not None:
                model.add(hours.alone >= start)
            start = hours.alone
    model.add_no_overlap(busy)
    status = solver_for(TRY_SECONDS).solve(model)
    return True if status in FOUND else False if status == cp_model.INFEASIBLE else None


def too_heavy(problem: Problem, assigned: Mapping[int, JuryDay], learned: Learned) -> bool:
    """Whether a jury has more than it holds in a day, seats left aside; such loads are remembered."""
    by_jury_day: dict[JuryDay, list[int]] = defaultdict(list)
    for key, jury_day in assigned.items():
        by_jury_day[jury_day].append(key)
    before = sum(map(len, learned.heavy.values()))
    for (_panel, day), keys in by_jury_day.items():
        kind, load = problem.days[day], load_of(problem, keys)
        if (kind, load) not in learned.known:
            learned.known[kind, load] = holds(load, kind, problem.turnover)
            if learned.known[kind, load] is False:
                learned.heavy[kind].append(load)
    return sum(map(len, learned.heavy.values())) > before


def load_of(problem: Problem, keys: Iterable[int]) -> Load:
    counts = Counter(problem.sitter_of[key].exam for key in keys)
    return tuple(sorted(counts.items(), key=lambda pair: pair[0].jury_minutes))


# ---- Loads as rules of a model ----


def bound_loads(
    model: cp_model.CpModel,
    problem: Problem,
    goes: Mapping[tuple[int, JuryDay], cp_model.IntVar],
    learned: Learned,
) -> None:
    """No jury-day and no day takes more than it is known to hold."""
    exams = sorted({s.exam for s in problem.sitters}, key=lambda one: one.jury_minutes)
    counts = _counts(model, problem, goes, exams)
    for key in {where for where, _exam in counts}:
        kind = problem.days[key[1]]
        here = {exam: counts.get((key, exam), 0) for exam in exams}
        model.add(sum(here.values()) <= learned.most[kind])
        for load in learned.heavy[kind]:
            _refuse_load(model, here, load)
    for day, loads in learned.full.items():
        whole = {
            exam: sum(var for (key, one), var in counts.items() if key[1] == day and one == exam)
            for exam in exams
        }
        for load in loads:
            _refuse_load(model, whole, load)


def _counts(
    model: cp_model.CpModel,
    problem: Problem,
    goes: Mapping[tuple[int, JuryDay], cp_model.IntVar],
    exams: Sequence[Exam],
) -> dict[tuple[JuryDay, Exam], cp_model.IntVar]:
    """How many candidates of each exam go before each jury, each day."""
    those: dict[tuple[JuryDay, Exam], list[cp_model.IntVar]] = defaultdict(list)
    for (key, jury_day), var in goes.items():
        those[jury_day, problem.sitter_of[key].exam].append(var)
    counts = {}
    for where, several in those.items():
        counts[where] = model.new_int_var(0, len(several), f"count{exams.index(where[1])}")
        model.add(counts[where] == sum(several))
    return counts


def _refuse_load(
    model: cp_model.CpModel, counts: Mapping[Exam, cp_model.LinearExprT], load: Load
) -> None:
    """At least one exam of the load is taken fewer times than in it."""
    fewer = []
    for exam, number in load:
        is_fewer = model.new_bool_var("")
        model.add(counts[exam] <= number - 1).only_enforce_if(is_fewer)
        fewer.append(is_fewer)
    model.add_bool_or(fewer)
