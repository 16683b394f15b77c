from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.appeals.models import Appeal, CommitteeMember
from acquis.kernel.home import Card, Provider


def _to_judge(_user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    count = Appeal.objects.filter(organisation=organisation, state=Appeal.State.LODGED).count()
    if count:
        yield Card(
            title=_("Recours à examiner"),
            text=_("Leur recevabilité attend une décision."),
            url=f"{reverse('appeals:list')}?etat=lodged",
            icon="gavel",
            count=count,
            tone="warning",
            order=13,
        )


def _to_voice(user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    """The appeals that wait for this person's opinion, one by one; few are in hand at a time."""
    waiting = CommitteeMember.objects.filter(
        user=user,
        voice="",
        appeal__state=Appeal.State.ADMISSIBLE,
        appeal__organisation=organisation,
    ).select_related("appeal")
    for member in waiting[:4]:
        yield Card(
            title=_("Votre avis est attendu"),
            text=_("Recours %s") % member.appeal.number,
            url=reverse("appeals:detail", args=[member.appeal_id]),
            icon="gavel",
            tone="warning",
            order=13,
        )


PROVIDERS = [
    Provider(Verb.APPEAL_MANAGE, _to_judge),
    Provider(Verb.APPEAL_EXAMINE, _to_voice),
]
