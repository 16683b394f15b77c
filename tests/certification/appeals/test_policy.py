from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.certification.appeals import policy
from acquis.certification.appeals.models import Appeal, CommitteeMember

KNOWN = date(2026, 11, 30)


def test_the_delay_runs_from_the_result_and_its_last_day_counts() -> None:
    last = policy.last_day(KNOWN, 60)
    assert last == date(2027, 1, 29)
    assert not policy.is_late(last, last)
    assert policy.is_late(last + timedelta(days=1), last)


def test_no_delay_is_opposed_where_none_is_stated_or_no_result_is_known() -> None:
    assert policy.last_day(KNOWN, None) is None
    assert policy.last_day(None, 60) is None
    assert not policy.is_late(date(2040, 1, 1), None)


@pytest.mark.parametrize(
    ("conditions", "faults", "admitting", "refusing"),
    [
        ((True, True, True), (), False, True),
        ((False, True, True), ("late",), True, True),
        ((True, False, False), ("standing", "form"), True, True),
    ],
)
def test_when_reasons_are_asked(conditions, faults, admitting: bool, refusing: bool) -> None:
    found = policy.Admissibility(*conditions)
    assert found.faults == faults
    assert policy.reason_needed(found, admissible=True) is admitting
    assert policy.reason_needed(found, admissible=False) is refusing


def test_who_may_not_examine() -> None:
    assert policy.bars(1, jurors={1, 2}, candidate=3) == "juror"
    assert policy.bars(3, jurors={1, 2}, candidate=3) == "candidate"
    assert policy.bars(4, jurors={1, 2}, candidate=None) == ""


@given(st.lists(st.sampled_from(["accept", "reject"]), min_size=3, max_size=3))
def test_the_majority_of_three_decides(voices: list[str]) -> None:
    found = policy.outcome(dict(zip(policy.QUALITIES, voices, strict=True)))
    assert found == ("accepted" if voices.count("accept") >= 2 else "rejected")


@given(
    st.dictionaries(st.sampled_from(policy.QUALITIES), st.sampled_from(["accept", "reject", ""]))
)
def test_nobody_decides_alone(voices: dict[str, str]) -> None:
    whole = all(voices.get(quality) for quality in policy.QUALITIES)
    assert bool(policy.outcome(voices)) is whole


def test_the_rules_speak_of_what_there_is() -> None:
    assert set(CommitteeMember.Quality.values) == set(policy.QUALITIES) == set(policy.ROLES_OF)
    assert set(policy.ROLES_OF.values()) <= set(Role.values)
    assert set(Appeal.State.values) >= policy.IN_HAND
