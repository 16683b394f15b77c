from datetime import UTC, datetime, timedelta

import pytest

from acquis.accounts import policy

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "minutes"),
    [(0, 0), (1, 0), (9, 0), (10, 2), (11, 0), (19, 0), (20, 4), (30, 8), (40, 16)],
)
def test_every_tenth_failure_locks_twice_as_long(count, minutes):
    assert policy.lock_after(count) == timedelta(minutes=minutes)


def test_fifty_failures_block():
    assert not policy.is_blocked(49)
    assert policy.is_blocked(50)


def test_a_quiet_day_starts_the_count_again_but_lifts_no_block():
    later = NOON + timedelta(days=1, seconds=1)
    assert policy.count_after(12, NOON, NOON + timedelta(hours=23)) == 13
    assert policy.count_after(12, NOON, later) == 1
    assert policy.count_after(50, NOON, later) == 51


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox · Linux",
        ),
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/130.0 Safari/537.36 Edg/130.0"
            ),
            "Edge · Windows",
        ),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 "
                "Mobile/15E148 Safari/604.1"
            ),
            "Safari · iPhone",
        ),
        ("curl/8.5", ""),
    ],
)
def test_a_device_has_a_name(agent, label):
    assert policy.device_label(agent) == label


def test_what_is_no_address_is_left_out():
    assert policy.address_or_none("2001:db8::1") == "2001:db8::1"
    assert policy.address_or_none("socket") is None
    assert policy.address_or_none(None) is None
