"""What this room offers from a customer's record: to invite them; the history is the exchanges'."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Moment, Offer, Room


def moments(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    del customer, channel, limit
    return ()


ROOM = Room(
    kind="video",
    label=_("Visios"),
    moments=moments,
    offers=(Offer(_("Inviter en visio"), "video", "video:invite"),),
)
