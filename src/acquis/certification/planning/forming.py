"""Juries made of those who may sit: regular each day, and at least one for each candidate (X-03; OR-Tools CP-SAT).

A jury is formed for the season and reused: each day, as many juries without a common member as can
be, those already formed first; then further ones for candidates whose links bar them all.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, islice
from random import Random

from ortools.sat.python import cp_model

from acquis.certification.planning.benches import Bench, Composition, Seat
from acquis.certification.planning.modelling import FOUND, solver_for
from acquis.certification.planning.problem import Panel, Sitter

MOST_TRIED = 6000  # juries looked at for one day
SECONDS = 5.0


def form(benches: Iterable[Bench], days: int, sitters: Iterable[Sitter]) -> tuple[Panel, ...]:
    """The juries of the season, numbered from 1; the member with most experience comes first.

    Those of the exams that ask for most are formed first: the others then take them too. Empty when
    nobody makes a regular jury on any day.
    """
    by_key = {bench.key: bench for bench in benches}
    formed: dict[frozenset[int], tuple[Seat, ...]] = {}
    for bench in sorted(by_key.values(), key=_demands):
        for day in range(days):
            present = [seat for seat in bench.seats if day not in seat.away]
            for members in _apart(_regular(present, bench.composition), formed):
                formed.setdefault(_keys(members), members)
    for sitter in sitters:
        bench = by_key[sitter.bench]
        if not any(_may_hear(sitter, bench, keys, days) for keys in formed):
            free = [seat for seat in bench.seats if seat.key not in sitter.barred]
            for members in _regular(free, bench.composition):
                if _meets(sitter, members, days):
                    formed.setdefault(_keys(members), members)
                    break
    return tuple(
        Panel(number, tuple(seat.key for seat in sorted(members, key=_precedence)))
        for number, members in enumerate(formed.values(), start=1)
    )


def _demands(bench: Bench) -> tuple[bool, int, int, int]:
    """What asks for most comes first."""
    asked = bench.composition
    return not asked.specialist, -len(asked.named), -asked.external_min, bench.key


def _precedence(seat: Seat) -> tuple[int, int]:
    return -seat.experience_years, seat.key


def _keys(members: Iterable[Seat]) -> frozenset[int]:
    return frozenset(seat.key for seat in members)


def _regular(present: Sequence[Seat], composition: Composition) -> list[tuple[Seat, ...]]:
    """Juries that may sit, in an order that does not favour anybody."""
    shuffled = list(present)
    Random(1).shuffle(shuffled)  # noqa: S311  an order, nothing secret
    tried = islice(combinations(shuffled, composition.size), MOST_TRIED)
    return [members for members in tried if composition.accepts(members)]


def _apart(
    possible: Sequence[tuple[Seat, ...]], formed: Mapping[frozenset[int], object]
) -> list[tuple[Seat, ...]]:
    """As many as can sit at once, each juror in one; those already formed count a little more."""
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _members in possible]
    by_juror: dict[int, list[cp_model.IntVar]] = {}
    for var, members in zip(chosen, possible, strict=True):
        for seat in members:
            by_juror.setdefault(seat.key, []).append(var)
    for several in by_juror.values():
        model.add_at_most_one(several)
    known = len(by_juror) + 1
    model.maximize(
        sum(
            var * (known + (_keys(members) in formed))
            for var, members in zip(chosen, possible, strict=True)
        )
    )
    solver = solver_for(SECONDS)
    if solver.solve(model) not in FOUND:
        return []
    return [members for var, members in zip(chosen, possible, strict=True) if solver.value(var)]


def _may_hear(sitter: Sitter, bench: Bench, keys: frozenset[int], days: int) -> bool:
    if sitter.barred & keys:
        return False
    members = bench.members(sorted(keys))
    return bench.composition.accepts(members) and _meets(sitter, members, days)


def _meets(sitter: Sitter, members: Sequence[Seat], days: int) -> bool:
    """Whether there is a day on which all of them and the candidate are there."""
    return any(
        day not in sitter.away and all(day not in seat.away for seat in members)
        for day in range(days)
    )
