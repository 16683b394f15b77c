"""A timetable of exams by constraint solving, each part with the bound it proves (OR-Tools CP-SAT).

One model of everything leaves its bound open, so the work is cut in three: which juries sit on which
days, as few as can be; who goes before which; then the hours of each day. What a later part cannot
hold becomes a rule of the earlier ones, which are asked again. A bound is claimed only when every
smaller number of jury-days was refuted by the solver.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from ortools.sat.python import cp_model

from acquis.certification.planning.capacity import (
    JuryDay,
    Learned,
    bound_loads,
    holds,
    load_of,
    most_by_day,
    share_out,
    too_heavy,
)
from acquis.certification.planning.hours import DAY_SECONDS, hours_of_day
from acquis.certification.planning.modelling import FOUND, TRY_SECONDS, solver_for
from acquis.certification.planning.patterns import fewest_jury_days
from acquis.certification.planning.placing import duties_for, with_rooms
from acquis.certification.planning.problem import (
    Day,
    Exam,
    Placed,
    Plan,
    Problem,
    Proof,
    Tell,
    Unplaceable,
    silent,
)

MOST_TURNS = 80


def solve(problem: Problem, *, day_seconds: float = DAY_SECONDS, tell: Tell = silent) -> Plan:
    """Place every candidate in as few jury-days as can be, then with as little waiting as found.

    The first proof is that of the jury-days; then one a day, of the minutes that candidates wait
    and juries stay. Raises Unplaceable when no plan exists (`day_too_short`, `independence`,
    `capacity`) or when none was found in time (`unknown`).
    """
    if not problem.sitters:
        return Plan((), (), ())
    learned = Learned(most_by_day(problem))
    refuse_hopeless(problem, learned.most)
    with honest(learned):
        return _searched(problem, learned, day_seconds, tell)


@contextmanager
def honest(learned: Learned) -> Iterator[None]:
    """Nothing is said to be impossible where something was given up for want of time."""
    try:
        yield
    except Unplaceable as refusal:
        if refusal.code == "capacity" and not learned.certain:
            raise Unplaceable("unknown") from refusal
        raise


def _searched(problem: Problem, learned: Learned, day_seconds: float, tell: Tell) -> Plan:
    began = monotonic()
    least = fewest_jury_days(problem, learned)
    for _turn in range(MOST_TURNS):
        chosen, bound = _choose(problem, learned, least)
        assigned = _assign(problem, chosen, learned)
        if assigned is None:
            learned.refused.append(frozenset(chosen))
            continue
        if too_heavy(problem, assigned, learned):
            continue
        days = Proof("jury_days", len(chosen), bound, monotonic() - began)
        tell("jury_days", days.value, days.bound)
        held = hold_days(problem, assigned, learned, seconds=day_seconds, tell=tell)
        if held is not None:
            tell("rooms", 0, 1)
            return finished(problem, held[0], [days, *held[1]])
    raise Unplaceable("unknown")


def hold_days(
    problem: Problem,
    assigned: Mapping[int, JuryDay],
    learned: Learned,
    *,
    seconds: float,
    tell: Tell = silent,
) -> tuple[list[Placed], list[Proof]] | None:
    """The hours of every day; None when a day does not hold its candidates, which is remembered."""
    placed: list[Placed] = []
    proofs: list[Proof] = []
    used = sorted({day for _panel, day in assigned.values()})
    for rank, day in enumerate(used):
        tell("day", rank, len(used))
        there = {key: panel for key, (panel, on) in assigned.items() if on == day}
        hours = held_hours(problem, day, there, learned, seconds=seconds)
        if hours is None:
            return None
        placed += hours[0]
        proofs.append(hours[1])
    return placed, proofs


def held_hours(
    problem: Problem,
    day: int,
    there: Mapping[int, int],
    learned: Learned,
    *,
    seconds: float,
    kept: Mapping[int, Placed] | None = None,
) -> tuple[list[Placed], Proof] | None:
    """The hours of one day; a day that does not hold, or does not in time, is remembered."""
    try:
        hours = hours_of_day(problem, day, there, seconds=seconds, kept=kept)
    except Unplaceable:
        hours, learned.certain = None, False
    if hours is None:
        learned.full[day].append(load_of(problem, there))
    return hours


def finished(problem: Problem, placed: Sequence[Placed], proofs: Sequence[Proof]) -> Plan:
    """The plan with its rooms and its invigilators."""
    rows = with_rooms(problem, placed)
    return Plan(tuple(rows), tuple(duties_for(problem, rows)), tuple(proofs))


def refuse_hopeless(problem: Problem, most: Mapping[Day, int]) -> None:
    """Say at once what no plan can hold, with the candidates concerned. Raises Unplaceable."""
    fits = {
        (exam, day): holds(((exam, 1),), day, 0)
        for exam in {sitter.exam for sitter in problem.sitters}
        for day in set(problem.days)
    }
    long = [s.key for s in problem.sitters if not any(fits[s.exam, day] for day in problem.days)]
    if long:
        raise Unplaceable("day_too_short", *long)
    alone = [s.key for s in problem.sitters if next(problem.jury_days(s), None) is None]
    if alone:
        raise Unplaceable("independence", *alone)
    if not any(most.values()):
        raise Unplaceable("capacity")


# ---- Which juries sit on which days ----


@dataclass
class Juries:
    """Which jury-days are held, and how many candidates each takes, as unknowns."""

    model: cp_model.CpModel
    sits: dict[JuryDay, cp_model.IntVar]
    holds: dict[JuryDay, cp_model.IntVar]

    @classmethod
    def of(cls, model: cp_model.CpModel, problem: Problem, most: Mapping[Day, int]) -> "Juries":
        """No more juries a day than rooms, no juror in two juries of a day."""
        sits: dict[JuryDay, cp_model.IntVar] = {}
        held: dict[JuryDay, cp_model.IntVar] = {}
        for panel in problem.panels:
            for day, kind in enumerate(problem.days):
                if problem.sits(panel, day) and most[kind]:
                    key = (panel.key, day)
                    sits[key] = model.new_bool_var(f"sits{key}")
                    held[key] = model.new_int_var(0, most[kind], f"holds{key}")
                    model.add(held[key] <= most[kind] * sits[key])
        juries = cls(model, sits, held)
        for day in range(len(problem.days)):
            model.add(sum(juries.on(day, sits)) <= len(problem.jury_rooms))
            juries._one_jury_each(problem, day)
        return juries

    @staticmethod
    def on(day: int, what: Mapping[JuryDay, cp_model.IntVar]) -> list[cp_model.IntVar]:
        return [var for key, var in what.items() if key[1] == day]

    def _one_jury_each(self, problem: Problem, day: int) -> None:
        by_juror: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for key, var in self.sits.items():
            if key[1] == day:
                for member in problem.panel_of[key[0]].members:
                    by_juror[member].append(var)
        for several in by_juror.values():
            self.model.add_at_most_one(several)

    def bound_seats(self, problem: Problem) -> None:
        """No more candidates a day than the exam rooms have minutes."""
        least = min(_seat_minutes(sitter.exam) for sitter in problem.sitters)
        if least:
            for day, kind in enumerate(problem.days):
                whole = sum(self.on(day, self.holds))
                self.model.add(whole <= problem.seats_on(day) * kind.minutes // least)


def _choose(problem: Problem, learned: Learned, least: int) -> tuple[list[JuryDay], int]:
    """The fewest jury-days that could hold everybody, on the fewest days; and the number proven.

    No plan has less than `least`.
    """
    model = cp_model.CpModel()
    juries = Juries.of(model, problem, learned.most)
    juries.bound_seats(problem)
    share_out(model, problem, juries.holds, learned)
    used = [model.new_bool_var(f"day{day}") for day in range(len(problem.days))]
    for key, var in juries.sits.items():
        model.add_implication(var, used[key[1]])
    model.add(sum(juries.sits.values()) >= least)
    for refused in learned.refused:
        model.add_bool_or([~var if key in refused else var for key, var in juries.sits.items()])
    weight = len(problem.days) + 1
    model.minimize(weight * sum(juries.sits.values()) + sum(used))
    solver = solver_for(TRY_SECONDS)
    status = solver.solve(model)
    if status not in FOUND:
        raise Unplaceable("capacity" if status == cp_model.INFEASIBLE else "unknown")
    chosen = sorted(key for key, var in juries.sits.items() if solver.value(var))
    if not learned.certain:
        return chosen, -(-len(problem.sitters) // max(learned.most.values()))
    if status == cp_model.OPTIMAL:
        return chosen, len(chosen)
    proven = -(-(int(solver.best_objective_bound + 1e-6) - len(problem.days)) // weight)
    return chosen, max(0, least, proven)


def _seat_minutes(exam: Exam) -> int:
    return sum(end - start for start, end in exam.stays(0 if exam.together else None, 0))


# ---- Who goes before which jury ----


def _assign(
    problem: Problem, chosen: Iterable[JuryDay], learned: Learned
) -> dict[int, JuryDay] | None:
    """A jury-day for each candidate; None: these juries cannot."""
    model = cp_model.CpModel()
    goes = choices(model, problem, frozenset(chosen))
    if goes is None:
        return None
    bound_loads(model, problem, goes, learned)
    solver = solver_for(TRY_SECONDS)
    status = solver.solve(model)
    if status not in FOUND:
        learned.certain = learned.certain and status == cp_model.INFEASIBLE
        return None
    return {key: jury_day for (key, jury_day), var in goes.items() if solver.value(var)}


def choices(
    model: cp_model.CpModel,
    problem: Problem,
    among: frozenset[JuryDay],
    held: Mapping[int, JuryDay] | None = None,
) -> dict[tuple[int, JuryDay], cp_model.IntVar] | None:
    """Each candidate before one of the juries that may judge them, or the one they are held to.

    None: one of them has none.
    """
    goes: dict[tuple[int, JuryDay], cp_model.IntVar] = {}
    for sitter in problem.sitters:
        own = (held or {}).get(sitter.key)
        mine = [key for key in problem.jury_days(sitter) if key in among and own in {None, key}]
        if not mine:
            return None
        for key in mine:
            goes[sitter.key, key] = model.new_bool_var("")
        model.add_exactly_one(goes[sitter.key, key] for key in mine)
    for keys in problem.twins:
        for day in range(len(problem.days)):
            model.add_at_most_one(
                var for (key, (_panel, on)), var in goes.items() if key in keys and on == day
            )
    return goes
