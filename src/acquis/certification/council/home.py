from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.council import access
from acquis.kernel.home import Card, Provider


def _to_answer(user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    """The last exam of which one has not yet said what one thought."""
    seat = access.asked_seats(user).filter(session__organisation=organisation).first()
    if seat is not None:
        framework = seat.session.version.framework
        yield Card(
            title=_("Votre avis sur l’examen"),
            text=_("Sept questions, sans nom : %s") % (framework.acronym or framework.title),
            url=reverse("council:answer", args=[seat.pk]),
            icon="message-circle",
            order=60,
        )


PROVIDERS = [Provider(Verb.AWARD_OWN_READ, _to_answer)]
