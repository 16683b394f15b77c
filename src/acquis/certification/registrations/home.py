from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.registrations import presentation, queries
from acquis.kernel.home import Card, Provider


def _candidates(_user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    """Identities that the CPF file would refuse, while there is time to ask."""
    found = queries.readiness(organisation)
    if found.incomplete:
        yield Card(
            title=_("Dossiers à compléter"),
            text=_("Il manque : %(fields)s.") % {"fields": presentation.names(found.missing)},
            url=reverse("registrations:list") + "?etat=a-completer",
            icon="id",
            count=found.incomplete,
            tone="warning",
            order=30,
        )


PROVIDERS = [Provider(Verb.CANDIDATE_EDIT, _candidates)]
