"""The candidate's own page: what is still to be handed in before the exam."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.deposits import queries
from acquis.kernel.home import Card, Provider


def _own(user: User, organisation: Organisation, now: datetime) -> Iterable[Card]:
    for seat in queries.own_seats(user).filter(session__organisation=organisation):
        asked = queries.asked_of(seat)
        if not asked:
            continue
        missing = [one["part"].due for one in asked if one["last"] is None]
        due = min(missing, default=None)
        if due is None:
            title, tone = _("Vos documents sont remis"), "success"
        elif due < now:
            title, tone = _("Un document est en retard"), "warning"
        else:
            day = date_format(timezone.localtime(due), "j F Y, H:i")
            title, tone = _("À remettre avant le %(day)s") % {"day": day}, "info"
        yield Card(
            title=title,
            text=", ".join(one["part"].title for one in asked),
            url=reverse("deposits:own", args=[seat.pk]),
            icon="file-upload",
            tone=tone,
            order=7,
        )


PROVIDERS = [Provider(Verb.SITTING_TAKE, _own)]
