from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.exam_sessions.models import Incident
from acquis.certification.incidents import policy
from acquis.certification.incidents.policy import ActionState

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("category", "effect", "held"),
    [
        ("headset", "none", False),
        ("headset", "time_given", False),
        ("headset", "neutralised", True),
        ("headset", "new_sitting", True),
        ("fraud", "none", True),
        ("accommodation", "time_given", True),
        ("confidentiality", "none", True),
    ],
)
def test_what_needs_a_decision_before_results(category: str, effect: str, held: bool) -> None:
    assert policy.weighs(category, effect) is held


def test_the_lists_of_the_rules_are_those_of_the_room() -> None:
    assert set(Incident.Effect.values) >= policy.WEIGHING_EFFECTS
    assert set(Incident.Category.values) >= policy.WEIGHING_CATEGORIES


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, ActionState.OPEN),
        ({"due_on": TODAY - timedelta(days=1)}, ActionState.LATE),
        ({"done": True, "due_on": TODAY - timedelta(days=9)}, ActionState.TO_CHECK),
        ({"done": True, "closed": True, "effective": True}, ActionState.EFFECTIVE),
        ({"closed": True}, ActionState.DROPPED),
    ],
)
def test_where_an_action_stands(facts, state: ActionState) -> None:
    whole = {"due_on": TODAY, "done": False, "closed": False, "effective": None, **facts}
    assert policy.action_state(today=TODAY, **whole) == state


@given(st.integers(1, 50), st.integers(1, 50))
def test_nobody_checks_their_own_action(owner: int, checker: int) -> None:
    assert policy.may_check(owner_id=owner, checker_id=checker) == (owner != checker)
