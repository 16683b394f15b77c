"""Habilitations of jurors on the board of deadlines: each ends on a day (X-03)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.juries.models import Juror
from acquis.kernel.deadlines import Deadline, Kind

AHEAD, BEHIND = timedelta(days=365), timedelta(days=365)
ALERT = timedelta(days=90)  # what a new information session and its decision take


def _accreditations(_user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    today = timezone.localtime(now).date()
    found = Juror.objects.filter(
        organisation=organisation,
        is_active=True,
        accredited_to__gte=today - BEHIND,
        accredited_to__lte=today + AHEAD,
    )
    for juror in found:
        yield Deadline(
            kind="juror_accreditation",
            title=juror.full_name,
            text=juror.employer,
            url=reverse("juries:detail", args=[juror.pk]),
            due=juror.accredited_to,
            done=False,
            alert=ALERT,
        )


KINDS = [
    Kind(
        "juror_accreditation",
        gettext_lazy("Habilitations des jurés"),
        Verb.JUROR_EDIT,
        _accreditations,
    )
]
