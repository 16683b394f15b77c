"""The planning of one workspace."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from acquis.accounts.models import Workspace
from acquis.desk.agenda.models import Appointment, Resource
from acquis.desk.agenda.policy import OFFICE, Hours, Span, free_slots, hours_of

MOST_SLOTS = 60


def resources(workspace: Workspace) -> QuerySet[Resource]:
    return Resource.objects.filter(workspace=workspace, retired=False)


def planned(workspace: Workspace, start: datetime, end: datetime) -> QuerySet[Appointment]:
    """What is planned between two instants, in order."""
    return Appointment.objects.filter(
        workspace=workspace,
        state=Appointment.State.PLANNED,
        starts_at__lt=end,
        ends_at__gt=start,
    ).select_related("resource", "customer")


def planned_for(resource: Resource, *, since: datetime) -> QuerySet[Appointment]:
    """What is still ahead of a resource, the soonest first."""
    ahead = Appointment.objects.filter(resource=resource, state=Appointment.State.PLANNED)
    return ahead.filter(ends_at__gt=since).order_by("starts_at")


def hours(resource: Resource) -> Hours:
    return hours_of(resource.hours or OFFICE)


def free(
    workspace: Workspace, *, start: datetime, end: datetime, length: timedelta, visits: bool = False
) -> list[tuple[Resource, Span]]:
    """The first free slots of the resources, the soonest first; two queries whatever their number."""
    found = resources(workspace)
    kept = list(found.filter(visits=True) if visits else found)
    busy: dict[int, list[Span]] = {}
    for one in planned(workspace, start, end):
        busy.setdefault(one.resource_id, []).append(one.span)
    slots = [
        (resource, slot)
        for resource in kept
        for slot in free_slots(
            hours(resource),
            busy.get(resource.pk, []),
            start=start,
            end=end,
            length=length,
            step=length,
        )
    ]
    return sorted(slots, key=lambda pair: (pair[1].start, pair[0].name))[:MOST_SLOTS]
