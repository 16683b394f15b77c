"""What the jury of an exam must be, and its jurors as its rules see them; pure (X-03, X-09).

Jurors are shared by the exams of a plan; each exam has rules of its own, so that a jury may be regular
for one and not for another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from acquis.certification.juries import policy as jury


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


@dataclass(frozen=True)
class Bench:
    """The juries of one exam: what they must be, and its jurors as its rules see them."""

    key: int
    composition: Composition
    seats: tuple[Seat, ...]

    @cached_property
    def seat_of(self) -> Mapping[int, Seat]:
        return {seat.key: seat for seat in self.seats}

    def members(self, keys: Iterable[int]) -> list[Seat]:
        return [self.seat_of[key] for key in keys]


def unfit_of(
    members: Iterable[int], benches: Iterable[Bench], days: int, away: Mapping[int, frozenset[int]]
) -> frozenset[tuple[int, int]]:
    """For which exams this jury is not regular, on which days; `away` are those known by juror."""
    keys = tuple(members)
    unfit = set()
    for bench in benches:
        seats = bench.members(keys)
        gone = {day for seat in seats for day in seat.away - away.get(seat.key, frozenset())}
        whole = range(days) if not bench.composition.accepts(seats) else gone
        unfit |= {(bench.key, day) for day in whole}
    return frozenset(unfit)
