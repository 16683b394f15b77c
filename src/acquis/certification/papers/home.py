from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.papers import queries
from acquis.certification.papers.models import Subject
from acquis.kernel.home import Card, Provider


def _subjects(_user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    waiting = queries.bank(organisation).filter(state=Subject.State.SUBMITTED).count()
    if waiting:
        yield Card(
            title=_("Sujets à valider"),
            text=_("Un sujet n’est tiré au sort qu’une fois validé par la direction."),
            url=reverse("papers:list") + "?etat=submitted",
            icon="file-check",
            count=waiting,
            tone="info",
            order=25,
        )


PROVIDERS = [Provider(Verb.SUBJECT_VALIDATE, _subjects)]
