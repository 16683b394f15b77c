from datetime import UTC, date, datetime, timedelta

import pytest

from acquis.desk.conduct.policy import (
    SAID,
    WORDS,
    Step,
    is_repeated,
    kept_until,
    may_end,
    may_say,
    next_step,
    until_is_allowed,
)

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)


def test_steps_come_in_their_order() -> None:
    done: list[str] = []
    for step in Step:
        assert next_step(done, threat=False) == step
        done.append(step)
    assert next_step(done, threat=False) is None


def test_a_threat_goes_to_the_end() -> None:
    assert next_step([], threat=True) == Step.END
    assert next_step([Step.END], threat=True) is None


@pytest.mark.parametrize(
    ("step", "done", "allowed"),
    [
        ("recall", [], True),
        ("recall", ["recall"], False),
        ("first_warning", [], False),
        ("first_warning", ["recall"], True),
        ("second_warning", ["recall"], False),
        ("second_warning", ["recall", "first_warning"], True),
        ("second_warning", ["recall", "first_warning", "end"], False),
        ("end", ["recall", "first_warning", "second_warning"], False),
        ("sing", [], False),
    ],
)
def test_words_are_said_once_after_those_before(step: str, done: list[str], allowed: bool) -> None:
    assert may_say(step, done) is allowed


def test_a_contact_ends_after_two_warnings_or_on_a_threat() -> None:
    assert [may_end(count, threat=False) for count in range(4)] == [False, False, True, True]
    assert may_end(0, threat=True)


def test_every_step_has_words_that_do_not_judge() -> None:
    assert set(WORDS) == set(Step) > set(SAID)
    assert "calmez-vous" not in " ".join(WORDS.values()).lower()


def test_two_events_in_ninety_days_are_a_repetition() -> None:
    old = NOW - timedelta(days=91)
    assert is_repeated([NOW, NOW - timedelta(days=90)], NOW)
    assert not is_repeated([NOW, old], NOW)


def test_terms() -> None:
    today = date(2026, 11, 26)
    assert kept_until(today) == date(2027, 11, 26)
    assert until_is_allowed(today, today)
    assert until_is_allowed(date(2027, 11, 26), today)
    assert not until_is_allowed(date(2027, 11, 27), today)
    assert not until_is_allowed(date(2026, 11, 25), today)
