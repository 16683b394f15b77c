"""What the telephone adds to a customer's record: calling them, and the recordings that are kept."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Moment, Offer, Room
from acquis.desk.phone.models import Recording


def moments(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    if channel:
        return
    recordings = Recording.objects.filter(
        call__conversation__customer=customer, state=Recording.State.READY
    ).select_related("call__conversation")
    for recording in recordings.order_by("-pk")[:limit]:
        conversation = recording.call.conversation
        yield Moment(
            kind="recording",
            at=recording.started_at or conversation.started_at,
            pk=recording.pk,
            title=recording.get_kind_display(),
            text=conversation.subject,
            url=reverse(
                "conversations:conversation", args=[recording.workspace_id, conversation.pk]
            ),
            icon="player-record",
            actor=conversation.adviser_label,
        )


ROOM = Room(
    kind="recording",
    label=_("Enregistrements"),
    moments=moments,
    offers=(Offer(_("Appeler"), "phone-outgoing", "phone:dial"),),
)
