from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.phone import policy
from acquis.desk.phone.policy import Party, Unreachable

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CUSTOMER = Party("c", policy.CUSTOMER)
ADVISER = Party("a", policy.ADVISER)
COLLEAGUE = Party("b", policy.COLLEAGUE)
SUPERVISOR = Party("s", policy.SUPERVISOR)
FREE = {"held": False, "consulting": False, "ringing": False}


def test_two_people_hear_each_other() -> None:
    heard = policy.sound([CUSTOMER, ADVISER], **FREE)

    assert heard.hear == {"c": ("a",), "a": ("c",)}
    assert heard.tones == {}


def test_a_customer_on_hold_hears_the_tone_of_waiting_and_nobody() -> None:
    heard = policy.sound([CUSTOMER, ADVISER], **FREE | {"held": True})

    assert heard.hear == {"c": (), "a": ()}
    assert heard.tones == {"c": "hold"}


def test_colleagues_consult_without_the_customer() -> None:
    heard = policy.sound([CUSTOMER, ADVISER, COLLEAGUE], **FREE | {"consulting": True})

    assert heard.hear == {"c": (), "a": ("b",), "b": ("a",)}
    assert heard.tones == {"c": "hold"}


def test_three_people_speak_together() -> None:
    heard = policy.sound([CUSTOMER, ADVISER, COLLEAGUE], **FREE)

    assert heard.hear == {"c": ("a", "b"), "a": ("c", "b"), "b": ("c", "a")}


def test_whoever_waits_for_an_answer_hears_it_ring() -> None:
    assert policy.sound([CUSTOMER], **FREE | {"ringing": True}).tones == {"c": "ringing"}
    consulting = FREE | {"ringing": True, "consulting": True}
    assert policy.sound([CUSTOMER, ADVISER], **consulting).tones == {"c": "hold", "a": "ringing"}


parties = st.sampled_from(
    [
        [CUSTOMER],
        [CUSTOMER, ADVISER],
        [CUSTOMER, ADVISER, COLLEAGUE],
        [ADVISER, COLLEAGUE],
        [CUSTOMER, ADVISER, COLLEAGUE, SUPERVISOR],
        [CUSTOMER, ADVISER, SUPERVISOR],
    ]
)


@given(parties, st.booleans(), st.booleans(), st.booleans())
def test_hearing_is_mutual_but_for_a_supervisor(
    people: list[Party], held: bool, consulting: bool, ringing: bool
) -> None:
    heard = policy.sound(people, held=held, consulting=consulting, ringing=ringing).hear

    assert set(heard) == {party.key for party in people}
    for listener, speakers in heard.items():
        assert listener not in speakers
        assert "s" not in speakers
        assert len(speakers) <= 3
        for speaker in speakers:
            assert listener == "s" or listener in heard[speaker]


@given(parties, st.booleans())
def test_nobody_hears_a_customer_who_waits(people: list[Party], consulting: bool) -> None:
    heard = policy.sound(people, held=not consulting, consulting=consulting, ringing=False).hear

    assert all("c" not in speakers for speakers in heard.values())
    assert not heard.get("c")


@given(st.text(min_size=1), st.integers(0, 100), st.integers(0, 100))
def test_a_larger_sample_takes_every_call_of_a_smaller_one(key: str, one: int, other: int) -> None:
    small, large = sorted((one, other))

    assert not policy.is_sampled(0, key)
    assert policy.is_sampled(100, key)
    assert not policy.is_sampled(small, key) or policy.is_sampled(large, key)


@pytest.mark.parametrize(
    ("ended", "purged"),
    [
        (date(2026, 11, 25), date(2027, 5, 25)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 1, 1), date(2026, 7, 1)),
    ],
)
def test_a_recording_is_deleted_six_months_later(ended: date, purged: date) -> None:
    assert policy.purge_date(ended) == purged


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_no_recording_is_kept_longer_than_six_months(ended: date) -> None:
    assert timedelta(days=180) <= policy.purge_date(ended) - ended <= timedelta(days=184)


def test_a_message_may_be_left_once_it_rang_long_enough() -> None:
    rang = {"rang_since": NOW, "ring_seconds": 30}

    assert not policy.may_leave_message(now=NOW + timedelta(seconds=29), **rang)
    assert policy.may_leave_message(now=NOW + timedelta(seconds=30), **rang)


def test_a_passed_call_rings_for_one_colleague_then_for_all() -> None:
    def rings(offered_to: int | None, seconds: int) -> bool:
        return policy.rings_for(
            offered_to=offered_to, offered_at=NOW, user=1, now=NOW + timedelta(seconds=seconds)
        )

    assert rings(None, 0)
    assert rings(1, 0)
    assert not rings(2, 19)
    assert rings(2, 20)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("06 39 98 12 34", "+33639981234"),
        ("+32 2 555 12 12", "+3225551212"),
        ("bonjour", Unreachable.NOT_A_NUMBER),
        ("06 39 98", Unreachable.TOO_SHORT),
        ("06 39 98 12 34 56 78 90 12", Unreachable.TOO_LONG),
        ("+999 123 456 789", Unreachable.UNKNOWN_COUNTRY),
        ("", Unreachable.NOT_A_NUMBER),
    ],
)
def test_a_number_is_dialled_or_refused_with_its_reason(
    typed: str, found: str | Unreachable
) -> None:
    assert policy.dialled(typed) == found


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_reason(typed: str) -> None:
    found = policy.dialled(typed)

    assert isinstance(found, Unreachable) or policy.dialled(found) == found


def test_keys_are_those_of_a_telephone() -> None:
    assert policy.are_keys("12*#0")
    assert not policy.are_keys("")
    assert not policy.are_keys("12x")
