"""The only way from outside to what a desk knows: by a workspace in which the person has a seat."""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import roles_of, workspace_for
from acquis.accounts.enums import Role, WorkspaceKind
from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge import board
from acquis.desk.knowledge.models import Article, ReadingItem, ReadingList, Snippet
from acquis.desk.shell import keeps


def article_for(
    user: User, workspace_id: int, slug: str, *, write: bool = False
) -> tuple[Workspace, Article]:
    """The article and its workspace. Raises Http404, or the refusal to write there.

    An article never published exists for those alone who keep what the desk knows.
    """
    workspace = workspace_for(user, workspace_id, write=write)
    article = get_object_or_404(Article.objects.filter(workspace=workspace), slug=slug)
    if article.state == Article.State.DRAFT and not keeps(user, workspace):
        raise Http404
    article.workspace = workspace
    return workspace, article


def managed_article(
    user: User, workspace_id: int, slug: str, *, write: bool = False
) -> tuple[Workspace, Article]:
    """The article, for those who keep it. Raises Http404, or the refusal to write there."""
    workspace = managed_workspace(user, workspace_id, write=write)
    article = get_object_or_404(Article.objects.filter(workspace=workspace), slug=slug)
    article.workspace = workspace
    return workspace, article


def may_be_helped(user: User, workspace: Workspace) -> bool:
    """Whether the person's French may be read over: not that of a candidate in a private copy."""
    return workspace.kind != WorkspaceKind.COPY or Role.CANDIDATE not in roles_of(user)


def managed_workspace(user: User, workspace_id: int, *, write: bool = False) -> Workspace:
    """The desk, for those who keep what it shares. Raises Http404, or the refusal to write."""
    workspace = workspace_for(user, workspace_id, write=write)
    if not keeps(user, workspace):
        raise Http404
    return workspace


def snippets_of(user: User, workspace: Workspace) -> QuerySet[Snippet]:
    """The answers that the person may use: those of the desk and their own."""
    return Snippet.objects.filter(Q(owner__isnull=True) | Q(owner=user), workspace=workspace)


def snippet_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Snippet]:
    """A canned answer that the person may use. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    found = get_object_or_404(snippets_of(user, workspace), pk=pk)
    found.workspace = workspace
    return workspace, found


def reading_list_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, ReadingList]:
    """A list meant for the person, or any for those who keep them.

    Raises Http404, or the refusal to write there. What is put away is left to those who keep it.
    """
    workspace = workspace_for(user, workspace_id, write=write)
    found = get_object_or_404(ReadingList, workspace=workspace, pk=pk)
    found.workspace = workspace
    if not keeps(user, workspace) and (
        found.archived_at is not None or not board.is_meant(found, user)
    ):
        raise Http404
    return workspace, found


def reading_item_for(
    user: User, workspace_id: int, pk: int, item_pk: int, *, write: bool = False
) -> tuple[Workspace, ReadingItem]:
    """A published article of a list that the person may see. Raises as `reading_list_for`."""
    workspace, owner = reading_list_for(user, workspace_id, pk, write=write)
    rows = owner.items.filter(article__state=Article.State.PUBLISHED).select_related("article")
    item = get_object_or_404(rows, pk=item_pk)
    item.reading_list = owner
    item.article.workspace = workspace
    return workspace, item


def managed_list(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, ReadingList]:
    """A list, for those who keep them. Raises Http404, or the refusal to write there."""
    workspace = managed_workspace(user, workspace_id, write=write)
    found = get_object_or_404(ReadingList, workspace=workspace, pk=pk)
    found.workspace = workspace
    return workspace, found
