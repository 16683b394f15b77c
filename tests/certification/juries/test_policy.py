import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification import frameworks
from acquis.certification.juries import policy, presentation
from acquis.certification.juries.policy import JuryRules, Link, Member, Seat

DAY = date(2026, 11, 20)


def member(key: int = 1, **fields) -> Member:
    values = {
        "name": "Paul Le Goff",
        "is_external": True,
        "experience_years": 8,
        "briefed_on": date(2026, 1, 15),
        "accredited_from": date(2025, 1, 1),
        "accredited_to": date(2027, 12, 31),
    }
    return Member(key=key, **(values | fields))


def codes(*members: Member, links=(), rules: JuryRules | None = None, on: date = DAY) -> list[str]:
    return [fault.code for fault in policy.jury_faults(members, links, rules or JuryRules(), on)]


def test_two_regular_members_may_sit() -> None:
    assert codes(member(1), member(2, is_external=False)) == []


def test_one_member_is_no_jury_and_neither_is_none() -> None:
    assert codes(member(1)) == ["too_few"]
    assert codes() == ["too_few"]


@pytest.mark.parametrize(
    ("external", "internal", "faults"),
    [(1, 1, []), (2, 1, []), (1, 2, ["too_few_external"]), (0, 2, ["too_few_external"])],
)
def test_at_least_half_comes_from_outside(external: int, internal: int, faults: list[str]) -> None:
    people = [member(key, is_external=key < external) for key in range(external + internal)]
    assert codes(*people) == faults


@given(st.integers(0, 12), st.integers(0, 12))
def test_half_is_counted_in_whole_members(external: int, internal: int) -> None:
    people = [member(key, is_external=key < external) for key in range(external + internal)]
    assert ("too_few_external" in codes(*people)) == (external < internal)


@pytest.mark.parametrize(
    ("left", "faults"),
    [
        (date(2021, 11, 19), ["left_too_long_ago"]),
        (date(2021, 11, 20), []),
        (date(2026, 11, 19), []),
        (None, []),
    ],
)
def test_five_years_since_the_job_was_left_are_counted_to_the_day(left, faults: list[str]) -> None:
    assert codes(member(1, left_job_on=left), member(2)) == faults


def test_five_years_after_a_29_february_end_on_the_28th() -> None:
    assert policy.years_later(date(2024, 2, 29), 5) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"experience_years": 2}, "inexperienced"),
        ({"briefed_on": None}, "not_briefed"),
        ({"briefed_on": DAY + timedelta(days=1)}, "not_briefed"),
        ({"accredited_from": None}, "not_accredited"),
        ({"accredited_from": DAY + timedelta(days=1)}, "not_accredited"),
        ({"accredited_to": DAY - timedelta(days=1)}, "not_accredited"),
    ],
)
def test_what_bars_one_member(fields, fault: str) -> None:
    assert codes(member(1, **fields), member(2)) == [fault]


def test_the_first_and_last_days_of_an_accreditation_count() -> None:
    edge = member(1, briefed_on=DAY, accredited_from=DAY, accredited_to=DAY, experience_years=3)
    assert codes(edge, member(2, accredited_to=None)) == []


def test_a_declared_link_with_a_candidate_bars_and_one_of_nobody_here_does_not() -> None:
    links = [Link(1, "Awa Martin", "trainer"), Link(9, "Awa Martin", "family")]
    faults = policy.jury_faults([member(1), member(2)], links, JuryRules(), DAY)
    assert [fault.code for fault in faults] == ["linked"]
    assert "a formé le candidat" in presentation.sentence(faults[0])


def test_the_rules_of_a_framework_complete_those_of_the_book() -> None:
    filea = {
        "rules": {
            "jury": {
                "members_min": 2,
                "members_max": 3,
                "independent_min": 2,
                "experience_years_min": 3,
                "left_years_max": 5,
                "briefing_hours": 2,
            }
        }
    }
    rules = policy.rules_from(filea)
    hours = {"briefing_hours": Fraction(2)}
    people = [member(1, **hours), member(2, is_external=False, **hours)]
    assert codes(*people, rules=rules) == ["too_few_independent"]
    assert codes(*[member(key, **hours) for key in range(4)], rules=rules) == ["too_many"]
    assert policy.rules_from({"rules": {}}) == JuryRules()
    assert policy.rules_from({"rules": {"jury": {"members_min": 1}}}).members_min == 2


