from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.access import workspaces_of
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.desk.sales.models import PriceList
from acquis.desk.shell import day_in_paris
from acquis.kernel.home import Card, Provider


def _to_review(user: User, _organisation: Organisation, now: datetime) -> Iterable[Card]:
    """Of each desk, the price lists whose day of review has come."""
    rows = (
        PriceList.objects.filter(
            workspace__in=workspaces_of(user).filter(sealed_at__isnull=True),
            review_on__lte=day_in_paris(now),
        )
        .values("workspace", "workspace__name")
        .annotate(count=Count("pk"))
        .order_by("workspace")
    )
    for row in rows:
        yield Card(
            title=_("Grilles tarifaires à relire") + f" · {row['workspace__name']}",
            text=_("Leurs prix sont à confirmer ou à changer."),
            url=reverse("sales:price_lists", args=[row["workspace"]]) + "?relire=1",
            icon="tags",
            count=row["count"],
            order=36,
        )


PROVIDERS = [Provider(Verb.DESK_SUPERVISE, _to_review)]
