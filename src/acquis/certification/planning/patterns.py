"""All that one jury can hold in a day, where several exams share it, and the jury-days that follow (OR-Tools CP-SAT).

Learned one refusal at a time, loads of three exams would take a search each. There are few of them:
they are walked through before, largest first, and what they say together is a bound of its own.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from ortools.sat.python import cp_model

from acquis.certification.planning.capacity import Learned, Load, holds
from acquis.certification.planning.modelling import FOUND, TRY_SECONDS, solver_for
from acquis.certification.planning.problem import Day, Exam, Problem

GLANCE = 0.5  # seconds for one load: one that is not refuted by then counts as held
MOST_WALKED = 400  # loads of one kind of day; beyond, they are learned on the way
Counts = tuple[int, ...]  # how many candidates of each exam


def fewest_jury_days(problem: Problem, learned: Learned) -> int:
    """A number of jury-days that no plan goes below, who may be heard by whom left aside.

    What a jury cannot hold is remembered on the way. 0 where the exams of a plan have one bench, or
    are too many to walk through.
    """
    wanted = Counter(sitter.exam for sitter in problem.sitters)
    exams = sorted(wanted, key=lambda one: one.jury_minutes)
    kinds = set(problem.days)
    if len({sitter.bench for sitter in problem.sitters}) == 1 or any(
        prod(limit + 1 for limit in _limits(problem, kind, exams, learned)) > MOST_WALKED
        for kind in kinds
    ):
        return 0
    model = cp_model.CpModel()
    total = []
    filled: dict[Exam, list[cp_model.LinearExpr]] = {exam: [] for exam in exams}
    for kind in kinds:
        there = []
        for counts in _largest(problem, kind, exams, learned):
            there.append(model.new_int_var(0, len(problem.sitters), ""))
            for exam, number in zip(exams, counts, strict=True):
                filled[exam].append(number * there[-1])
        model.add(sum(there) <= len(problem.jury_rooms) * problem.days.count(kind))
        total += there
    for exam, number in wanted.items():
        model.add(sum(filled[exam]) >= number)
    model.minimize(sum(total))
    solver = solver_for(TRY_SECONDS)
    if solver.solve(model) not in FOUND:
        return 0
    return max(0, int(solver.best_objective_bound + 1 - 1e-6))


def _limits(problem: Problem, kind: Day, exams: Sequence[Exam], learned: Learned) -> Counts:
    most = learned.most[kind]
    return tuple(min(most, learned.alone(exam, kind, problem.turnover)) for exam in exams)


def _largest(
    problem: Problem, kind: Day, exams: Sequence[Exam], learned: Learned
) -> Iterator[Counts]:
    """The loads that a jury holds in such a day and that no other of them contains."""
    held: list[Counts] = []
    refused: list[Counts] = []
    *others, last = _limits(problem, kind, exams, learned)
    for first in product(*(range(limit + 1) for limit in others)):
        for number in range(last, -1, -1):
            counts = (*first, number)
            if sum(counts) > learned.most[kind] or any(_within(one, counts) for one in refused):
                continue
            if any(_within(counts, one) for one in held):
                break
            load = _load(exams, counts)
            fits = holds(load, kind, problem.turnover, GLANCE)
            if fits is not None:  # else it may still be asked for longer
                learned.known[kind, load] = fits
            if fits is not False:
                held.append(counts)
                break
            refused.append(counts)
    learned.heavy[kind] += [
        _load(exams, one)
        for one in refused
        if not any(other != one and _within(other, one) for other in refused)
    ]
    for one in held:
        if not any(other != one and _within(one, other) for other in held):
            yield one


def _within(one: Counts, other: Counts) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


def _load(exams: Sequence[Exam], counts: Counts) -> Load:
    return tuple((exam, number) for exam, number in zip(exams, counts, strict=True) if number)
