"""What this room tells of a customer: the records that were merged into theirs."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Moment, Offer, Room
from acquis.desk.merging import presentation, queries


def merges(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    del channel  # a merge has none
    for merge in customer.merges.all()[:limit]:
        yield Moment(
            kind="merge",
            at=merge.merged_at,
            pk=merge.pk,
            title=_("Fiches fusionnées"),
            text=merge.label,
            url=presentation.address(merge),
            icon="git-merge",
            actor=merge.merged_by_label,
            badge=_("défaite") if merge.undone_at else "",
        )


ROOM = Room(
    kind="merge",
    label=_("Fusions"),
    moments=merges,
    offers=(Offer(_("Chercher ses doublons"), "users-group", "merging:similar"),),
    list_offers=(Offer(_("Doublons"), "users-group", "merging:pairs"),),
    resembling=presentation.resembling,
    successor=queries.successor,
)
