from datetime import date

from django.db.models import Q, QuerySet

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks.models import FrameworkVersion

SORTS = {
    "title": ("framework__title", "-valid_from"),
    "-title": ("-framework__title", "-valid_from"),
    "code": ("framework__code", "-valid_from"),
    "-code": ("-framework__code", "-valid_from"),
    "valid_from": ("valid_from", "framework__title"),
    "-valid_from": ("-valid_from", "framework__title"),
}


def search(
    versions: QuerySet[FrameworkVersion], *, text: str, kind: str, sort: str
) -> QuerySet[FrameworkVersion]:
    for word in text.split()[:8]:
        versions = versions.filter(
            Q(framework__title__icontains=word)
            | Q(framework__code__icontains=word)
            | Q(framework__acronym__icontains=word)
        )
    if kind:
        versions = versions.filter(framework__kind=kind)
    return versions.order_by(*SORTS.get(sort, SORTS["title"]), "pk")


def valid_on(versions: QuerySet[FrameworkVersion], day: date) -> QuerySet[FrameworkVersion]:
    """Editions in force on that day, first and last day included."""
    return versions.filter(valid_from__lte=day).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )


def may_publish(user: User, organisation: Organisation | None) -> bool:
    return may(user, Verb.FRAMEWORK_PUBLISH, organisation)
