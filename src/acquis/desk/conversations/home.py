from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acquis.accounts.access import workspaces_of
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.desk.conversations.models import Conversation
from acquis.kernel.home import Card, Provider

MOST_CARDS = 6


def _desks(user: User, _organisation: Organisation, _now: datetime) -> Iterable[Card]:
    """The desks that are not sealed, those where somebody waits first."""
    desks = list(workspaces_of(user).filter(sealed_at__isnull=True)[:MOST_CARDS])
    rows = (
        Conversation.objects.filter(workspace__in=desks)
        .values("workspace")
        .annotate(waiting=Count("pk", filter=Q(state=Conversation.State.WAITING)))
        .order_by()
    )
    waiting = {row["workspace"]: row["waiting"] for row in rows}
    for desk in desks:
        count = waiting.get(desk.pk, 0)
        yield Card(
            title=desk.name,
            text=ngettext("Une personne attend.", "Des personnes attendent.", count)
            if count
            else _("Clients, échanges, courriers, connaissances."),
            url=reverse("conversations:desk", args=[desk.pk]),
            icon="headset",
            count=count or None,
            tone="warning" if count else "neutral",
            order=10 if count else 30,
        )


PROVIDERS = [Provider(Verb.DESK_USE, _desks)]
