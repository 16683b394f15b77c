"""The only way from outside to what a desk knows: by a workspace in which the person has a seat."""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import may, may_write_in, roles_of, workspace_for
from acquis.accounts.enums import Role, WorkspaceKind
from acquis.accounts.models import User, Workspace
from acquis.accounts.verbs import Verb
from acquis.desk.knowledge.models import Article, Snippet


def article_for(
    user: User, workspace_id: int, slug: str, *, write: bool = False
) -> tuple[Workspace, Article]:
    """The article and its workspace. Raises Http404, or the refusal to write there.

    An article never published exists for those alone who keep what the desk knows.
    """
    workspace = workspace_for(user, workspace_id, write=write)
    article = get_object_or_404(Article.objects.filter(workspace=workspace), slug=slug)
    if article.state == Article.State.DRAFT and not may_manage(user, workspace):
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


def may_manage(user: User, workspace: Workspace) -> bool:
    """Whether the person keeps what the desk shares, seals left aside.

    The supervisors of a real desk, or of a copy in which they have a seat; those who edit a
    fictitious enterprise, in its original. Never a candidate: what the enterprise says is not
    theirs to change.
    """
    verb = Verb.ENTERPRISE_EDIT if workspace.kind == WorkspaceKind.MODEL else Verb.DESK_SUPERVISE
    return may(user, verb, workspace.organisation) and may_write_in(user, workspace)


def may_be_helped(user: User, workspace: Workspace) -> bool:
    """Whether the person's French may be read over: not that of a candidate in a private copy."""
    return workspace.kind != WorkspaceKind.COPY or Role.CANDIDATE not in roles_of(user)


def managed_workspace(user: User, workspace_id: int, *, write: bool = False) -> Workspace:
    """The desk, for those who keep what it shares. Raises Http404, or the refusal to write."""
    workspace = workspace_for(user, workspace_id, write=write)
    if not may_manage(user, workspace):
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
