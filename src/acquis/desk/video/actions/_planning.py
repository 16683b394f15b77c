"""What an agreed moment takes of the shared planning."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.desk.agenda.actions.book import book, cancel
from acquis.desk.agenda.actions.book import move as move_appointment
from acquis.desk.agenda.models import Appointment, Resource
from acquis.desk.agenda.policy import Span
from acquis.desk.video.errors import PlanningOfAnotherDesk
from acquis.desk.video.models import VideoInvitation

TITLE_CHARS = 200


def book_slot(
    invitation: VideoInvitation, resource: Resource, length: timedelta, *, by: User, at: datetime
) -> None:
    """Raises PlanningOfAnotherDesk, or what `book` of the planning does (SlotTaken, OutsideHours)."""
    if resource.workspace_id != invitation.workspace_id:
        raise PlanningOfAnotherDesk
    title = _("Visio avec %(name)s") % {"name": invitation.label or _("un contact")}
    invitation.appointment = book(
        resource=resource,
        span=Span(invitation.starts_at, invitation.starts_at + length),
        title=title[:TITLE_CHARS],
        place=_("En visio"),
        note=invitation.subject,
        customer=invitation.customer,
        by=by,
        at=at,
    )
    invitation.save(update_fields=["appointment"])


def move_slot(invitation: VideoInvitation, *, by: User, at: datetime) -> None:
    """The appointment lasts as long as before. What was cancelled in the planning stays so."""
    booked = _planned(invitation)
    if booked is not None:
        span = Span(invitation.starts_at, invitation.starts_at + booked.span.length)
        move_appointment(appointment=booked, resource=booked.resource, span=span, by=by, at=at)


def free_slot(invitation: VideoInvitation, *, by: User, at: datetime) -> None:
    booked = _planned(invitation)
    if booked is not None:
        cancel(appointment=booked, reason=_("Invitation en visio annulée"), by=by, at=at)


def _planned(invitation: VideoInvitation) -> Appointment | None:
    if invitation.appointment_id is None:
        return None
    planned = Appointment.objects.filter(state=Appointment.State.PLANNED)
    return planned.select_related("resource").filter(pk=invitation.appointment_id).first()
