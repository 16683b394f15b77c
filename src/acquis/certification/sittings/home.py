from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.sittings.models import HelpCall
from acquis.kernel.home import Card, Provider


def _room(_user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    """Open rooms, and who calls from them."""
    rooms = ExamSession.objects.filter(organisation=organisation, state=ExamSession.State.OPEN)
    for session in rooms:
        calls = HelpCall.objects.filter(
            sitting__candidate__session=session, answered_at__isnull=True
        ).count()
        yield Card(
            title=_("Salle · session %(reference)s") % {"reference": session.reference},
            text=_("Un candidat appelle.") if calls else _("Présences, heures et incidents."),
            url=reverse("sittings:wall", args=[session.pk]),
            icon="eye-check",
            count=calls or None,
            tone="danger" if calls else "warning",
            order=5,
        )


PROVIDERS = [Provider(Verb.SESSION_INVIGILATE, _room)]
