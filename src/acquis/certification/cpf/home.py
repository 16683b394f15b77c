from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.cpf import presentation, queries
from acquis.kernel.home import Card, Provider


def _cards(_user: User, organisation: Organisation, now: datetime) -> Iterable[Card]:
    """What the three-month clock presses, or what waits for a hand; nothing when all is told."""
    found = queries.counts(organisation, timezone.localtime(now).date())
    if found.late:
        yield Card(
            title=_("Passeport de compétences en retard"),
            text=_("Plus de trois mois depuis la délivrance."),
            url=reverse("cpf:list") + "?etat=en-retard",
            icon="alarm",
            count=found.late,
            tone="danger",
            order=12,
        )
    if found.soon:
        yield Card(
            title=_("Passeport de compétences : échéance proche"),
            text=_("À transmettre avant trente jours."),
            url=reverse("cpf:list"),
            icon="calendar-due",
            count=found.soon,
            tone="warning",
            order=28,
        )
    if found.ready or found.incomplete:
        yield Card(
            title=_("À transmettre au passeport de compétences"),
            text=presentation.readiness_sentence(found),
            url=reverse("cpf:list"),
            icon="certificate",
            count=found.ready + found.incomplete,
            tone="warning" if found.incomplete else "info",
            order=32,
        )


PROVIDERS = [Provider(Verb.CPF_DEPOSIT, _cards)]
