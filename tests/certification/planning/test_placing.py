"""The workstation of each stay: one that is free, and still theirs when others move."""

from dataclasses import replace

from acquis.certification.planning.placing import Stay, workstations
from acquis.certification.planning.problem import Placed, Problem, Room, Sitter
from tests.certification.planning.instances import problem, title_exam

ASKED = problem(
    sitters=tuple(Sitter(number, title_exam(), frozenset({21})) for number in (1, 2, 3)),
)
# All three write from 8:30; the first prepares at 9:45.
FIRST = Placed(
    1, 0, 1, alone_at=585, together_at=510, marking_at=600, jury_room=101, seat_rooms=(1, 1, 1)
)
SECOND = replace(FIRST, sitter=2, alone_at=810)
THIRD = replace(FIRST, sitter=3, alone_at=900)


def numbered(
    asked: Problem, *placed: Placed, former: dict[Stay, int] | None = None
) -> dict[int, list[int]]:
    """The workstations of each candidate, in the order of their stays."""
    found = workstations(asked, placed, former)
    return {
        one.sitter: [found[one.sitter, rank] for rank in range(len(one.seat_rooms))]
        for one in placed
    }


def former_of(asked: Problem, *placed: Placed) -> dict[Stay, int]:
    numbers = workstations(asked, placed)
    return {
        (one.day, room, *span, one.sitter): numbers[one.sitter, rank]
        for one in placed
        for rank, (room, span) in enumerate(
            zip(
                one.seat_rooms,
                asked.sitter_of[one.sitter].exam.stays(one.together_at, one.alone_at),
                strict=True,
            )
        )
    }


def test_two_who_sit_at_once_have_two_workstations() -> None:
    found = numbered(ASKED, FIRST, SECOND, THIRD)
    assert [found[sitter][0] for sitter in (1, 2, 3)] == [1, 2, 3]


def test_who_stays_where_they_were_keeps_the_number() -> None:
    former = former_of(ASKED, FIRST, SECOND, THIRD)

    left = numbered(ASKED, SECOND, THIRD, former=former)
    assert [left[sitter][0] for sitter in (2, 3)] == [2, 3]
    assert numbered(ASKED, SECOND, THIRD)[2][0] == 1

    back = numbered(ASKED, replace(FIRST, alone_at=600), SECOND, THIRD, former=former)
    assert [back[sitter][0] for sitter in (1, 2, 3)] == [1, 2, 3]


def test_numbers_kept_give_way_when_the_room_is_too_small_for_them() -> None:
    narrow = replace(ASKED, rooms=(Room(1, 2), Room(101)))
    former = former_of(ASKED, FIRST, SECOND, THIRD)

    found = numbered(narrow, SECOND, THIRD, former=former)

    assert [found[sitter][0] for sitter in (2, 3)] == [1, 2]
