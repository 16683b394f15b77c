"""The only way from outside to an import: by a workspace in which the person has a seat."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.imports.models import CustomerImport


def import_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, CustomerImport]:
    """The import and its workspace. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    rows = CustomerImport.objects.filter(workspace=workspace).select_related("file")
    source = get_object_or_404(rows, pk=pk)
    source.workspace = workspace
    return workspace, source
