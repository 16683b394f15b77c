from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from acquis.accounts.access import members_of
from acquis.accounts.enums import Role, WorkspaceKind
from acquis.accounts.models import Organisation, User, Workspace, WorkspaceMember

# Those who practise; jurors and managers see the copies of exams.
PRACTISE = (Role.CANDIDATE, Role.ADVISER, Role.SUPERVISOR, Role.TRAINER)


def enterprises(organisation: Organisation) -> QuerySet[Workspace]:
    """The fictitious enterprises, the latest loaded first, with how many copies were made."""
    return (
        Workspace.objects.filter(organisation=organisation, kind=WorkspaceKind.MODEL)
        .annotate(
            practice_count=Count("copies", filter=Q(copies__sitting__isnull=True)),
            exam_count=Count("copies", filter=Q(copies__sitting__isnull=False)),
        )
        .order_by("-created_at", "-pk")
    )


def practice_copies(enterprise: Workspace) -> QuerySet[Workspace]:
    """The copies that belong to no exam, with whom they are for."""
    seats = WorkspaceMember.objects.select_related("user").order_by("pk")
    return (
        enterprise.copies.filter(kind=WorkspaceKind.COPY, sitting__isnull=True)
        .prefetch_related(Prefetch("members", queryset=seats))
        .order_by("-created_at", "-pk")
    )


def learners(organisation: Organisation) -> QuerySet[User]:
    """The people for whom a practice copy may be made."""
    return (
        members_of(organisation, PRACTISE)
        .filter(is_active=True)
        .order_by("last_name", "first_name", "pk")
    )


def served_since(enterprise: Workspace, people: Iterable[int], asked_at: datetime) -> set[int]:
    """Those of `people` whose copy was already made for a request of that instant."""
    return set(
        WorkspaceMember.objects.filter(
            workspace__origin=enterprise,
            workspace__sitting__isnull=True,
            workspace__created_at__gte=asked_at,
            user_id__in=[*people],
        ).values_list("user_id", flat=True)
    )
