"""Opening hours and the slots of call-backs."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.webchat import slots
from acquis.desk.webchat.slots import PARIS, Hours
from acquis.regulation.calendars import is_holiday

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # Friday, 10 o'clock in Paris
OFFICE = Hours({day: slots.spans("9h-12h30, 13:30-18:00") for day in range(5)})


def moments() -> st.SearchStrategy[datetime]:
    first, last = datetime(2026, 1, 1), datetime(2028, 1, 1)  # noqa: DTZ001  zone below
    return st.datetimes(first, last, timezones=st.just(UTC))


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """Any week: up to two spans a day, on holidays or not."""
    week = {}
    for day in draw(st.sets(st.integers(0, 6))):
        marks = sorted(draw(st.sets(st.integers(0, 95), min_size=4, max_size=4)))
        at = [time(mark // 4, mark % 4 * 15) for mark in marks]
        week[day] = draw(st.sampled_from([((at[0], at[1]),), ((at[0], at[1]), (at[2], at[3]))]))
    return Hours(week, draw(st.booleans()))


@given(
    hours(),
    moments(),
    st.integers(5, 120),
    st.integers(1, 4),
    st.integers(0, 600),
    st.integers(1, 8),
)
def test_a_slot_lies_within_hours_after_the_notice_and_leaves_room(
    week: Hours, now: datetime, minutes: int, capacity: int, lead: int, days: int
) -> None:
    length, notice = timedelta(minutes=minutes), timedelta(minutes=lead)
    asked = {"now": now, "minutes": minutes, "capacity": capacity, "lead": notice, "days": days}
    found = slots.slots(week, taken={}, **asked)
    taken = {slot.start: rank % (capacity + 2) for rank, slot in enumerate(found)}

    left = slots.slots(week, taken=taken, **asked)

    assert [slot.start for slot in found] == sorted({slot.start for slot in found})
    for slot in found:
        local, last = slot.start.astimezone(PARIS), slot.end.astimezone(PARIS)
        assert slot.start >= now + notice
        assert slot.end - slot.start == length
        assert local.date() - now.astimezone(PARIS).date() < timedelta(days=days)
        assert any(
            start <= local.time() and last.time() <= end for start, end in week.of_day(local.date())
        )
        assert week.is_open(slot.start)
        assert week.on_holidays or not is_holiday(local.date())
    for before, after in pairwise(found):
        assert before.end <= after.start
    assert all(1 <= slot.left == capacity - taken[slot.start] for slot in left)
    assert {slot.start for slot in left} == {at for at, count in taken.items() if count < capacity}


@given(hours(), moments())
def test_the_next_opening_is_open_and_nothing_opens_before(week: Hours, at: datetime) -> None:
    opening = week.next_opening(at)

    if opening is None:
        assert not week.week or not any(
            week.of_day(at.date() + timedelta(days=n)) for n in range(8)
        )
    else:
        assert opening > at
        assert week.is_open(opening)


def test_nothing_opens_in_an_empty_week() -> None:
    assert Hours().next_opening(NOW) is None
    assert not Hours().is_open(NOW)


def test_office_hours_of_a_friday() -> None:
    found = slots.slots(
        OFFICE, now=NOW, minutes=60, capacity=1, lead=timedelta(minutes=30), days=1, taken={}
    )

    shown = [f"{slot.start.astimezone(PARIS):%H:%M}" for slot in found]
    assert shown == ["11:00", "13:30", "14:30", "15:30", "16:30"]


def test_a_public_holiday_is_closed_unless_said_otherwise() -> None:
    armistice = datetime(2026, 11, 11, 10, 0, tzinfo=UTC)

    assert not OFFICE.is_open(armistice)
    assert Hours(OFFICE.week, on_holidays=True).is_open(armistice)
    assert OFFICE.next_opening(armistice) == datetime(2026, 11, 12, 8, 0, tzinfo=UTC)


def test_the_end_of_a_span_is_closed() -> None:
    assert OFFICE.is_open(datetime(2026, 11, 20, 11, 29, 59, tzinfo=UTC))
    assert not OFFICE.is_open(datetime(2026, 11, 20, 11, 30, tzinfo=UTC))


def test_the_hour_that_summer_time_leaves_out_has_no_slot() -> None:
    night = Hours({6: slots.spans("2:15-2:45")})  # Sunday 29 March 2026
    asked = {"minutes": 15, "capacity": 1, "lead": timedelta(0), "days": 1, "taken": {}}

    before = slots.slots(night, now=datetime(2026, 3, 28, 23, 30, tzinfo=UTC), **asked)
    assert before == []
    assert night.next_opening(datetime(2026, 3, 28, 23, 30, tzinfo=UTC)) == datetime(
        2026, 4, 5, 0, 15, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("9h-12h30", "09:00-12:30"),
        ("13:30 – 18:00 ; 9:00-12:00", "09:00-12:00, 13:30-18:00"),
        ("9H00—12H", "09:00-12:00"),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, kept: str) -> None:
    assert slots.said(slots.spans(text)) == kept
    assert slots.spans(kept) == slots.spans(text)


@pytest.mark.parametrize(
    "text", ["9-12", "12h-9h", "9h-12h, 11h-13h", "25h-26h", "fermé", "9h-9h", "9:75-10:00"]
)
def test_hours_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any wording
        slots.spans(text)


def test_kept_hours_are_read_back() -> None:
    week = slots.hours_of({"0": "09:00-12:00"}, on_holidays=True)

    assert week.of_day(date(2026, 11, 23)) == ((time(9), time(12)),)
    assert week.of_day(date(2026, 11, 24)) == ()
