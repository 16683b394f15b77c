"""The only way from outside to a letter or a template: by a workspace where the person sits."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.documents.models import Letter, LetterPosting, LetterTemplate


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


def template_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, LetterTemplate]:
    """A template, archived ones included. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    template = get_object_or_404(LetterTemplate, workspace=workspace, pk=pk)
    template.workspace = workspace
    return workspace, template


def posting_for(user: User, workspace_id: int, pk: int, posting_pk: int) -> LetterPosting:
    """A posting of the letter `pk`, to write of. Raises Http404, or the refusal to write there."""
    _workspace, letter = letter_for(user, workspace_id, pk, write=True)
    posting = get_object_or_404(LetterPosting, letter=letter, pk=posting_pk)
    posting.letter = letter
    return posting
