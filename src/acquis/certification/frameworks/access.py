from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from acquis.accounts.access import require
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks.models import FrameworkImport, FrameworkVersion


def readable_versions(user: User, organisation: Organisation | None) -> QuerySet[FrameworkVersion]:
    """Published editions shipped with the product or belonging to the organisation."""
    require(user, Verb.FRAMEWORK_READ, organisation)
    return FrameworkVersion.objects.filter(
        Q(framework__organisation__isnull=True) | Q(framework__organisation=organisation),
        state=FrameworkVersion.State.PUBLISHED,
    ).select_related("framework__organisation", "previous__framework__organisation")


def readable_version(user: User, organisation: Organisation | None, pk: int) -> FrameworkVersion:
    return get_object_or_404(readable_versions(user, organisation), pk=pk)


def imports(user: User, organisation: Organisation | None) -> QuerySet[FrameworkImport]:
    require(user, Verb.FRAMEWORK_IMPORT, organisation)
    return FrameworkImport.objects.filter(organisation=organisation).select_related("created_by")


def one_import(user: User, organisation: Organisation | None, pk: int) -> FrameworkImport:
    return get_object_or_404(imports(user, organisation), pk=pk)
