from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acquis.accounts.access import members_of
from acquis.accounts.models import Organisation, User
from acquis.accounts.queries import blocked_people
from acquis.accounts.verbs import Verb
from acquis.kernel.home import Card, Provider


def _accounts(_user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    blocked = len(blocked_people(organisation))
    if blocked:
        yield Card(
            title=_("Connexions bloquées"),
            text=ngettext(
                "Une personne ne peut plus se connecter : trop d’essais.",
                "Des personnes ne peuvent plus se connecter : trop d’essais.",
                blocked,
            ),
            url=reverse("accounts:people") + "?etat=blocked",
            icon="lock",
            count=blocked,
            tone="danger",
            order=5,
        )
    yield Card(
        title=_("Comptes"),
        text=_("Inviter une personne, changer ses rôles, lire son historique."),
        url=reverse("accounts:people"),
        icon="users",
        count=members_of(organisation).filter(is_active=True).count(),
        order=90,
    )


PROVIDERS = [Provider(Verb.ACCOUNT_MANAGE, _accounts)]
