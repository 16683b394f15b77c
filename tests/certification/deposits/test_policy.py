import doctest
from datetime import datetime, timedelta

from acquis.certification.deposits import policy
from acquis.certification.deposits.policy import PARIS
from acquis.certification.exam_sessions.phases import phases_from
from tests.certification.deposits.conftest import CODE, defended

STARTS = datetime(2026, 11, 20, 9, tzinfo=PARIS)


def test_the_examples_hold() -> None:
    assert doctest.testmod(policy).failed == 0


def test_the_framework_says_until_when_and_the_session_has_the_last_word() -> None:
    plans = phases_from(defended(deposit_before={"days": 8, "hour": "18:00"}), "CCP1")
    assert policy.dues(plans, STARTS, None) == {CODE: datetime(2026, 11, 12, 18, tzinfo=PARIS)}
    own = datetime(2026, 11, 16, 12, tzinfo=PARIS)
    assert policy.dues(plans, STARTS, own) == {CODE: own}


def test_without_an_hour_it_is_the_end_of_the_day_and_without_a_day_nothing_is_due() -> None:
    whole_day = phases_from(defended(deposit_before={"days": 3}), "CCP1")
    assert policy.dues(whole_day, STARTS, None) == {
        CODE: datetime(2026, 11, 17, 23, 59, tzinfo=PARIS)
    }
    assert policy.dues(phases_from(defended(), "CCP1"), STARTS, None) == {}


def test_days_are_counted_in_france_across_the_change_of_hour() -> None:
    plans = phases_from(defended(deposit_before={"days": 8, "hour": "18:00"}), "CCP1")
    starts = datetime(2026, 10, 30, 9, tzinfo=PARIS)  # winter time since the 25th
    due = policy.dues(plans, starts, None)[CODE]
    assert due.isoformat() == "2026-10-22T18:00:00+02:00"


def test_the_hour_itself_is_in_time() -> None:
    assert not policy.is_late(STARTS, STARTS)
    assert policy.is_late(STARTS, STARTS + timedelta(seconds=1))
