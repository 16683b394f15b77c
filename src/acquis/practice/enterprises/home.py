from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.kernel.home import Card, Provider
from acquis.practice.enterprises import queries


def _enterprises(_user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    count = queries.enterprises(organisation).count()
    if count:
        text = _("Les présenter, en faire des copies d’entraînement.")
    else:
        text = _("Aucune n’est installée : une épreuve a besoin d’une entreprise.")
    yield Card(
        title=_("Entreprises fictives"),
        text=text,
        url=reverse("enterprises:list"),
        icon="building-store",
        count=count or None,
        tone="neutral" if count else "warning",
        order=60 if count else 20,
    )


PROVIDERS = [Provider(Verb.ENTERPRISE_READ, _enterprises)]
