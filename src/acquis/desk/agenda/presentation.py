"""The planning as its page and calendars show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from acquis.desk.agenda.models import Appointment, Resource
from acquis.desk.agenda.policy import PARIS
from acquis.desk.shell import day_in_paris
from acquis.kernel import calendars

WEEK = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One resource: for each day what is planned."""

    resource: Resource
    days: list[tuple[date, list[Appointment]]]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def bounds(first: date, days: int) -> tuple[datetime, datetime]:
    """From midnight in Paris, for so many days."""
    start = datetime.combine(first, time(), PARIS)
    return start.astimezone(UTC), datetime.combine(
        first + timedelta(days=days), time(), PARIS
    ).astimezone(UTC)


def rows(
    resources: Iterable[Resource], planned: Iterable[Appointment], first: date, days: int
) -> list[Row]:
    """What is planned, by resource and by the day it begins."""
    cells: dict[tuple[int, date], list[Appointment]] = {}
    for one in planned:
        cells.setdefault((one.resource_id, day_in_paris(one.starts_at)), []).append(one)
    shown = [first + timedelta(days=rank) for rank in range(days)]
    return [
        Row(resource, [(day, cells.get((resource.pk, day), [])) for day in shown])
        for resource in resources
    ]


def calendar_file(appointment: Appointment) -> bytes:
    """One appointment as any calendar reads it; a cancelled one says so."""
    return calendars.calendar_file(
        calendars.Entry(
            uid=f"appointment-{appointment.pk}@acquis.example",
            sequence=appointment.sequence,
            stamp=appointment.created_at,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            summary=appointment.title,
            location=appointment.place,
            description=appointment.resource.name,
            cancelled=appointment.state == Appointment.State.CANCELLED,
        )
    )
