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
    _alone: dict[tuple[Exam, Day], int] = field(default_factory=dict)

    def alone(self, exam: Exam, day: Day, turnover: int) -> int:
        """How many candidates of this exam at most one jury holds in such a day."""
        if (exam, day) not in self._alone:
            self._alone[exam, day] = _most_in([exam], day, turnover)
        return self._alone[exam, day]


def most_by_day(problem: Problem) -> dict[Day, int]:
    """How many candidates at most one jury holds in each kind of day, whatever their exams.

    Where several exams share it, by the minutes of the shortest: their loads are looked at one by one.
    """
    exams = sorted({sitter.exam for sitter in problem.sitters}, key=lambda one: one.jury_minutes)
    if len({sitter.bench for sitter in problem.sitters}) > 1:
        shortest = max(1, exams[0].jury_minutes + problem.turnover)
        most = {
            day: min(MOST_A_DAY, _jury_minutes(day, problem.turnover) // shortest)
            for day in set(problem.days)
        }
    else:
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
            present = model.new_bool_var(f"there{rank}")
            hours = Hours.of(model, exam, day, present)
            if hours is None:
                break
            busy += hours.before_jury(model, turnover)
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


def holds(load: Load, day: Day, turnover: int, seconds: float = TRY_SECONDS) -> bool | None:
    """Whether one jury holds this load in such a day; None: not known in time."""
    minutes = sum(number * (exam.jury_minutes + turnover) for exam, number in load)
    if minutes > _jury_minutes(day, turnover):
        return False
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
    status = solver_for(seconds).solve(model)
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

Share = tuple[Exam, int]  # candidates who may change places: one exam, one bench


def share_out(
    model: cp_model.CpModel,
    problem: Problem,
    holds: Mapping[JuryDay, cp_model.IntVar],
    learned: Learned,
) -> None:
    """Everybody before a jury that is regular for their exam, as far as numbers can tell.

    What is left to the next part: who may be heard by whom, and who is away. Where all have one bench
    the exams differ by extra time at most: only their number counts, which proves a bound much faster.
    """
    shares = Counter((sitter.exam, sitter.bench) for sitter in problem.sitters)
    if len({bench for _exam, bench in shares}) == 1:
        _count_alike(model, problem, holds, learned)
        return
    counts: dict[tuple[JuryDay, Share], cp_model.IntVar] = {}
    for key, held in holds.items():
        panel, kind = problem.panel_of[key[0]], problem.days[key[1]]
        own = []
        for share in shares:
            if panel.hears(share[1], key[1]):
                most = min(learned.most[kind], learned.alone(share[0], kind, problem.turnover))
                counts[key, share] = model.new_int_var(0, most, "")
                own.append((share[0], counts[key, share]))
        model.add(held == sum(var for _exam, var in own))
        minutes = sum(var * (exam.jury_minutes + problem.turnover) for exam, var in own)
        model.add(minutes <= _jury_minutes(kind, problem.turnover))
    for share, number in shares.items():
        model.add(sum(var for (_key, one), var in counts.items() if one == share) == number)
    by_exam: dict[tuple[JuryDay, Exam], list[cp_model.IntVar]] = defaultdict(list)
    for (key, (exam, _bench)), var in counts.items():
        by_exam[key, exam].append(var)
    exams = list(dict.fromkeys(exam for exam, _bench in shares))
    loads = {(key, exam): sum(several) for (key, exam), several in by_exam.items()}
    _refuse_loads(model, problem, loads, exams, learned)


def _count_alike(
    model: cp_model.CpModel,
    problem: Problem,
    holds: Mapping[JuryDay, cp_model.IntVar],
    learned: Learned,
) -> None:
    model.add(sum(holds.values()) == len(problem.sitters))
    if len({sitter.exam for sitter in problem.sitters}) == 1:
        for day, loads in learned.full.items():
            for load in loads:
                model.add(sum(var for key, var in holds.items() if key[1] == day) < load[0][1])


def _jury_minutes(day: Day, turnover: int) -> int:
    """What a jury can give in a day; its rest after a candidate may fall into a pause."""
    begins = day.opens + day.briefing
    free = day.closes - begins
    free -= sum(max(0, end - max(begins, start)) for start, end in day.pauses)
    return max(0, free) + turnover * (1 + len(day.pauses))


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
        here = [var for (where, _exam), var in counts.items() if where == key]
        model.add(sum(here) <= learned.most[problem.days[key[1]]])
    _refuse_loads(model, problem, counts, exams, learned)


def _refuse_loads(
    model: cp_model.CpModel,
    problem: Problem,
    counts: Mapping[tuple[JuryDay, Exam], cp_model.LinearExprT],
    exams: Sequence[Exam],
    learned: Learned,
) -> None:
    """No load of a jury, and none of a day, that is known to be too much."""
    for key in {where for where, _exam in counts}:
        here = {exam: counts.get((key, exam), 0) for exam in exams}
        for load in learned.heavy[problem.days[key[1]]]:
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
