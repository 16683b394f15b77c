"""Booking the planning: the policy says what may be, the database that nothing overlaps."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import formats

from acquis.accounts.models import User, Workspace
from acquis.desk.agenda import following, queries
from acquis.desk.agenda.errors import (
    AppointmentCancelled,
    OutsideHours,
    PlanningOfSupervisor,
    ResourceHoursInvalid,
    ResourceOfAnotherDesk,
    ResourceRetired,
    ResourceStillBooked,
    SlotInvalid,
    SlotPast,
    SlotTaken,
)
from acquis.desk.agenda.models import Appointment, Resource, TakenQuarter
from acquis.desk.agenda.policy import (
    LONGEST,
    PARIS,
    HoursInvalid,
    Span,
    hours_of,
    on_grid,
    open_time,
    quarters,
)
from acquis.desk.directory.models import Customer
from acquis.desk.shell import refuse_if_sealed, supervises
from acquis.kernel import realtime, trace


@transaction.atomic
def book(  # noqa: PLR0913  what an appointment is
    *,
    resource: Resource,
    span: Span,
    title: str,
    kind: str = Appointment.Kind.MEETING,
    place: str = "",
    note: str = "",
    customer: Customer | None = None,
    by: User,
    at: datetime,
) -> Appointment:
    """Book a resource; an absence may lie outside its hours.

    Raises SlotTaken, SlotInvalid, SlotPast, OutsideHours, ResourceRetired,
    ResourceOfAnotherDesk or WorkspaceSealed; nothing is written then.
    """
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=resource.workspace_id)
    refuse_if_sealed(workspace)
    if customer is not None and customer.workspace_id != workspace.pk:
        raise ResourceOfAnotherDesk
    _refuse_span(resource, span, absence=kind == Appointment.Kind.ABSENCE, at=at)
    made = Appointment.objects.create(
        workspace=workspace,
        resource=resource,
        kind=Appointment.Kind(kind),
        title=title.strip(),
        place=place.strip(),
        note=note.strip(),
        customer=customer,
        starts_at=span.start,
        ends_at=span.end,
        created_at=at,
        created_by=by,
        created_by_label=by.full_name,
    )
    _take(made)
    _record("appointment.booked", made, by=by, at=at)
    return made


@transaction.atomic
def move(
    *, appointment: Appointment, resource: Resource, span: Span, by: User, at: datetime
) -> Appointment:
    """Give an appointment another time, or another resource of the same desk.

    Raises AppointmentCancelled, and what `book` raises; it stays where it was then.
    """
    row = _locked(appointment)
    if resource.workspace_id != row.workspace_id:
        raise ResourceOfAnotherDesk
    _refuse_span(resource, span, absence=row.kind == Appointment.Kind.ABSENCE, at=at)
    before = row.starts_at
    row.quarters.all().delete()
    row.resource, row.starts_at, row.ends_at = resource, span.start, span.end
    row.sequence += 1
    row.save(update_fields=["resource", "starts_at", "ends_at", "sequence"])
    _take(row)
    _record("appointment.moved", row, by=by, at=at, before=before)
    following.changed(row, by, at)
    return row


@transaction.atomic
def cancel(*, appointment: Appointment, reason: str, by: User, at: datetime) -> Appointment:
    """Free the time; what was booked is kept with why. Raises AppointmentCancelled, WorkspaceSealed."""
    row = _locked(appointment)
    row.quarters.all().delete()
    row.state, row.reason = Appointment.State.CANCELLED, reason.strip()[:300]
    row.sequence += 1
    row.save(update_fields=["state", "reason", "sequence"])
    _record("appointment.cancelled", row, by=by, at=at, reason=row.reason)
    following.changed(row, by, at)
    return row


@transaction.atomic
def keep_resource(
    *, workspace: Workspace, values: dict[str, Any], by: User, at: datetime
) -> Resource:
    """Add to what can be booked, or change the one of that name.

    Raises PlanningOfSupervisor, ResourceHoursInvalid or WorkspaceSealed.
    """
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(workspace)
    if not supervises(by, workspace):
        raise PlanningOfSupervisor
    try:
        hours_of(values.get("hours", {}))
    except HoursInvalid as error:
        raise ResourceHoursInvalid(text=str(error)) from error
    kept, _created = Resource.objects.update_or_create(
        workspace=workspace, name=values["name"].strip(), defaults=values | {"retired": False}
    )
    stream = workspace.trace_stream
    trace.record("resource.kept", kept, by=by, at=at, stream=stream, name=kept.name, kind=kept.kind)
    realtime.publish(stream, at=at, what="agenda")
    return kept


@transaction.atomic
def retire_resource(*, resource: Resource, by: User, at: datetime) -> Resource:
    """Take a resource out of what can be booked; adding one of its name brings it back.

    What is planned for it from now on must go elsewhere first. Retiring twice changes nothing.
    Raises ResourceStillBooked, PlanningOfSupervisor or WorkspaceSealed.
    """
    row = Resource.objects.select_for_update(of=("self",)).get(pk=resource.pk)
    refuse_if_sealed(row.workspace)
    if not supervises(by, row.workspace):
        raise PlanningOfSupervisor
    if row.retired:
        return row
    ahead = queries.planned_for(row, since=at)
    first = ahead.first()
    if first is not None:
        raise ResourceStillBooked(
            resource=row.name,
            number=ahead.count(),
            day=formats.date_format(first.starts_at.astimezone(PARIS), "j F à H:i"),
        )
    row.retired = True
    row.save(update_fields=["retired"])
    stream = row.workspace.trace_stream
    trace.record("resource.retired", row, by=by, at=at, stream=stream, name=row.name)
    realtime.publish(stream, at=at, what="agenda")
    return row


def _locked(appointment: Appointment) -> Appointment:
    row = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("workspace", "resource")
        .get(pk=appointment.pk)
    )
    refuse_if_sealed(row.workspace)
    if row.state == Appointment.State.CANCELLED:
        raise AppointmentCancelled
    return row


def _refuse_span(resource: Resource, span: Span, *, absence: bool, at: datetime) -> None:
    if resource.retired:
        raise ResourceRetired(resource=resource.name)
    on = on_grid(span.start) == span.start and on_grid(span.end) == span.end
    if not on or span.start >= span.end or span.length > LONGEST:
        raise SlotInvalid
    if span.start < at:
        raise SlotPast
    if not absence and open_time(queries.hours(resource), span.start, span.end) != span.length:
        raise OutsideHours(resource=resource.name)


def _take(appointment: Appointment) -> None:
    rows = [
        TakenQuarter(
            workspace_id=appointment.workspace_id,
            appointment=appointment,
            resource_id=appointment.resource_id,
            starts_at=quarter,
        )
        for quarter in quarters(appointment.span)
    ]
    try:
        with transaction.atomic():
            TakenQuarter.objects.bulk_create(rows)
    except IntegrityError as error:
        raise SlotTaken(resource=appointment.resource.name) from error


def _record(verb: str, appointment: Appointment, *, by: User, at: datetime, **data: Any) -> None:
    trace.record(
        verb,
        appointment,
        by=by,
        at=at,
        resource=appointment.resource.name,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        customer_id=appointment.customer_id,
        **data,
    )
    realtime.publish(appointment.trace_stream, at=at, what="agenda", appointment=appointment.pk)
