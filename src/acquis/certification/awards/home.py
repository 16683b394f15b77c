from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.awards.queries import (
    own_results,
    to_countersign,
    to_revoke,
    to_sign,
    to_write,
)
from acquis.kernel.home import Card, Provider


def _juror(user: User, _organisation: Organisation, _now: datetime) -> Iterable[Card]:
    for document in to_sign(user):
        yield Card(
            title=_("Procès-verbal à signer"),
            text=_("{number}, session {reference}").format(
                number=document.number, reference=document.session.reference
            ),
            url=reverse("awards:sign", args=[document.pk]),
            icon="signature",
            tone="warning",
            order=10,
        )


def _manager(user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    for session in to_write(user, organisation):
        yield Card(
            title=_("Procès-verbal à établir"),
            text=_("La session {reference} est délibérée.").format(reference=session.reference),
            url=reverse("awards:session", args=[session.pk]),
            icon="file-text",
            tone="warning",
            order=10,
        )
    for document in to_countersign(user):
        yield Card(
            title=_("Procès-verbal à contresigner"),
            text=_("{number} : tous les jurés ont signé.").format(number=document.number),
            url=reverse("awards:countersign", args=[document.pk]),
            icon="signature",
            tone="warning",
            order=10,
        )


def _body(_user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    for document in to_revoke().filter(organisation=organisation):
        yield Card(
            title=_("Certificat à révoquer"),
            text=_("{number} : la décision du jury a été annulée.").format(number=document.number),
            url=reverse("awards:revoke", args=[document.pk]),
            icon="ban",
            tone="danger",
            order=10,
        )


def _candidate(user: User, _organisation: Organisation, _now: datetime) -> Iterable[Card]:
    count = own_results(user).count()
    yield Card(
        title=_("Mes résultats"),
        text=_("Vos fiches de résultat et vos certificats.")
        if count
        else _("Ils apparaissent ici dès que le procès-verbal de votre session est signé."),
        url=reverse("awards:own_results"),
        icon="award",
        count=count or None,
        order=30,
    )


PROVIDERS = [
    Provider(Verb.PV_SIGN, _juror),
    Provider(Verb.PV_COUNTERSIGN, _manager),
    Provider(Verb.AWARD_REVOKE, _body),
    Provider(Verb.AWARD_OWN_READ, _candidate),
]
