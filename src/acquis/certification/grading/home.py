from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.grading.queries import (
    open_grids_of,
    sessions_to_conclude,
    sessions_to_open,
)
from acquis.kernel.home import Card, Provider


def _juror(user: User, _organisation: Organisation, _now: datetime) -> Iterable[Card]:
    waiting = open_grids_of(user).count()
    to_open = sessions_to_open(user).count()
    if waiting:
        text = _("Des candidats attendent vos notes.")
    elif to_open:
        text = _("Des candidats présents attendent leur grille.")
    else:
        text = _("Relire vos grilles, suivre la délibération.")
    yield Card(
        title=_("Mes grilles"),
        text=text,
        url=reverse("grading:home"),
        icon="checklist",
        count=waiting or to_open or None,
        tone="info" if waiting or to_open else "neutral",
        order=20,
    )
    for session in sessions_to_conclude(user):
        yield Card(
            title=_("Délibération"),
            text=_("Les grilles de la session {reference} sont closes.").format(
                reference=session.reference
            ),
            url=reverse("grading:session", args=[session.pk]),
            icon="gavel",
            tone="info",
            order=21,
        )


PROVIDERS = [Provider(Verb.GRID_MARK, _juror)]
