from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.exam_sessions.phases import PhaseKind
from acquis.certification.registrations.policy import Arrangement, ExtraTime
from acquis.certification.sittings import enums, policy
from acquis.certification.sittings.enums import ClockState
from acquis.certification.sittings.models import Phase
from acquis.kernel import crypto
from tests.factories.certification import ccp1_content

THIRD = ExtraTime((Arrangement(Fraction(1, 3)),))
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


@dataclass
class Timed:
    state: str = "running"
    ends_at: datetime | None = NOON
    planned_seconds: int = 900
    pause_seconds: int = 0
    paused_seconds: int = 0
    paused_at: datetime | None = None


def test_ccp1_has_the_phases_and_minutes_of_its_framework() -> None:
    plans = policy.phases_from(ccp1_content(), "CCP1")
    assert [(plan.code, plan.kind, plan.minutes, plan.exchanges) for plan in plans] == [
        ("roleplay.1", PhaseKind.WRITTEN, 75, 0),
        ("roleplay.2", PhaseKind.PREPARATION, 15, 0),
        ("roleplay.3", PhaseKind.EXCHANGES, 15, 2),
        ("technical_interview.1", PhaseKind.PREPARATION, 10, 0),
        ("technical_interview.2", PhaseKind.REACTION, 10, 0),
        ("technical_interview.3", PhaseKind.INTERVIEW, 5, 0),
    ]
    assert [plan.position for plan in plans] == [1, 2, 3, 4, 5, 6]
    assert sum(plan.minutes for plan in plans) == 130


