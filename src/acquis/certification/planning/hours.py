"""The hours of one day: nobody waits for longer than need be (OR-Tools CP-SAT)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from time import monotonic

from ortools.sat.python import cp_model

from acquis.certification.planning.modelling import FOUND, TRY_SECONDS, Hours, solver_for
from acquis.certification.planning.problem import (
    GRID,
    Day,
    Placed,
    Problem,
    Proof,
    Unplaceable,
)

DAY_SECONDS = 1.0  # spent to shorten the waits of one day, once it is known to hold


def hours_of_day(
    problem: Problem,
    day: int,
    there: Mapping[int, int],
    *,
    seconds: float,
    kept: Mapping[int, Placed] | None = None,
) -> tuple[list[Placed], Proof] | None:
    """The hours of all who sit that day, by the key of their jury; None: the day does not hold them.

    With `kept`, as few candidates as can be change hours. Raises Unplaceable(`unknown`).
    """
    began = monotonic()
    model = cp_model.CpModel()
    hours: dict[int, Hours] = {}
    for key in there:
        one = Hours.of(model, problem.sitter_of[key].exam, problem.days[day])
        if one is None:
            return None
        hours[key] = one
    costs = _shared(model, problem, day, there, hours)
    if kept:
        moved = [_moves(model, hours[key], kept[key]) for key in there if key in kept]
        costs += [10 * problem.days[day].minutes * len(there) * one for one in moved]
    model.minimize(cp_model.LinearExpr.sum(costs))
    solver = solver_for(seconds)
    status = solver.solve(model)
    if status == cp_model.UNKNOWN:
        solver = solver_for(TRY_SECONDS)
        status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in FOUND:
        raise Unplaceable("unknown")
    bound = max(0, round(solver.best_objective_bound))
    proof = Proof(f"day {day}", round(solver.objective_value), bound, monotonic() - began)
    return [
        Placed(key, day, panel, *hours[key].found(solver)) for key, panel in there.items()
    ], proof


def _shared(
    model: cp_model.CpModel,
    problem: Problem,
    day: int,
    there: Mapping[int, int],
    hours: Mapping[int, Hours],
) -> list[cp_model.LinearExpr]:
    """What all share: each jury, and the workstations. Gives the minutes waited and stayed."""
    by_panel: dict[int, list[Hours]] = defaultdict(list)
    for key, panel in there.items():
        by_panel[panel].append(hours[key])
    for mine in by_panel.values():
        model.add_no_overlap(
            [span for one in mine for span in one.before_jury(model, problem.turnover)]
        )
    seats = [span for one in hours.values() for span in one.at_seats(model)]
    if seats:
        model.add_cumulative(seats, [1] * len(seats), problem.seats_on(day))
    waits = [
        GRID * one.alone - GRID * one.together - one.exam.together_minutes
        for one in hours.values()
        if one.together is not None
    ]
    return waits + [_presence(model, mine, problem.days[day]) for mine in by_panel.values()]


def _presence(model: cp_model.CpModel, mine: Sequence[Hours], day: Day) -> cp_model.LinearExpr:
    """From the first to the last minute that a jury gives."""
    first = model.new_int_var(day.opens, day.closes, "")
    last = model.new_int_var(day.opens, day.closes, "")
    for one in mine:
        for begins, ends in one.exam.hearings(0):
            model.add(first <= GRID * one.alone + begins)
            model.add(last >= GRID * one.alone + ends)
        if one.marking is not None:
            model.add(first <= GRID * one.marking)
    return last - first


def _moves(model: cp_model.CpModel, hours: Hours, kept: Placed) -> cp_model.IntVar:
    """Whether a candidate changes hours; the marking may move, nobody is told of it."""
    moves = model.new_bool_var("")
    model.add(GRID * hours.alone == kept.alone_at).only_enforce_if(~moves)
    if hours.together is not None and kept.together_at is not None:
        model.add(GRID * hours.together == kept.together_at).only_enforce_if(~moves)
    return moves
