"""Appointments as any calendar reads them (RFC 5545), and their cancellation (RFC 5546)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

PRODUCT = "-//Acquis//FR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event. The same `uid` with a higher `sequence` replaces what the calendar holds."""

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    organizer: tuple[str, str] | None = None  # name, address
    attendee: tuple[str, str] | None = None
    cancelled: bool = False
    remind: bool = False  # the day before


def method_of(entry: Entry) -> str:
    """What the file asks of the calendar; addressed to somebody, it is a request to them."""
    if entry.cancelled:
        return "CANCEL"
    return "REQUEST" if entry.attendee else "PUBLISH"


def calendar_file(entry: Entry) -> bytes:
    """The bytes of an .ics file with this one event, its times in UTC."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.summary)
    event.add("location", entry.location)
    event.add("description", entry.description)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if entry.organizer:
        event["organizer"] = _party(*entry.organizer)
    if entry.attendee:
        person = _party(*entry.attendee)
        # The answer is given on the page of the letter: calendars are not asked for one.
        person.params["rsvp"] = vText("FALSE")
        event.add("attendee", person, encode=False)
    if entry.remind and not entry.cancelled:
        event.add_component(_the_day_before(entry.summary))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method_of(entry))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _party(name: str, address: str) -> vCalAddress:
    party = vCalAddress(f"mailto:{address}")
    party.params["cn"] = vText(name)
    return party


def _the_day_before(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm["trigger"] = "-P1D"
    return alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEntry:
    """Something due on a day; the same `uid` read again replaces what the calendar holds."""

    uid: str
    day: date
    summary: str
    description: str = ""


def days_feed(name: str, entries: Iterable[DayEntry], *, stamp: datetime) -> bytes:
    """The bytes of a calendar to subscribe to: whole days, that take no time in anybody's planning."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", entry.summary)
        event.add("description", entry.description)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
