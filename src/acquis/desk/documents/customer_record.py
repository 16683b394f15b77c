"""What this room tells of a customer: letters."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Moment, Offer, Room
from acquis.desk.documents.models import Letter


def moments(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    del channel  # letters written here are one kind, whatever the channel asked
    for letter in customer.letters.exclude(state=Letter.State.DISCARDED)[:limit]:
        final = letter.state == Letter.State.FINAL
        yield Moment(
            kind="letter",
            at=letter.finalised_at or letter.created_at,
            pk=letter.pk,
            title=letter.subject or _("Lettre sans objet"),
            text=letter.body,
            url=reverse("documents:letter", args=[letter.workspace_id, letter.pk]),
            icon="mail",
            actor=letter.author_label,
            badge=letter.get_state_display(),
            tone="success" if final else "neutral",
        )


ROOM = Room(
    kind="letter",
    label=_("Lettres"),
    moments=moments,
    offers=(Offer(_("Écrire une lettre"), "writing", "documents:create"),),
)
