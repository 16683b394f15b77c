"""Ends of validity on the board of deadlines: a registration is renewed seven months before (X-07)."""

import calendar
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import cast

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.kernel.deadlines import Deadline, Kind

AHEAD, BEHIND = timedelta(days=730), timedelta(days=365)
REGISTERED = frozenset({"rncp", "rs"})
RENEWAL_MONTHS = 7  # France compétences: the file comes seven to eight months before the end
ALERT = timedelta(days=31)  # that month


def renewal_day(valid_to: date, months: int = RENEWAL_MONTHS) -> date:
    """The last day to file a renewal: for 31 December, 31 May."""
    year, month = divmod(valid_to.year * 12 + valid_to.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(valid_to.day, last))


def _ends(_user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    today = timezone.localtime(now).date()
    later = FrameworkVersion.objects.filter(
        framework=OuterRef("framework"),
        state=FrameworkVersion.State.PUBLISHED,
        valid_from__gt=OuterRef("valid_from"),
    )
    found = (
        FrameworkVersion.objects.filter(
            Q(framework__organisation__isnull=True) | Q(framework__organisation=organisation),
            state=FrameworkVersion.State.PUBLISHED,
            valid_to__gte=today - BEHIND,
            valid_to__lte=today + AHEAD,
        )
        .select_related("framework")
        .defer("content")
        .annotate(followed=Exists(later))
    )
    for version in found:
        framework, end = version.framework, cast("date", version.valid_to)
        renewed = framework.kind in REGISTERED
        last = date_format(end, "j F Y")
        yield Deadline(
            kind="framework_end",
            title=f"{framework.title} ({framework.code})",
            text=(_("renouvellement à déposer, fin le %s") if renewed else _("fin le %s")) % last,
            url=reverse("frameworks:version", args=[version.pk]),
            due=renewal_day(end) if renewed else end,
            done=version.followed,
            exam=framework.acronym or framework.title,
            alert=ALERT,
        )


# Whoever answers for the juries of a centre answers for what it may certify.
KINDS = [
    Kind("framework_end", gettext_lazy("Fins de validité"), Verb.JUROR_EDIT, _ends),
]
