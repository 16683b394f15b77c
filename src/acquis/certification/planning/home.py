from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.planning import queries
from acquis.certification.planning.models import SeasonPlan
from acquis.kernel.home import Card, Provider

MOST = 3  # plans named one by one; the list has them all


def _plans(_user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    """Proposals to answer first, then timetables that sessions do not say yet."""
    waiting = queries.waiting(organisation)
    for plan in [one for one in waiting if one.proposal][:MOST]:
        yield Card(
            title=_("Proposition à examiner · %(plan)s") % {"plan": plan.name},
            text=_("Un planning est proposé après une absence : à accepter ou à écarter."),
            url=reverse("planning:proposal", args=[plan.pk, plan.proposal]),
            icon="arrows-diff",
            tone="warning",
            order=17,
        )
    for plan in [one for one in waiting if not one.proposal][:MOST]:
        yield _to_publish(plan)


def _to_publish(plan: queries.Waiting) -> Card:
    changed = plan.state == SeasonPlan.State.PUBLISHED
    return Card(
        title=(
            _("Changements à publier · %(plan)s") if changed else _("Planning à publier · %(plan)s")
        )
        % {"plan": plan.name},
        text=(
            _("Les sessions disent encore les heures d’avant.")
            if changed
            else _("Le planning est trouvé ; ses sessions ne sont pas encore créées.")
        ),
        url=reverse("planning:timetable", args=[plan.pk]),
        icon="calendar-time",
        tone="warning" if changed else "info",
        order=18 if changed else 22,
    )


PROVIDERS = [Provider(Verb.SESSION_MANAGE, _plans)]
