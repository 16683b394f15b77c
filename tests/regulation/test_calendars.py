from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.regulation import calendars

days = st.dates(date(1950, 1, 1), date(2150, 12, 31))
numbers = st.integers(-400, 400)


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25"),
        (2027, "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25"),
        # Easter at its earliest known date, then Ascension on 1 May.
        (2008, "01-01 03-24 05-01 05-08 05-12 07-14 08-15 11-01 11-11 12-25"),
    ],
)
def test_public_holidays_of_a_year(year, expected):
    assert [f"{one:%m-%d}" for one in calendars.holidays(year)] == expected.split()


@pytest.mark.parametrize(
    "easter",
    [
        "1818-03-22",
        "1943-04-25",
        "1954-04-18",
        "2000-04-23",
        "2024-03-31",
        "2026-04-05",
        "2038-04-25",
    ],
)
def test_easter_by_the_gregorian_computus(easter):
    assert calendars.easter(day(easter).year) == day(easter)


@given(st.integers(1600, 4000))
def test_easter_is_a_sunday_between_22_march_and_25_april(year):
    easter = calendars.easter(year)
    assert easter.weekday() == calendars.SUNDAY
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)


def test_holidays_have_their_french_names():
    assert calendars.holiday_name(day("2026-05-14")) == "Ascension"
    assert calendars.holiday_name(day("2026-05-15")) is None


def test_alsace_moselle_adds_two_days_on_request_only():
    for added in ("2026-04-03", "2026-12-26"):
        assert not calendars.is_holiday(day(added))
        assert calendars.is_holiday(day(added), alsace_moselle=True)
    assert len(calendars.holidays(2026, alsace_moselle=True)) == 13


@pytest.mark.parametrize(
    ("text", "ouvrable", "ouvre"),
    [
        ("2026-11-20", True, True),  # Friday
        ("2026-11-21", True, False),  # Saturday
        ("2026-11-22", False, False),  # Sunday
        ("2026-11-11", False, False),  # Wednesday, 11 November
        ("2026-08-15", False, False),  # Saturday, Assumption
    ],
)
def test_three_kinds_of_days_are_told_apart(text, ouvrable, ouvre):
    assert calendars.is_ouvrable(day(text)) is ouvrable
    assert calendars.is_ouvre(day(text)) is ouvre


@pytest.mark.parametrize(
    ("start", "number", "calendar", "ouvrable", "ouvre"),
    [
        ("2026-11-20", 1, "2026-11-21", "2026-11-21", "2026-11-23"),
        ("2026-11-20", 5, "2026-11-25", "2026-11-26", "2026-11-27"),
        ("2026-12-24", 1, "2026-12-25", "2026-12-26", "2026-12-28"),
        ("2026-12-31", 2, "2027-01-02", "2027-01-04", "2027-01-05"),
        ("2026-05-07", 3, "2026-05-10", "2026-05-12", "2026-05-13"),
        ("2026-11-23", -1, "2026-11-22", "2026-11-21", "2026-11-20"),
    ],
)
def test_days_are_added_in_three_ways(start, number, calendar, ouvrable, ouvre):
    assert calendars.add_calendar_days(day(start), number) == day(calendar)
    assert calendars.add_ouvrable_days(day(start), number) == day(ouvrable)
    assert calendars.add_ouvre_days(day(start), number) == day(ouvre)


@given(days, st.integers(1, 300))
def test_adding_days_lands_on_such_a_day_and_counts_back(start, number):
    for add, count, kind in (
        (calendars.add_ouvrable_days, calendars.count_ouvrable_days, calendars.is_ouvrable),
        (calendars.add_ouvre_days, calendars.count_ouvre_days, calendars.is_ouvre),
    ):
        end = add(start, number)
        assert kind(end)
        assert count(start, end) == number
        assert add(start, -number) < start


@given(days, st.integers(0, 300))
def test_calendar_days_never_take_longer_than_ouvrables_nor_these_than_ouvres(start, number):
    assert (
        calendars.add_calendar_days(start, number)
        <= calendars.add_ouvrable_days(start, number)
        <= calendars.add_ouvre_days(start, number)
    )


@given(days, st.integers(0, 100), st.integers(0, 100))
def test_adding_in_two_steps_is_adding_at_once(start, first, second):
    for add in (calendars.add_ouvrable_days, calendars.add_ouvre_days):
        assert add(add(start, first), second) == add(start, first + second)


@given(days, st.integers(0, 1000))
def test_counting_forwards_and_backwards_agree(start, length):
    end = start + timedelta(days=length)
    forwards = calendars.count_ouvre_days(start, end)
    assert forwards == -calendars.count_ouvre_days(
        end + timedelta(days=1), start + timedelta(days=1)
    )


@given(days)
def test_next_day_is_the_day_itself_when_it_counts(start):
    found = calendars.next_ouvre(start)
    assert calendars.is_ouvre(found)
    assert (found == start) == calendars.is_ouvre(start)
    assert found - start <= timedelta(days=5)
    assert calendars.next_ouvrable(start) <= found


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-11-30", 1, "2026-12-30"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2027-03-15", -1, "2027-02-15"),
        ("2026-11-20", 12, "2027-11-20"),
        ("2026-11-20", -60, "2021-11-20"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(start, months, end):
    assert calendars.add_months(day(start), months) == day(end)


@given(days, numbers)
def test_months_move_by_whole_months(start, months):
    end = calendars.add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or end == calendars.end_of_month(end)


@pytest.mark.parametrize(
    ("start", "end"),
    [  # V-05: fourteen days to withdraw
        ("2026-11-20", "2026-12-04"),
        ("2026-10-28", "2026-11-12"),
        ("2026-10-31", "2026-11-16"),
        ("2026-12-11", "2026-12-28"),
        ("2026-12-18", "2027-01-04"),
        ("2026-05-11", "2026-05-26"),
    ],
)
def test_period_of_days_that_ends_on_a_rest_day_ends_with_the_next_working_day(start, end):
    assert calendars.term_in_days(day(start), 14) == day(end)


@pytest.mark.parametrize(
    ("start", "end"), [("2026-11-30", "2026-12-30"), ("2027-01-31", "2027-03-01")]
)
def test_period_of_months_ends_by_the_same_rule(start, end):
    """G-03: one month to answer a person."""
    assert calendars.term_in_months(day(start), 1) == day(end)


@given(days, st.integers(0, 400))
def test_period_never_ends_early_nor_on_a_rest_day(start, number):
    end = calendars.term_in_days(start, number)
    assert end >= start + timedelta(days=number)
    assert calendars.is_ouvre(end)
