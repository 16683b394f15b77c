from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.video import policy
from acquis.desk.video.policy import Door

NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(state: str, minutes: float) -> Door:
    """The door of an invitation for NOW, `minutes` later."""
    return policy.door(
        state,
        starts=NOW,
        expires=policy.expires_at(NOW, NOW),
        now=NOW + timedelta(minutes=minutes),
    )


@pytest.mark.parametrize(
    ("minutes", "door"),
    [(-11, Door.EARLY), (-10, Door.OPEN), (0, Door.OPEN), (60, Door.OPEN), (61, Door.EXPIRED)],
)
def test_the_door_opens_before_the_slot_and_closes_after_it(minutes: int, door: Door) -> None:
    assert at("sent", minutes) is door
    assert at("arrived", minutes) is door


@given(st.integers(-100_000, 100_000))
def test_whoever_is_inside_stays_and_whoever_left_does_not_return(minutes: int) -> None:
    assert at("calling", minutes) is Door.INSIDE
    assert at("done", minutes) is Door.OVER
    assert at("withdrawn", minutes) is Door.WITHDRAWN


def test_an_invitation_for_now_lasts_two_hours() -> None:
    assert policy.starts_at(None, NOW) == NOW
    assert policy.expires_at(None, NOW) == NOW + timedelta(hours=2)


def test_a_slot_is_to_come_and_within_sixty_days() -> None:
    assert policy.starts_at(NOW + MINUTE, NOW) == NOW + MINUTE
    for slot in (NOW - MINUTE, NOW + policy.FARTHEST + MINUTE):
        with pytest.raises(ValueError, match=str(slot.year)):
            policy.starts_at(slot, NOW)


def test_a_page_without_news_is_away() -> None:
    assert policy.is_there("arrived", NOW, NOW + policy.AWAY)
    assert not policy.is_there("arrived", NOW, NOW + policy.AWAY + MINUTE)
    assert not policy.is_there("arrived", None, NOW)
    assert not policy.is_there("sent", NOW, NOW)
