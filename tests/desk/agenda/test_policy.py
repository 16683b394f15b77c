"""Open time, and what is free: the rule the clocks and the planning rest on."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from acquis.desk.agenda.policy import (
    OFFICE,
    PARIS,
    QUARTER,
    HoursInvalid,
    NeverOpen,
    Span,
    after_open_time,
    free_slots,
    hours_of,
    on_grid,
    open_spans,
    open_time,
    parsed,
    quarters,
)

OFFICE_HOURS = hours_of(OFFICE)
INSTANTS = st.datetimes(
    datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)  # noqa: DTZ001  hypothesis wants naive bounds
)  # fmt: skip
MINUTES = st.integers(0, 6000).map(lambda minutes: timedelta(minutes=minutes))


def paris(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


@given(INSTANTS, MINUTES)
def test_the_time_that_passes_until_what_is_due_is_the_time_allowed(
    start: datetime, allowed: timedelta
) -> None:
    due = after_open_time(OFFICE_HOURS, start, allowed)

    assert open_time(OFFICE_HOURS, start, due) == allowed


@given(INSTANTS, INSTANTS, INSTANTS)
def test_open_time_adds_up(one: datetime, two: datetime, three: datetime) -> None:
    start, middle, end = sorted((one, two, three))

    whole = open_time(OFFICE_HOURS, start, end)
    assert whole == open_time(OFFICE_HOURS, start, middle) + open_time(OFFICE_HOURS, middle, end)
    assert timedelta() <= whole <= end - start


@given(INSTANTS, MINUTES, MINUTES)
def test_more_time_is_never_due_earlier(start: datetime, less: timedelta, more: timedelta) -> None:
    assume(less <= more)

    assert after_open_time(OFFICE_HOURS, start, less) <= after_open_time(OFFICE_HOURS, start, more)


def test_the_clock_stands_still_at_lunch_at_night_and_on_holidays() -> None:
    friday = paris(30, 17, 30, month=10)
    due = after_open_time(OFFICE_HOURS, friday, timedelta(hours=1))
    assert due == paris(2, 9, 30)

    assert open_time(OFFICE_HOURS, paris(20, 12), paris(20, 14)) == timedelta(hours=1)
    # 11 November is a holiday, a Wednesday in 2026.
    assert open_time(OFFICE_HOURS, paris(11, 0), paris(12, 0)) == timedelta()
    assert [span.length for span in open_spans(OFFICE_HOURS, paris(10, 0), paris(11, 0))] == [
        timedelta(hours=3, minutes=30), timedelta(hours=4, minutes=30),
    ]  # fmt: skip


def test_a_place_may_open_on_holidays_and_one_that_never_opens_is_said() -> None:
    always = hours_of({str(day): ["00:00-23:45"] for day in range(7)})
    assert not any(True for _ in open_spans(always, paris(11, 0), paris(12, 0)))
    open_on_holidays = type(always)(always.days, on_holidays=True)
    assert any(True for _ in open_spans(open_on_holidays, paris(11, 0), paris(12, 0)))
    with pytest.raises(NeverOpen):
        after_open_time(hours_of({}), paris(1, 9), timedelta(minutes=1))
    assert after_open_time(hours_of({}), paris(1, 9), timedelta()) == paris(1, 9)


def test_hours_are_read_as_people_type_them() -> None:
    assert parsed("9h00-12h30 ; 13:30 – 18:00") == (
        (time(9), time(12, 30)), (time(13, 30), time(18)),
    )  # fmt: skip
    assert parsed("") == ()
    assert hours_of(OFFICE).as_data() == OFFICE


@pytest.mark.parametrize(
    "typed", ["matin", "9:00-8:00", "9:00-12:00, 11:00-13:00", "25:00-26:00", "9:75-10:00"]
)
def test_what_is_no_opening_is_refused(typed: str) -> None:
    with pytest.raises(HoursInvalid):
        parsed(typed)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=8),
    st.integers(1, 8),
)
def test_free_slots_lie_in_the_hours_and_meet_nothing_busy(
    taken: list[tuple[int, int]], quarters_long: int
) -> None:
    start, end = paris(16, 0), paris(19, 0)
    busy = [
        Span(start + QUARTER * (32 + at * 3), start + QUARTER * (32 + at * 3 + length))
        for at, length in taken
    ]
    length = QUARTER * quarters_long

    slots = free_slots(OFFICE_HOURS, busy, start=start, end=end, length=length)

    for slot in slots:
        assert slot.length == length == open_time(OFFICE_HOURS, slot.start, slot.end)
        assert not any(slot.meets(other) for other in busy)
        assert len(quarters(slot)) == quarters_long
        assert on_grid(slot.start) == slot.start


def test_a_free_slot_never_spans_lunch() -> None:
    slots = free_slots(
        OFFICE_HOURS, [], start=paris(16, 12), end=paris(16, 15), length=timedelta(hours=1)
    )

    assert slots[0].start == paris(16, 13, 30)
    assert on_grid(paris(16, 9, 7)) == paris(16, 9, 15)