def test_a_third_of_extra_time_is_exactly_a_third() -> None:
    plans = policy.phases_from(ccp1_content(), "CCP1", THIRD)
    assert [plan.planned_seconds // 60 for plan in plans] == [100, 20, 20, 14, 14, 7]
    assert policy.stretched_seconds(225, Fraction(1, 3)) == 300 * 60


@pytest.mark.parametrize(
    ("minutes", "part", "expected"),
    [
        (75, Fraction(0), 75),
        (75, Fraction(1, 3), 100),
        (75, Fraction(1, 2), 113),
        (10, Fraction(1, 3), 14),
        (60, Fraction(2, 3), 100),
        (0, Fraction(1, 3), 0),
    ],
)
def test_stretched_minutes(minutes: int, part: Fraction, expected: int) -> None:
    assert policy.stretched_seconds(minutes, part) == expected * 60


@given(st.integers(0, 600), st.fractions(0, 2, max_denominator=100))
def test_extra_time_is_never_less_than_decided_nor_a_minute_more(
    minutes: int, part: Fraction
) -> None:
    seconds = policy.stretched_seconds(minutes, part)
    assert seconds % 60 == 0
    assert 0 <= seconds - minutes * 60 * (1 + part) < 60


@given(st.integers(0, 600), st.fractions(0, 2, max_denominator=100), st.integers(0, 60))
def test_a_longer_part_never_has_less_time(minutes: int, part: Fraction, more: int) -> None:
    seconds = policy.stretched_seconds(minutes, part)
    assert policy.stretched_seconds(minutes + more, part) >= seconds
    assert policy.stretched_seconds(minutes, part + Fraction(more, 100)) >= seconds


@given(st.fractions(0, 2, max_denominator=60))
def test_a_whole_exam_has_all_the_time_decided_and_less_than_a_minute_more_a_part(
    part: Fraction,
) -> None:
    plans = policy.phases_from(ccp1_content(), "CCP1", ExtraTime((Arrangement(part),)))
    decided = 130 * 60 * (1 + part)
    assert 0 <= sum(plan.planned_seconds for plan in plans) - decided < 60 * len(plans)


def test_a_scope_the_framework_does_not_describe_has_no_phase() -> None:
    assert policy.phases_from(ccp1_content(), "CCP2") == []
    assert policy.phases_from(ccp1_content(), "") == []


def test_a_phase_without_steps_is_one_phase_and_a_step_without_time_takes_the_rest() -> None:
    content = {
        "assessments": [
            {
                "scope": {"type": "whole"},
                "phases": [
                    {"method": "oral_defence", "title": "Soutenance", "minutes": 30, "steps": []},
                    {
                        "method": "case_study",
                        "title": "Étude de cas",
                        "minutes": 60,
                        "steps": [{"title": "Lecture", "minutes": 20}, {"title": "Rédaction"}],
                    },
                    {"method": "written_production", "title": "Note", "steps": []},
                ],
            }
        ]
    }
    plans = policy.phases_from(content, "")
    assert [(plan.kind, plan.minutes) for plan in plans] == [
        (PhaseKind.DEFENCE, 30),
        (PhaseKind.WRITTEN, 20),
        (PhaseKind.WRITTEN, 40),
        (PhaseKind.DEPOSIT, 0),
    ]
    assert plans[0].title == "Soutenance"


def test_clock_counts_down_then_is_over_until_someone_closes() -> None:
    phase = Timed()
    assert policy.phase_clock(phase, NOON - timedelta(seconds=61)).seconds_left == 61
    assert policy.phase_clock(phase, NOON - timedelta(milliseconds=1)).state == ClockState.RUNNING
    assert policy.phase_clock(phase, NOON).state == ClockState.OVER
    assert policy.phase_clock(Timed(state="ended"), NOON).state == ClockState.ENDED
    assert policy.phase_clock(Timed(state="waiting", ends_at=None), NOON).seconds_left == 900
    assert policy.phase_clock(Timed(ends_at=None), NOON).seconds_left is None


def test_what_arrives_on_the_last_instant_is_in_time() -> None:
    assert not policy.is_late(Timed(), NOON)
    assert policy.is_late(Timed(), NOON + timedelta(milliseconds=1))
    assert policy.is_late(Timed(state="ended"), NOON - timedelta(hours=1))
    assert not policy.is_late(Timed(ends_at=None), NOON + timedelta(days=1))


@given(st.integers(-7_200_000, 7_200_000))
def test_what_comes_while_the_clock_runs_is_never_late(milliseconds: int) -> None:
    """The last instant is over on the clock and still in time: nobody is late before zero."""
    at = NOON + timedelta(milliseconds=milliseconds)
    clock = policy.phase_clock(Timed(), at)
    assert clock.is_over == (milliseconds >= 0)
    assert policy.is_late(Timed(), at) == (milliseconds > 0)
    assert clock.seconds_left is not None
    assert 0 <= clock.seconds_left + min(0, milliseconds) / 1000 < 1


@pytest.mark.parametrize(
    ("client_id", "tab"), [("a1:12", "a1"), ("a1-12", "a1"), ("a1", "a1"), ("a-b:3", "a-b")]
)
def test_tab_of_a_client_id(client_id: str, tab: str) -> None:
    assert policy.tab_of(client_id) == tab


@given(st.text(max_size=12), st.integers(0, 10**6))
def test_each_save_of_a_tab_is_known_as_that_tab_s(tab: str, number: int) -> None:
    assert policy.tab_of(f"{tab}:{number}") == tab


def test_codes_forgive_case_and_spaces_but_not_emptiness() -> None:
    assert policy.same_code(" bcdf 23 ", "BCDF23")
    assert not policy.same_code("", "")
    assert not policy.same_code("BCDF24", "BCDF23")


@given(st.lists(st.tuples(st.text(), st.integers(), st.text()), unique_by=lambda row: row[0]))
def test_seal_does_not_depend_on_the_order_of_reading(rows: list[tuple[str, int, str]]) -> None:
    assert policy.seal(rows) == policy.seal(reversed(rows))


def test_pure_words_are_those_of_the_tables() -> None:
    assert {kind.value for kind in PhaseKind} == set(Phase.Kind.values)
    assert set(Phase.State.values) < {state.value for state in enums.ClockState}


def test_a_quiet_day_begins_the_count_of_wrong_codes_again() -> None:
    assert policy.code_tries(9, NOON, NOON + timedelta(hours=24)) == 9
    assert policy.code_tries(9, NOON, NOON + timedelta(hours=24, seconds=1)) == 0


@given(st.integers(1, 2000))
def test_each_tenth_wrong_code_closes_the_door_twice_as_long_up_to_an_hour(tens: int) -> None:
    count = tens * policy.CODES_BEFORE_PAUSE
    closed = policy.code_lock(count)
    assert policy.FIRST_PAUSE <= closed <= policy.LONGEST_PAUSE
    following = policy.code_lock(count + policy.CODES_BEFORE_PAUSE)
    assert following == min(2 * closed, policy.LONGEST_PAUSE)
    assert not any(policy.code_lock(count + more) for more in range(1, policy.CODES_BEFORE_PAUSE))


def test_whoever_guesses_all_day_tries_few_codes() -> None:
    """As docs/rules/access-codes.md says: 280 codes in the first day, of four million."""
    count, at, end = 0, timedelta(0), timedelta(days=1)
    while at < end:
        count += 1
        at += policy.code_lock(count)
    assert count == 280
    assert len(crypto.LETTERS) ** 4 * len(crypto.DIGITS) ** 2 == 4_092_529
