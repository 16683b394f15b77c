"""The hours of one day: nobody waits for longer than need be (OR-Tools CP-SAT)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from time import monotonic

from ortools.sat.python import cp_model

from acquis.certification.planning.modelling import FOUND, TRY_SECONDS, Hours, enforced, solver_for
from acquis.certification.planning.problem import (
    GRID,
    Day,
    Placed,
    Problem,
    Proof,
    Unplaceable,
)

DAY_SECONDS = 1.0  # spent to shorten the waits of one day, once it is known to hold
GENTLE_SECONDS = (
    0.3  # then to keep it away from the first and the last hour, no longer waits allowed
)
EDGE = 60  # minutes after opening and before closing that nobody needs to be there, if it can be


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
    value, bound = round(solver.objective_value), max(0, round(solver.best_objective_bound))
    if seconds >= DAY_SECONDS and not kept:
        model.add(cp_model.LinearExpr.sum(costs) <= value)
        solver = _gentler(model, solver, problem.days[day], hours.values())
    proof = Proof(f"day {day}", value, bound, monotonic() - began)
    return [
        Placed(key, day, panel, **hours[key].found(solver)) for key, panel in there.items()
    ], proof


def _gentler(
    model: cp_model.CpModel, found: cp_model.CpSolver, day: Day, hours: Iterable[Hours]
) -> cp_model.CpSolver:
    """The same waits with as little as can be in the first and the last hour of the day."""
    model.clear_hints()  # type: ignore[no-untyped-call]
    edges = []
    for one in hours:
        for var in (one.alone, one.together, one.marking, one.resumes):
            if var is not None:
                model.add_hint(var, found.value(var))
        first = one.alone if one.together is None else one.together
        early = model.new_int_var(0, EDGE, "")
        model.add(early >= day.opens + EDGE - GRID * first)
        late = model.new_int_var(0, EDGE, "")
        for ends, taken in one.at(one.exam.alone_minutes):
            enforced(model.add(late >= ends - day.closes + EDGE), taken)
        edges += [early, late]
    model.minimize(sum(edges))
    solver = solver_for(GENTLE_SECONDS)
    return solver if solver.solve(model) in FOUND else found


def _shared(
    model: cp_model.CpModel,
    problem: Problem,
    day: int,
    there: Mapping[int, int],
    hours: Mapping[int, Hours],
) -> list[cp_model.LinearExprT]:
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
    waits = [wait for one in hours.values() for wait in one.waits()]
    return waits + [_presence(model, mine, problem.days[day]) for mine in by_panel.values()]


def _presence(model: cp_model.CpModel, mine: Sequence[Hours], day: Day) -> cp_model.LinearExpr:
    """From the first to the last minute that a jury gives."""
    first = model.new_int_var(day.opens, day.closes, "")
    last = model.new_int_var(day.opens, day.closes, "")
    for one in mine:
        for starts, minutes, taken in one.hearings(0):
            enforced(model.add(first <= starts), taken)
            enforced(model.add(last >= starts + minutes), taken)
        if one.marking is not None:
            model.add(first <= GRID * one.marking)
    return last - first


def _moves(model: cp_model.CpModel, hours: Hours, kept: Placed) -> cp_model.IntVar:
    """Whether a candidate changes hours; the marking may move, nobody is told of it."""
    moves = model.new_bool_var("")
    model.add(GRID * hours.alone == kept.alone_at).only_enforce_if(~moves)
    if hours.resumes is not None and kept.resumes_at is not None:
        model.add(GRID * hours.resumes == kept.resumes_at).only_enforce_if(~moves)
    if hours.together is not None and kept.together_at is not None:
        model.add(GRID * hours.together == kept.together_at).only_enforce_if(~moves)
    return moves
