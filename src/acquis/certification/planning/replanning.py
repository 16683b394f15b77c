"""The least change to a timetable when somebody cannot come (OR-Tools CP-SAT).

A juror who falls ill is replaced first: nobody's hours change then. Where nobody may replace them,
those whom the jury would have heard go elsewhere, and all others keep their jury, their day and, as
far as can be, their hours.
"""

from collections.abc import Mapping
from time import monotonic

from ortools.sat.python import cp_model

from acquis.certification.planning.capacity import (
    JuryDay,
    Learned,
    bound_loads,
    most_by_day,
    too_heavy,
)
from acquis.certification.planning.hours import DAY_SECONDS
from acquis.certification.planning.modelling import FOUND, TRY_SECONDS, solver_for
from acquis.certification.planning.problem import (
    Placed,
    Plan,
    Problem,
    Proof,
    Tell,
    Unplaceable,
    silent,
)
from acquis.certification.planning.solving import (
    MOST_TURNS,
    Juries,
    choices,
    finished,
    held_hours,
    honest,
    refuse_hopeless,
)

NEW_JURY_DAY, OTHER_DAY = 100, 1  # what costs least is another jury of the same day


def replan(
    problem: Problem, plan: Plan, *, day_seconds: float = DAY_SECONDS, tell: Tell = silent
) -> Plan:
    """Place again those whose jury or day is gone; `problem` says who is away from now on.

    The first proof counts the candidates who change jury or day, then one for each day that
    changed counts, tenfold, those who change hours. Raises Unplaceable as `solve` does.
    """
    learned = Learned(most_by_day(problem))
    refuse_hopeless(problem, learned.most)
    with honest(learned):
        return _replanned(problem, plan, learned, day_seconds, tell)


def _replanned(
    problem: Problem, plan: Plan, learned: Learned, day_seconds: float, tell: Tell
) -> Plan:
    began = monotonic()
    known = set(problem.sitter_of)
    before = {one.sitter: one for one in plan.placed if one.sitter in known}
    for _turn in range(MOST_TURNS):
        assigned, moved = _reassign(problem, before, learned)
        if too_heavy(problem, assigned, learned):
            continue
        tell("moved", *moved)
        held = _rehold(problem, before, assigned, learned, day_seconds)
        if held is not None:
            placed, proofs = held
            first = Proof("moved", moved[0], moved[1], monotonic() - began)
            return finished(problem, placed, [first, *proofs])
    raise Unplaceable("unknown")


def _reassign(
    problem: Problem, before: Mapping[int, Placed], learned: Learned
) -> tuple[dict[int, JuryDay], tuple[int, int]]:
    """A jury-day for each, as many unchanged as can be; and how many change, with the bound.

    Those whose jury-day still stands are first held to it: if the others find a place, no fewer
    could have changed.
    """
    stands = {
        key: _of(one)
        for key, one in before.items()
        if _of(one) in set(problem.jury_days(problem.sitter_of[key]))
    }
    for held in (stands, {}):
        found = _change(problem, before, learned, held)
        if found is not None:
            assigned, moved, bound = found
            least = bound if learned.certain else len(problem.sitters) - len(stands)
            return assigned, (moved, moved if held else least)
    raise Unplaceable("capacity")


def _change(
    problem: Problem,
    before: Mapping[int, Placed],
    learned: Learned,
    held: Mapping[int, JuryDay],
) -> tuple[dict[int, JuryDay], int, int] | None:
    """Jury-days that differ as little as can be; None: there are none."""
    model = cp_model.CpModel()
    juries = Juries.of(model, problem, learned.most)
    goes = choices(model, problem, frozenset(juries.sits), held)
    if goes is None:
        raise Unplaceable("independence")
    bound_loads(model, problem, goes, learned)
    for (key, jury_day), var in goes.items():
        model.add_implication(var, juries.sits[jury_day])
        if key in before:
            model.add_hint(var, int(jury_day == _of(before[key])))
    changes = [
        var
        for (key, jury_day), var in goes.items()
        if key not in before or jury_day != _of(before[key])
    ]
    sat = {_of(one) for one in before.values()}
    further = [var for jury_day, var in juries.sits.items() if jury_day not in sat]
    elsewhere = [
        var
        for (key, (_panel, day)), var in goes.items()
        if key in before and day != before[key].day
    ]
    whole = NEW_JURY_DAY * len(juries.sits) + len(before) + 1
    model.minimize(whole * sum(changes) + NEW_JURY_DAY * sum(further) + OTHER_DAY * sum(elsewhere))
    solver = solver_for(TRY_SECONDS)
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in FOUND:
        raise Unplaceable("unknown")
    assigned = {key: jury_day for (key, jury_day), var in goes.items() if solver.value(var)}
    moved = sum(solver.value(var) for var in changes)
    return assigned, moved, int(solver.best_objective_bound + 1e-6) // whole


def _rehold(
    problem: Problem,
    before: Mapping[int, Placed],
    assigned: Mapping[int, JuryDay],
    learned: Learned,
    seconds: float,
) -> tuple[list[Placed], list[Proof]] | None:
    """The hours of the days whose people changed; the other days stay to the minute."""
    placed: list[Placed] = []
    proofs: list[Proof] = []
    for day in sorted({day for _panel, day in assigned.values()}):
        there = {key: panel for key, (panel, on) in assigned.items() if on == day}
        kept = {key: before[key] for key in there if key in before and before[key].day == day}
        same = {one.sitter for one in before.values() if one.day == day} == set(there)
        if same and all(kept[key].panel == panel for key, panel in there.items()):
            placed += kept.values()
            continue
        hours = held_hours(problem, day, there, learned, seconds=seconds, kept=kept)
        if hours is None:
            return None
        placed += hours[0]
        proofs.append(hours[1])
    return placed, proofs


def _of(one: Placed) -> JuryDay:
    return one.panel, one.day
