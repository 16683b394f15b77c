from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acquis.accounts.access import workspaces_of
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.desk.conduct.models import AbusiveContact
from acquis.kernel.home import Card, Provider


def _to_see(user: User, _organisation: Organisation, _now: datetime) -> Iterable[Card]:
    """Of each desk, the abusive contacts that its supervisor has not seen; threats stand first."""
    rows = (
        AbusiveContact.objects.filter(
            workspace__in=workspaces_of(user).filter(sealed_at__isnull=True), seen_at__isnull=True
        )
        .values("workspace", "workspace__name", "nature")
        .annotate(count=Count("pk"))
        .order_by("workspace")
    )
    desks: dict[int, tuple[str, int, bool]] = {}
    for row in rows:
        name, count, threat = desks.get(row["workspace"], (row["workspace__name"], 0, False))
        threat = threat or row["nature"] == AbusiveContact.Nature.THREAT
        desks[row["workspace"]] = (name, count + row["count"], threat)
    for desk, (name, count, threat) in desks.items():
        yield Card(
            title=ngettext("Contact abusif", "Contacts abusifs", count) + f" · {name}",
            text=_("Des menaces ont été reçues : voyez le conseiller.")
            if threat
            else _("À voir, avec le conseiller qui l’a reçu."),
            url=reverse("conduct:index", args=[desk]),
            icon="shield-exclamation",
            count=count,
            tone="danger" if threat else "warning",
            order=5 if threat else 15,
        )


PROVIDERS = [Provider(Verb.DESK_SUPERVISE, _to_see)]
