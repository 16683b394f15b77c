"""What this room tells of a customer: contacts on every channel."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from acquis.desk.conversations.models import Conversation
from acquis.desk.conversations.presentation import CHANNEL_ICONS
from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Fact, Moment, Offer, Room

LAST_CONTACTS = 5


def moments(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    contacts = customer.conversations.select_related("reason", "outcome")
    if channel:
        contacts = contacts.filter(channel=channel)
    for contact in contacts[:limit]:
        yield Moment(
            kind="conversation",
            at=contact.started_at,
            pk=contact.pk,
            title=contact.subject or _("Contact"),
            text=contact.summary,
            url=_address(contact),
            icon=CHANNEL_ICONS[contact.channel],
            channel=contact.channel,
            channel_label=f"{contact.get_channel_display()}, {contact.get_direction_display()}",
            actor=contact.adviser_label,
            badge=contact.outcome.label if contact.outcome else "",
        )


def facts(customer: Customer, today: date) -> Iterable[Fact]:
    del today
    for contact in customer.conversations.select_related("reason")[:LAST_CONTACTS]:
        yield Fact(
            section="contacts",
            title=contact.subject or str(contact.reason or contact.get_channel_display()),
            text=contact.get_channel_display(),
            url=_address(contact),
            on=contact.started_at,
        )
    pending = customer.conversations.exclude(state=Conversation.State.ENDED)
    for contact in pending:
        yield Fact(
            section="open",
            title=_("Échange en cours"),
            text=contact.get_channel_display(),
            url=_address(contact),
            tone="info",
        )


def _address(contact: Conversation) -> str:
    return reverse("conversations:conversation", args=[contact.workspace_id, contact.pk])


ROOM = Room(
    kind="conversation",
    label=_("Contacts"),
    moments=moments,
    facts=facts,
    channels=tuple(Conversation.Channel.choices),
    offers=(Offer(_("Consigner un contact"), "phone-check", "conversations:contact"),),
)
