from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from acquis.kernel import calendars

START = datetime(2027, 3, 15, 8, 0, tzinfo=UTC)
ENTRY = {
    "uid": "rendez-vous-1@exemple.fr",
    "sequence": 2,
    "stamp": datetime(2027, 2, 1, 7, 0, tzinfo=UTC),
    "starts_at": START,
    "ends_at": START.replace(hour=11),
    "summary": "Examen ; oral, salle B",
}


@pytest.mark.parametrize(
    ("more", "method", "status"),
    [
        ({}, "PUBLISH", "CONFIRMED"),
        ({"attendee": ("Awa Martin", "awa@exemple.fr")}, "REQUEST", "CONFIRMED"),
        ({"attendee": ("Awa Martin", "awa@exemple.fr"), "cancelled": True}, "CANCEL", "CANCELLED"),
    ],
)
def test_a_calendar_reads_back_what_was_written(more, method: str, status: str) -> None:
    content = calendars.calendar_file(calendars.Entry(**ENTRY, **more))
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == (method, status, 2)
    assert event["SUMMARY"] == "Examen ; oral, salle B"
    assert event.decoded("DTSTART") == START
    assert b"DTSTART:20270315T080000Z" in content


def test_people_are_named_and_no_answer_is_asked_of_the_calendar() -> None:
    entry = calendars.Entry(
        **ENTRY,
        organizer=("Centre des Rives", "centre@exemple.fr"),
        attendee=("Awa Martin", "awa@exemple.fr"),
        remind=True,
    )
    (event,) = Calendar.from_ical(calendars.calendar_file(entry)).walk("VEVENT")
    assert event["ORGANIZER"] == "mailto:centre@exemple.fr"
    assert event["ORGANIZER"].params["CN"] == "Centre des Rives"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("TRIGGER").days == -1


def test_what_is_cancelled_reminds_of_nothing() -> None:
    entry = calendars.Entry(**ENTRY, cancelled=True, remind=True)
    assert Calendar.from_ical(calendars.calendar_file(entry)).walk("VALARM") == []
