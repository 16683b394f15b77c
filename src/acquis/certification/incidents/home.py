from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.incidents import queries
from acquis.certification.incidents.models import CorrectiveAction
from acquis.kernel.home import Card, Provider


def _held(_user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    count = queries.unsettled().filter(session__organisation=organisation).count()
    if count:
        yield Card(
            title=_("Résultats retenus"),
            text=ngettext(
                "%d incident attend une décision avant les résultats.",
                "%d incidents attendent une décision avant les résultats.",
                count,
            )
            % count,
            url=f"{reverse('incidents:list')}?suivi=held",
            icon="alert-triangle",
            count=count,
            tone="danger",
            order=12,
        )


def _mine(user: User, _organisation: Organisation | None, now: datetime) -> Iterable[Card]:
    """The actions that this person answers for, one by one; few are open at a time."""
    today = timezone.localtime(now).date()
    mine = CorrectiveAction.objects.filter(
        owner=user, closed_at__isnull=True, done_at__isnull=True
    ).order_by("due_on", "pk")
    for action in mine[:4]:
        yield Card(
            title=_("Action corrective à mener"),
            text=f"{action.title} · {action.due_on:%d/%m/%Y}",
            url=reverse("incidents:action", args=[action.pk]),
            icon="tool",
            tone="danger" if action.due_on < today else "warning",
            order=18,
        )


PROVIDERS = [Provider(Verb.INCIDENT_FOLLOW, _held), Provider(None, _mine)]
