from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks.models import FrameworkImport
from acquis.kernel.home import Card, Provider


def _imports(_user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    understood = FrameworkImport.objects.filter(
        organisation=organisation, state=FrameworkImport.State.UNDERSTOOD
    ).count()
    if understood:
        yield Card(
            title=ngettext("Référentiel à relire", "Référentiels à relire", understood),
            text=_("Le document est lu : vérifiez ce qui a été compris avant de publier."),
            url=reverse("frameworks:imports"),
            icon="file-search",
            count=understood,
            tone="warning",
            order=30,
        )


def _library(_user: User, _organisation: Organisation | None, _now: datetime) -> Iterable[Card]:
    yield Card(
        title=_("Référentiels"),
        text=_("Blocs, compétences, critères et épreuves des certifications."),
        url=reverse("frameworks:list"),
        icon="book",
        order=80,
    )


PROVIDERS = [
    Provider(Verb.FRAMEWORK_IMPORT, _imports),
    Provider(Verb.FRAMEWORK_READ, _library),
]
