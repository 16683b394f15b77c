"""Juries made of those who may sit: regular each day, and at least one for each candidate (X-03; OR-Tools CP-SAT).

A jury is formed for the season and reused: each day, as many juries without a common member as can
be, those already formed first; then further ones for candidates whose links bar them all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from random import Random

from ortools.sat.python import cp_model

from acquis.certification.juries import policy as jury
from acquis.certification.planning.modelling import FOUND, solver_for
from acquis.certification.planning.problem import Panel, Sitter

MOST_TRIED = 6000  # juries looked at for one day
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Seat:
    """A juror as a jury counts them; `away` are the days they cannot sit or are not regular."""

    key: int
    is_external: bool
    is_specialist: bool = False
    experience_years: int = 0
    away: frozenset[int] = frozenset()
    represents: str = ""


@dataclass(frozen=True, slots=True)
class Composition:
    """What each jury must be: its size, its externals (never less than half), a specialist.

    `named` are the seats that the framework gives to those who represent somebody (X-09).
    """

    size: int = 2
    external_min: int = 0
    specialist: bool = False
    named: tuple[jury.Seat, ...] = ()

    def accepts(self, members: Sequence[Seat]) -> bool:
        external = sum(member.is_external for member in members)
        return (
            len(members) == self.size
            and 2 * external >= self.size
            and external >= self.external_min
            and (not self.specialist or any(member.is_specialist for member in members))
            and all(_is_filled(seat, members) for seat in self.named)
        )


def _is_filled(seat: jury.Seat, members: Sequence[Seat]) -> bool:
    found = sum(jury.matches(seat.represents, member.represents) for member in members)
    return seat.minimum <= found and (seat.maximum is None or found <= seat.maximum)


def form(
    seats: Sequence[Seat], days: int, composition: Composition, sitters: Iterable[Sitter]
) -> tuple[Panel, ...]:
    """The juries of the season, numbered from 1; the member with most experience comes first.

    Empty when nobody makes a regular jury on any day.
    """
    formed: dict[frozenset[int], tuple[Seat, ...]] = {}
    for day in range(days):
        present = [seat for seat in seats if day not in seat.away]
        for members in _apart(_regular(present, composition), formed):
            formed.setdefault(_keys(members), members)
    for sitter in sitters:
        if not _has_one(sitter, formed.values(), days):
            for members in _regular([s for s in seats if s.key not in sitter.barred], composition):
                if _meets(sitter, members, days):
                    formed.setdefault(_keys(members), members)
                    break
    return tuple(
        Panel(number, tuple(seat.key for seat in sorted(members, key=_precedence)))
        for number, members in enumerate(formed.values(), start=1)
    )


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


def _has_one(sitter: Sitter, formed: Iterable[tuple[Seat, ...]], days: int) -> bool:
    return any(
        not sitter.barred & _keys(members) and _meets(sitter, members, days) for members in formed
    )


def _meets(sitter: Sitter, members: Sequence[Seat], days: int) -> bool:
    """Whether there is a day on which all of them and the candidate are there."""
    return any(
        day not in sitter.away and all(day not in seat.away for seat in members)
        for day in range(days)
    )
