"""The only way from outside to merges and suspicions: by a workspace where the person has a seat."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.merging.models import Merge, Suspicion


def merge_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Merge]:
    """The merge and its workspace. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    rows = Merge.objects.filter(workspace=workspace).select_related("kept")
    return workspace, get_object_or_404(rows, pk=pk)


def suspicion_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, Suspicion]:
    """The pair, to be decided upon. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=True)
    return workspace, get_object_or_404(Suspicion.objects.filter(workspace=workspace), pk=pk)
