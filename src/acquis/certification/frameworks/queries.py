from datetime import date

from django.db.models import Q, QuerySet

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks.models import FrameworkImport, FrameworkVersion
from acquis.kernel.models import Job

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


def latest_edition(versions: QuerySet[FrameworkVersion], code: str) -> FrameworkVersion | None:
    """The newest edition of the framework of that code."""
    found = versions.filter(framework__code__iexact=code) if code else versions.none()
    return found.order_by("-valid_from", "-pk").first()


def may_publish(user: User, organisation: Organisation | None) -> bool:
    return may(user, Verb.FRAMEWORK_PUBLISH, organisation)


def last_reading_job(reading: FrameworkImport) -> Job | None:
    """The job that reads, or last read, the documents of this import."""
    jobs = Job.objects.filter(kind="frameworks.read", args__reading=reading.pk)
    return jobs.order_by("-pk").first()


def same_documents(reading: FrameworkImport) -> QuerySet[FrameworkImport]:
    """The other frameworks found in the same upload."""
    return FrameworkImport.objects.filter(
        organisation=reading.organisation_id,
        created_by=reading.created_by_id,
        created_at=reading.created_at,
    ).exclude(pk=reading.pk)
