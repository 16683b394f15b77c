"""What this room itself tells of a customer: the notes."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Moment, Room


def moments(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    del channel  # a note has none
    for note in customer.notes.all()[:limit]:
        yield Moment(
            kind="note",
            at=note.written_at,
            pk=note.pk,
            title=_("Note"),
            text=note.body,
            icon="note",
            actor=note.author_label,
        )


ROOM = Room(kind="note", label=_("Notes"), moments=moments)
