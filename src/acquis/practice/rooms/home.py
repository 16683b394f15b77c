from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.sittings.access import own_sittings
from acquis.kernel.home import Card, Provider


def _own_exams(user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    mine = own_sittings(user).filter(candidate__session__organisation=organisation)
    for sitting in mine:
        if sitting.is_sealed:
            continue
        session = sitting.candidate.session
        yield Card(
            title=_("Votre épreuve est prête"),
            text=f"{session.version.framework.title} · {session.place}",
            url=reverse("rooms:room", args=[sitting.pk]),
            icon="school",
            tone="info",
            order=5,
        )


PROVIDERS = [Provider(Verb.SITTING_TAKE, _own_exams)]
