"""Who keeps up with what is booked, without knowing them: a room above registers here.

A room registers from the `ready` of its application.
"""

from collections.abc import Callable
from datetime import datetime

from acquis.accounts.models import User
from acquis.desk.agenda.models import Appointment

Follower = Callable[[Appointment, User, datetime], None]
_FOLLOWERS: list[Follower] = []


def when_changed(function: Follower) -> Follower:
    """Declare what is told of an appointment moved or cancelled, in the act's own transaction.

    It may refuse by raising a DomainRefusal: the appointment stays where it was then.
    """
    _FOLLOWERS.append(function)
    return function


def changed(appointment: Appointment, by: User, at: datetime) -> None:
    for function in _FOLLOWERS:
        function(appointment, by, at)
