from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge import snippets
from acquis.desk.knowledge.errors import SharedByTheDesk, ShortcutTaken, VariableUnknown
from acquis.desk.knowledge.models import Snippet
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def keep_snippet(  # noqa: PLR0913  what a canned answer is made of
    *,
    workspace: Workspace,
    snippet: Snippet | None,
    title: str,
    shortcut: str,
    category: str,
    channels: Sequence[str],
    body: str,
    shared: bool,
    may_share: bool,
    by: User,
    at: datetime,
) -> Snippet:
    """Write a canned answer, new when `snippet` is None.

    `may_share` says whether the person keeps what the desk shares. Raises SharedByTheDesk,
    ShortcutTaken, VariableUnknown or WorkspaceSealed; nothing is written then.
    """
    # One writer at a time, so that two answers cannot take the same shortcut.
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(workspace)
    was_shared = snippet is not None and snippet.owner_id is None
    if (shared or was_shared) and not may_share:
        raise SharedByTheDesk
    unknown = snippets.unknown_variables(body)
    if unknown:
        raise VariableUnknown(name=unknown[0])
    row = snippet or Snippet(workspace=workspace)
    owner = None if shared else by
    if shortcut:
        rivals = Snippet.objects.filter(workspace=workspace, owner=owner, shortcut=shortcut)
        if rivals.exclude(pk=row.pk).exists():
            raise ShortcutTaken(shortcut=shortcut)
    row.title = title
    row.shortcut = shortcut
    row.category = category
    row.channels = sorted(channels)
    row.body = body
    row.owner = owner
    row.updated_at = at
    row.save()
    trace.record(
        "knowledge.snippet_kept",
        row,
        by=by,
        at=at,
        stream=workspace.trace_stream,
        new=snippet is None,
        shared=shared,
        chars=len(body),
    )
    return row


@transaction.atomic
def remove_snippet(*, snippet: Snippet, may_share: bool, by: User, at: datetime) -> None:
    """Remove a canned answer; what was sent with it stays sent.

    Raises SharedByTheDesk or WorkspaceSealed; nothing is written then.
    """
    refuse_if_sealed(snippet.workspace)
    if snippet.owner_id is None and not may_share:
        raise SharedByTheDesk
    trace.record(
        "knowledge.snippet_removed",
        snippet,
        by=by,
        at=at,
        stream=snippet.workspace.trace_stream,
        title=snippet.title,
        shared=snippet.owner_id is None,
    )
    snippet.delete()
