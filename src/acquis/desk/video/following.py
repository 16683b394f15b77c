"""An agreed video call follows its appointment when the planning moves or frees it."""

from datetime import datetime

from acquis.accounts.models import User
from acquis.desk.agenda import following
from acquis.desk.agenda.models import Appointment
from acquis.desk.video.actions.invite import follow_slot, withdraw
from acquis.desk.video.models import VideoInvitation

State = VideoInvitation.State


@following.when_changed
def keep_up(appointment: Appointment, by: User, at: datetime) -> None:
    """Move or withdraw the invitation, and tell the customer; once they came, it stays as it is.

    What an invitation itself asked of the planning is already so, and changes nothing here.
    """
    booked = VideoInvitation.objects.filter(appointment=appointment, state=State.SENT)
    invitation = booked.first()
    if invitation is None:
        return
    if appointment.state == Appointment.State.CANCELLED:
        withdraw(invitation=invitation, by=by, at=at)
    elif appointment.starts_at != invitation.starts_at:
        follow_slot(invitation=invitation, starts=appointment.starts_at, by=by, at=at)
