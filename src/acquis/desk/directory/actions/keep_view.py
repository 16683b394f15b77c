"""Lists to come back to: saved, changed, removed, taken back, opened first."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import DefaultView, SavedView
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def save_view(
    *, workspace: Workspace, name: str, query: str, shared: bool, by: User, at: datetime
) -> SavedView:
    """Keep a list under a name; `query` is canonical (policy.listing). Raises WorkspaceSealed."""
    refuse_if_sealed(workspace)
    view = SavedView.objects.create(
        workspace=workspace,
        name=name,
        query=query,
        shared=shared,
        owner=by,
        owner_label=by.full_name,
        updated_at=at,
    )
    _tell("customer_view.saved", view, by=by, at=at)
    return view


@transaction.atomic
def change_view(
    *,
    view: SavedView,
    name: str | None = None,
    shared: bool | None = None,
    query: str | None = None,
    by: User,
    at: datetime,
) -> SavedView:
    """Rename a view, share it or not, or make it ask something else. Raises WorkspaceSealed."""
    refuse_if_sealed(view.workspace)
    row = SavedView.objects.select_for_update(of=("self",)).get(pk=view.pk)
    row.name = row.name if name is None else name
    row.shared = row.shared if shared is None else shared
    row.query = row.query if query is None else query
    row.updated_at = at
    row.save(update_fields=["name", "shared", "query", "updated_at"])
    _tell("customer_view.changed", row, by=by, at=at)
    return row


@transaction.atomic
def remove_view(*, view: SavedView, removed: bool, by: User, at: datetime) -> SavedView:
    """Take a view away, or take it back; who opened their list on it finds it again.

    Raises WorkspaceSealed.
    """
    refuse_if_sealed(view.workspace)
    row = SavedView.objects.select_for_update(of=("self",)).get(pk=view.pk)
    row.removed_at = at if removed else None
    row.save(update_fields=["removed_at"])
    _tell("customer_view.removed" if removed else "customer_view.restored", row, by=by, at=at)
    return row


@transaction.atomic
def open_on_view(*, view: SavedView, chosen: bool, by: User) -> None:
    """Open the person's list on this view from now on, or no longer. Raises WorkspaceSealed.

    A habit of one person leaves no trace.
    """
    refuse_if_sealed(view.workspace)
    if chosen:
        DefaultView.objects.update_or_create(
            workspace=view.workspace, person=by, defaults={"view": view}
        )
    else:
        DefaultView.objects.filter(workspace=view.workspace, person=by, view=view).delete()


def _tell(verb: str, view: SavedView, *, by: User, at: datetime) -> None:
    trace.record(
        verb,
        view,
        by=by,
        at=at,
        stream=f"workspace:{view.workspace_id}",
        name=view.name,
        shared=view.shared,
    )
