"""The only way from outside to a letter: by a workspace in which the person has a seat."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.documents.models import Letter


def letter_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Letter]:
    """The letter and its workspace. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    found = Letter.objects.filter(workspace=workspace).select_related("customer", "file")
    letter = get_object_or_404(found, pk=pk)
    letter.workspace = workspace
    letter.customer.workspace = workspace
    return workspace, letter
