"""Timetables found, their bounds, and what no timetable can hold."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquis.certification.planning.checking import violations
from acquis.certification.planning.problem import (
    Day,
    Panel,
    Plan,
    Problem,
    Room,
    Sitter,
    Unplaceable,
)
from acquis.certification.planning.replanning import replan
from acquis.certification.planning.solving import solve
from acquis.certification.planning.standing_in import substitutes, with_member
from tests.certification.planning.instances import DAY, oral, problem, season, title_exam

QUICK = 0.2  # seconds to shorten a day: waits are not what these tests look at


def test_six_titles_take_two_jury_days_and_keep_every_rule() -> None:
    asked = problem()

    plan = solve(asked, day_seconds=QUICK)

    assert violations(asked, plan.placed, plan.duties) == []
    assert len(plan.jury_days) == 2  # three candidates a jury and a day, at 110 minutes of it each
    assert plan.proofs[0].part == "jury_days"
    assert plan.proofs[0].is_optimal


def test_a_season_shares_jurors_rooms_and_hours() -> None:
    asked = season(12)

    plan = solve(asked, day_seconds=QUICK)

    assert violations(asked, plan.placed, plan.duties) == []
    assert plan.proofs[0].is_optimal
    assert all(proof.bound <= proof.value for proof in plan.proofs)


def test_nothing_to_place_is_a_plan() -> None:
    assert solve(problem(sitters=())) == Plan((), (), ())


def test_a_longer_exam_weighs_more_on_its_jury() -> None:
    """Three usual titles fill a jury's day; with a third more time each takes a day of its own."""
    longer = problem(
        sitters=tuple(Sitter(number, title_exam(1 / 3)) for number in (1, 2, 3)),
        panels=(Panel(1, (11, 12)),),
        days=(DAY, DAY, DAY),
    )

    plan = solve(longer, day_seconds=QUICK)

    assert violations(longer, plan.placed, plan.duties) == []
    assert len(plan.jury_days) == 3


def test_workstations_bound_how_many_sit_at_once() -> None:
    """One workstation: two written parts never overlap."""
    asked = problem(
        sitters=problem().sitters[:3], rooms=(Room(1, 1), Room(101)), panels=(Panel(1, (11, 12)),)
    )

    plan = solve(asked, day_seconds=QUICK)

    assert violations(asked, plan.placed, plan.duties) == []


def test_what_fits_no_day_says_which_candidates() -> None:
    short = Day(540, 720)
    with pytest.raises(Unplaceable) as refusal:
        solve(problem(days=(short,), sitters=(Sitter(1, title_exam()), Sitter(2, oral()))))

    assert (refusal.value.code, refusal.value.sitters) == ("day_too_short", (1,))


def test_whom_no_jury_may_judge_is_named() -> None:
    barred = frozenset({11, 22})
    with pytest.raises(Unplaceable) as refusal:
        solve(problem(sitters=(Sitter(1, oral()), Sitter(7, oral(), barred))))

    assert (refusal.value.code, refusal.value.sitters) == ("independence", (7,))


@pytest.mark.parametrize(
    "fields",
    [
        {"rooms": (Room(1, 4),)},
        {"days": (DAY,), "panels": (Panel(1, (11, 12)),)},
        {"panels": (Panel(1, (11, 12)), Panel(2, (12, 13))), "days": (DAY,)},
        {"most_a_day": 1},
    ],
    ids=["no jury room", "one jury-day for six", "one juror in both juries", "one a day"],
)
def test_what_juries_and_rooms_cannot_hold_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(Unplaceable) as refusal:
        solve(problem(**fields), day_seconds=QUICK)

    assert refusal.value.code == "capacity"


def test_few_workstations_spread_the_candidates_over_days() -> None:
    """The day does not hold what its juries do: the plan learns it, and uses another day."""
    asked = problem(rooms=(Room(1, 1), Room(101), Room(102)), sitters=problem().sitters[:4])

    plan = solve(asked, day_seconds=QUICK)

    assert violations(asked, plan.placed, plan.duties) == []
    assert {one.day for one in plan.placed} == {0, 1}


oral_problems = st.builds(
    lambda people, minutes, away: Problem(
        sitters=tuple(
            Sitter(number, oral(minutes), frozenset(barred)) for number, barred in enumerate(people)
        ),
        panels=(Panel(1, (1, 2)), Panel(2, (2, 3)), Panel(3, (4, 5))),
        rooms=(Room(101), Room(102)),
        days=(Day(540, 720), Day(540, 660)),
        away={juror: frozenset(days) for juror, days in away.items()},
    ),
    st.lists(st.sets(st.integers(1, 5), max_size=2), min_size=1, max_size=7),
    st.sampled_from([45, 60, 90]),
    st.dictionaries(st.integers(1, 5), st.sets(st.integers(0, 1)), max_size=3),
)