def test_every_fault_has_its_sentence_and_its_rule() -> None:
    bad = member(
        1,
        is_external=False,
        experience_years=1,
        left_job_on=date(2015, 1, 1),
        briefed_on=None,
        accredited_from=None,
    )
    rules = JuryRules(members_min=4, members_max=2)
    people = [bad, replace(bad, key=2), replace(bad, key=3)]
    links = [Link(1, "Awa Martin", "employer")]
    faults = policy.jury_faults(people, links, rules, DAY)
    faults += policy.jury_faults(
        [replace(bad, is_external=True)], (), JuryRules(external_min=2), DAY
    )
    seats = (Seat("FILEA"), Seat("monde", 1, 1))
    told = JuryRules(briefing_hours=Fraction(2), specialities=("rétention",), seats=seats)
    world = [member(key, represents="Monde") for key in (1, 2)]
    faults += policy.jury_faults(world, (), told, DAY)
    assert {fault.code for fault in faults} == set(presentation.SENTENCES)
    for fault in faults:
        assert fault.rule.startswith("X-")
        assert "%" not in presentation.sentence(fault)


members = st.builds(
    member,
    key=st.integers(1, 10_000),
    is_external=st.booleans(),
    experience_years=st.integers(0, 40),
    left_job_on=st.none() | st.dates(date(2010, 1, 1), DAY),
)


@given(st.lists(members, max_size=6), members)
def test_one_more_juror_never_loses_the_quorum(jury: list[Member], newcomer: Member) -> None:
    if "too_few" not in codes(*jury):
        assert "too_few" not in codes(*jury, newcomer)


@given(st.lists(members, max_size=6), members)
def test_one_more_outsider_never_loses_the_share_of_outsiders(jury, newcomer: Member) -> None:
    outside = {"too_few_external", "too_few_independent"}
    joined = codes(*jury, replace(newcomer, is_external=True))
    if jury and not outside & set(codes(*jury)):
        assert not outside & set(joined)


@given(st.dates(date(2000, 1, 1), DAY), st.integers(0, 3650))
def test_a_juror_barred_by_time_stays_barred_later(left: date, days: int) -> None:
    one = member(1, left_job_on=left, accredited_to=None)
    if "left_too_long_ago" in codes(one, member(2, accredited_to=None)):
        later = codes(one, member(2, accredited_to=None), on=DAY + timedelta(days=days))
        assert "left_too_long_ago" in later


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 10))
def test_years_end_on_their_anniversary_and_not_a_day_after(left: date, years: int) -> None:
    last = policy.years_later(left, years)
    rules = JuryRules(left_years_max=years)
    one = member(1, left_job_on=left)
    on_time, a_day_later = (
        [fault.code for fault in policy.member_faults(one, rules, day)]
        for day in (last, last + timedelta(days=1))
    )
    assert "left_too_long_ago" not in on_time
    assert "left_too_long_ago" in a_day_later
    assert (last.year, last.month) == (left.year + years, left.month)
    assert last.day in {left.day, 28}


def catalogue(name: str) -> dict:
    folder = Path(frameworks.__file__).parent / "catalogue"
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_the_second_block_of_crcd_asks_for_retention() -> None:
    content = catalogue("crcd-tp-00483-06.json")
    assert policy.rules_from(content, "CCP2").specialities == ("rétention client",)
    assert policy.rules_from(content, "CCP1").specialities == ()
    rules = policy.rules_from(content, "CCP2")
    assert codes(member(1), member(2), rules=rules) == ["speciality_missing"]
    assert codes(member(1, specialities=("Rétention",)), member(2), rules=rules) == []


def test_the_jury_of_filea_is_one_of_theirs_and_one_or_two_of_the_economic_world() -> None:
    rules = policy.rules_from(catalogue("filea-appels-sortants.json"))
    assert rules.seats == (Seat("FILEA", 1, 1), Seat("monde économique", 1, 2))
    assert (rules.members_min, rules.members_max, rules.briefing_hours) == (2, 3, 2)

    def sits(key: int, represents: str, hours: Fraction | None = Fraction(2)) -> Member:
        return member(key, represents=represents, briefing_hours=hours)

    filea, world = sits(1, "FILEA"), sits(2, "Monde économique")
    assert codes(filea, world, rules=rules) == []
    assert codes(world, sits(3, "monde économique"), rules=rules) == ["seat_empty"]
    assert codes(filea, world, sits(3, "Filea"), rules=rules) == ["seat_crowded"]
    short = sits(2, "Monde économique", Fraction(3, 2))
    assert codes(filea, short, rules=rules) == ["briefed_too_briefly"]
    assert codes(filea, sits(2, "Monde économique", None), rules=rules) == ["briefed_too_briefly"]


def test_an_experience_that_names_no_block_is_asked_everywhere() -> None:
    content = {"rules": {"jury": {"notes": ["Un membre a une expérience du recouvrement."]}}}
    assert policy.rules_from(content, "B1").specialities == ("recouvrement",)
