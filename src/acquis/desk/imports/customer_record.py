"""What this room offers from the list of customers: to bring a file."""

from django.utils.translation import gettext_lazy as _

from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Moment, Offer, Room


def _none(customer: Customer, channel: str, limit: int) -> list[Moment]:
    del customer, channel, limit
    return []


ROOM = Room(
    kind="import",
    label=_("Imports"),
    moments=_none,
    list_offers=(Offer(_("Importer"), "file-import", "imports:list"),),
)
