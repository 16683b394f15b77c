"""Saved views, and the customers that a list, an export or a bulk edit speaks of."""

from django.db.models import Q, QuerySet

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import BulkEdit, DefaultView, SavedView


def views_of(user: User, workspace: Workspace) -> QuerySet[SavedView]:
    """The person's own views and those shared with the desk."""
    seen = Q(owner=user) | Q(shared=True)
    return SavedView.objects.filter(seen, workspace=workspace, removed_at=None)


def default_of(user: User, workspace: Workspace) -> SavedView | None:
    """The view on which the list opens for the person, if they chose one they may still see."""
    chosen = DefaultView.objects.filter(workspace=workspace, person=user).values("view")
    return views_of(user, workspace).filter(pk__in=chosen).first()


def last_edits(workspace: Workspace, count: int = 20) -> list[BulkEdit]:
    """The latest bulk edits of the desk, without the keys of their customers."""
    return list(BulkEdit.objects.filter(workspace=workspace).defer("keys")[:count])
