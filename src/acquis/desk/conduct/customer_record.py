"""What this room tells of a customer: that contacts were abusive, and the measures in force.

The facts are not told here: only their adviser and the supervisor read them, on their page.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from acquis.desk.conduct.models import AbusiveContact, ContactMeasure
from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Fact, Moment, Room, Situation


def moments(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    found = AbusiveContact.objects.filter(conversation__customer=customer).select_related(
        "conversation"
    )
    if channel:
        found = found.filter(conversation__channel=channel)
    for contact in found[:limit]:
        yield Moment(
            kind="conduct",
            at=contact.marked_at,
            pk=contact.pk,
            title=_("Contact marqué abusif"),
            text=str(contact.get_nature_display()),
            url=reverse("conduct:exchange", args=[contact.workspace_id, contact.conversation_id]),
            icon="shield-exclamation",
            channel=contact.conversation.channel,
            channel_label=contact.conversation.get_channel_display(),
            actor=contact.adviser_label,
            badge=contact.get_outcome_display(),
            tone="warning",
        )


def facts(customer: Customer, today: date) -> Iterable[Fact]:
    found = ContactMeasure.objects.filter(customer=customer, lifted_at__isnull=True).exclude(
        kind=""
    )
    for measure in found.filter(until__gte=today):
        yield Fact(
            section="open",
            title=measure.get_kind_display(),
            text=_("Jusqu’au"),
            url=reverse("conduct:index", args=[measure.workspace_id]),
            tone="danger",
            on=measure.until,
        )


def _measured(today: date) -> Q:
    found = ContactMeasure.objects.filter(lifted_at__isnull=True, until__gte=today).exclude(kind="")
    return Q(pk__in=found.values("customer"))


ROOM = Room(
    kind="conduct",
    label=_("Contacts abusifs"),
    moments=moments,
    facts=facts,
    situations=(Situation("mesure", _("Mesure de contact en vigueur"), _measured),),
)
