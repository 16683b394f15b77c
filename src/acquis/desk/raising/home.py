from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, F
from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.access import workspaces_of
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.desk.raising.models import Raised
from acquis.kernel.home import Card, Provider


def _to_study(user: User, _organisation: Organisation, _now: datetime) -> Iterable[Card]:
    rows = (
        Raised.objects.filter(
            workspace__in=workspaces_of(user).filter(sealed_at__isnull=True),
            state=Raised.State.RAISED,
        )
        .values("workspace", "workspace__name")
        .annotate(count=Count("pk"))
        .order_by("workspace")
    )
    for row in rows:
        yield Card(
            title=_("Remontées à étudier") + f" · {row['workspace__name']}",
            text=_("Ce que les conseillers ont vu attend votre réponse."),
            url=reverse("raising:index", args=[row["workspace"]]) + "?etat=raised",
            icon="bulb",
            count=row["count"],
            order=35,
        )


def _answered(user: User, _organisation: Organisation, _now: datetime) -> Iterable[Card]:
    found = Raised.objects.filter(
        author=user, changed_at__gt=F("read_at"), workspace__sealed_at__isnull=True
    ).order_by("-changed_at")[:3]
    for one in found:
        yield Card(
            title=_("Réponse à votre remontée"),
            text=f"{one.title} · {one.get_state_display()}",
            url=reverse("raising:raised", args=[one.workspace_id, one.pk]),
            icon="bulb",
            tone="info",
            order=20,
        )


PROVIDERS = [Provider(Verb.DESK_SUPERVISE, _to_study), Provider(Verb.DESK_USE, _answered)]
