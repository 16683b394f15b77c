"""What a hand that drags may break is named; what the solver made breaks nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from acquis.certification.planning.checking import violations
from acquis.certification.planning.placing import duties_for, joined, with_rooms
from acquis.certification.planning.problem import (
    Duty,
    Panel,
    Placed,
    Problem,
    Room,
    Sitter,
    Step,
    Unplaceable,
)
from tests.certification.planning.instances import DAY, oral, problem, title_exam

ASKED = problem(
    sitters=tuple(Sitter(number, title_exam(), frozenset({21})) for number in (1, 2)),
    turnover=5,
)
# Written from 8:30; the first prepares at 9:45 and leaves at 12:15, the second begins at 13:30.
FIRST = Placed(
    1, 0, 1, alone_at=585, together_at=510, marking_at=600, jury_room=101, seat_rooms=(1, 1, 1)
)
SECOND = Placed(
    2, 0, 1, alone_at=810, together_at=510, marking_at=825, jury_room=101, seat_rooms=(1, 1, 1)
)


def codes(problem: Problem, *placed: Placed, duties: list[Duty] | None = None) -> set[str]:
    return {one.code for one in violations(problem, placed, duties)}


def test_two_titles_before_one_jury_are_held() -> None:
    assert violations(ASKED, (FIRST, SECOND), duties_for(ASKED, (FIRST, SECOND))) == []


Change = Callable[[Placed], Placed]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"panel": 2, "jury_room": 102}, "not_independent"),
        ({"alone_at": 575}, "out_of_order"),
        ({"together_at": None, "seat_rooms": (1, 1)}, "not_placed"),
        ({"marking_at": None}, "marked_too_late"),
        ({"marking_at": 570}, "marked_too_late"),
        ({"marking_at": 1000}, "marked_too_late"),
        ({"alone_at": 812}, "off_grid"),
        ({"alone_at": 700}, "closed"),
        ({"alone_at": 1000}, "closed"),
        ({"together_at": 480}, "closed"),
        ({"alone_at": 590}, "jury_busy"),
        ({"jury_room": None}, "no_jury_room"),
        ({"jury_room": 1}, "no_jury_room"),
        ({"seat_rooms": (1, 1)}, "no_seat"),
        ({"seat_rooms": (1, 101, 1)}, "no_seat"),
        ({"sitter": 1}, "placed_twice"),
    ],
)
def test_each_rule_broken_by_hand_is_named(change: dict[str, object], code: str) -> None:
    assert code in codes(ASKED, FIRST, replace(SECOND, **change))  # type: ignore[arg-type]


def test_the_rest_between_two_candidates_is_theirs() -> None:
    """The first is heard until 12:15; marking at 12:15 leaves the jury no five minutes."""
    early = replace(SECOND, marking_at=735)

    assert codes(ASKED, FIRST, early) == {"jury_busy"}
    assert codes(replace(ASKED, turnover=0), FIRST, early) == set()


def test_who_is_away_is_named() -> None:
    away = replace(
        ASKED,
        sitters=(replace(ASKED.sitters[0], away=frozenset({0})), ASKED.sitters[1]),
        away={12: frozenset({0})},
    )

    found = violations(away, (FIRST, SECOND))

    assert [(one.code, one.sitters, one.juror) for one in found] == [
        ("candidate_away", (1,), None),
        ("juror_away", (1,), 12),
        ("juror_away", (2,), 12),
    ]


def test_who_is_nowhere_is_named() -> None:
    assert [(one.code, one.sitters) for one in violations(ASKED, (FIRST,))] == [
        ("not_placed", (2,))
    ]


def test_no_juror_sits_twice_a_day_and_no_jury_beyond_its_number() -> None:
    orals = problem(
        sitters=tuple(Sitter(number, oral()) for number in (1, 2)),
        panels=(Panel(1, (11, 12)), Panel(2, (12, 13))),
        most_a_day=1,
    )
    one = Placed(1, 0, 1, alone_at=540, jury_room=101)

    assert codes(orals, one, Placed(2, 0, 2, alone_at=660, jury_room=102)) == {
        "juror_in_two_juries"
    }
    assert codes(orals, one, Placed(2, 0, 1, alone_at=660, jury_room=101)) == {"too_many_a_day"}
    assert codes(orals, one, Placed(2, 0, 2, alone_at=660, jury_room=101)) == {
        "juror_in_two_juries",
        "jury_room_taken",
    }


def test_a_room_holds_its_workstations() -> None:
    narrow = replace(ASKED, rooms=(Room(1, 1), Room(101)))

    full = [one for one in violations(narrow, (FIRST, SECOND)) if one.code == "room_full"]

    assert [(one.room, one.at) for one in full] == [(1, 510)]


def test_whoever_works_is_watched_by_somebody_who_is_there() -> None:
    placed = (FIRST, SECOND)
    duties = duties_for(ASKED, placed)

    assert "not_invigilated" in codes(ASKED, *placed, duties=duties[1:])
    twice = [*duties, replace(duties[0], room=9)]
    assert "invigilator_in_two_rooms" in codes(ASKED, *placed, duties=twice)


# ---- Rooms and invigilators ----


def test_a_second_room_is_opened_when_the_first_is_full() -> None:
    asked = problem(rooms=(Room(1, 2), Room(2, 2), Room(101)))
    rows = [
        Placed(number, 0, 1, alone_at=900, together_at=510, marking_at=600) for number in (1, 2, 3)
    ]

    placed = with_rooms(asked, rows)

    assert sorted(one.seat_rooms[0] for one in placed) == [1, 1, 2]
    assert {duty.invigilator for duty in duties_for(asked, placed)} == {1, 2}


def test_one_invigilator_goes_from_room_to_room() -> None:
    asked = problem(rooms=(Room(1, 2), Room(101)))
    rows = with_rooms(asked, [Placed(1, 0, 1, alone_at=900, together_at=510, marking_at=600)])

    assert duties_for(asked, rows) == [
        Duty(0, 1, 1, 510, 585),
        Duty(0, 1, 1, 900, 945),
        Duty(0, 1, 1, 1005, 1015),
    ]


def test_more_people_or_juries_than_places_is_refused() -> None:
    rows = [Placed(number, 0, number, alone_at=900, together_at=510) for number in (1, 2)]
    with pytest.raises(Unplaceable):
        with_rooms(problem(rooms=(Room(1, 1), Room(101), Room(102))), rows)
    with pytest.raises(Unplaceable):
        with_rooms(problem(rooms=(Room(1, 4), Room(101))), rows)


def test_spans_that_touch_are_one() -> None:
    assert joined([(3, 4), (1, 2), (2, 3), (6, 7)]) == [(1, 4), (6, 7)]


# ---- An exam in its parts ----


def test_an_exam_says_what_it_needs_and_when() -> None:
    exam = title_exam()

    assert (exam.together_minutes, exam.alone_minutes, exam.jury_minutes) == (75, 150, 110)
    assert exam.marks_due == 115
    assert exam.stays(510, 600) == [(510, 585), (600, 645), (705, 715)]
    assert exam.hearings(600) == [(645, 705), (715, 750)]
    assert exam.hearings(600, turnover=5) == [(645, 705), (715, 755)]
    assert replace(exam, marked_before="").marks_due == 150
    assert replace(exam, alone=(Step("a", 10, seat=True),)).hearings(0) == []


def test_a_third_more_time_makes_300_minutes() -> None:
    longer = title_exam(1 / 3)

    assert longer.together_minutes + longer.alone_minutes == 301  # 13,33 is 14, phase by phase
    assert DAY.minutes == 540