@given(oral_problems)
@settings(max_examples=25)
def test_a_plan_is_kept_and_its_jury_days_are_the_fewest(asked: Problem) -> None:
    """Against every set of jury-days tried one by one."""
    fewest = _fewest(asked)
    try:
        plan = solve(asked, day_seconds=QUICK)
    except Unplaceable:
        assert fewest is None
        return
    assert violations(asked, plan.placed, plan.duties) == []
    assert len(plan.jury_days) == fewest
    assert plan.proofs[0].bound == fewest


def _fewest(asked: Problem) -> int | None:
    """The least number of jury-days, by trying all of them (orals only: a jury holds so many a day)."""
    most = [day.minutes // asked.sitters[0].exam.alone_minutes for day in asked.days]
    could = [
        (panel, day)
        for panel in asked.panels
        for day in range(len(asked.days))
        if asked.sits(panel, day)
    ]
    for number in range(1, len(could) + 1):
        for chosen in combinations(could, number):
            if _regular(chosen) and _all_heard(asked, chosen, most):
                return number
    return None


def _regular(chosen: tuple[tuple[Panel, int], ...]) -> bool:
    """No juror in two juries of a day, no more juries than the two rooms."""
    for day in (0, 1):
        there = [panel for panel, on in chosen if on == day]
        members = [member for panel in there for member in panel.members]
        if len(members) != len(set(members)) or len(there) > 2:
            return False
    return True


def _all_heard(asked: Problem, chosen: tuple[tuple[Panel, int], ...], most: list[int]) -> bool:
    """Whether everybody finds a place: augmenting paths from candidates to seats before juries."""
    seats = [(panel, rank) for panel, day in chosen for rank in range(most[day]) for _ in (day,)]
    places = [panel for panel, _rank in seats]
    taken: dict[int, int] = {}

    def placed(sitter: Sitter, seen: set[int]) -> bool:
        for place, panel in enumerate(places):
            if place not in seen and asked.judges(panel, sitter):
                seen.add(place)
                if place not in taken or placed(asked.sitter_of[taken[place]], seen):
                    taken[place] = sitter.key
                    return True
        return False

    return all(placed(sitter, set()) for sitter in asked.sitters)


# ---- Somebody cannot come ----


@pytest.fixture(scope="module")
def asked() -> Problem:
    return problem(days=(DAY, DAY, DAY), panels=(*problem().panels, Panel(3, (31, 32))))


@pytest.fixture(scope="module")
def plan(asked: Problem) -> Plan:
    return solve(asked, day_seconds=QUICK)


def test_who_falls_ill_is_replaced_without_a_change_of_hours(asked: Problem, plan: Plan) -> None:
    panel, day = min(plan.jury_days)
    ill = asked.panel_of[panel].members[0]
    heard = [one.sitter for one in plan.placed if (one.panel, one.day) == (panel, day)]
    linked = replace(asked.sitter_of[heard[0]], barred=frozenset({91}))
    known = replace(
        asked,
        sitters=tuple(linked if one.key == linked.key else one for one in asked.sitters),
        away={ill: frozenset({day}), 92: frozenset({day})},
    )

    found = substitutes(known, plan, panel, day, {90, 91, 92})

    assert found == [90]  # 91 is linked with one of the candidates, 92 is away
    replaced, other = with_member(known, plan, panel, day, ill, 90)
    assert violations(replaced, other.placed, other.duties) == []
    assert replaced.panel_of[panel] == asked.panel_of[panel]  # on its other days nothing changes
    assert [(a.alone_at, a.jury_room) for a in other.placed] == [
        (b.alone_at, b.jury_room) for b in plan.placed
    ]


def test_where_nobody_replaces_them_only_their_candidates_move(asked: Problem, plan: Plan) -> None:
    panel, day = min(plan.jury_days)
    ill = asked.panel_of[panel].members[0]
    known = replace(asked, away={ill: frozenset({day})})
    before = {one.sitter: (one.panel, one.day) for one in plan.placed}
    gone = {key for key, jury_day in before.items() if jury_day == (panel, day)}

    other = replan(known, plan, day_seconds=QUICK)

    assert violations(known, other.placed, other.duties) == []
    moved = {one.sitter for one in other.placed if before[one.sitter] != (one.panel, one.day)}
    assert moved == gone
    assert (other.proofs[0].part, other.proofs[0].value) == ("moved", len(gone))
    assert other.proofs[0].is_optimal


def test_nothing_changes_when_nothing_happened(asked: Problem, plan: Plan) -> None:
    same = replan(asked, plan, day_seconds=QUICK)

    assert same.placed == plan.placed
    assert [proof.value for proof in same.proofs] == [0]


def test_when_nobody_is_left_to_judge_the_refusal_says_so(asked: Problem, plan: Plan) -> None:
    nobody = replace(
        asked,
        away={juror: frozenset({0, 1, 2}) for panel in asked.panels for juror in panel.members},
    )
    with pytest.raises(Unplaceable) as refusal:
        replan(nobody, plan)
    assert refusal.value.code == "independence"
