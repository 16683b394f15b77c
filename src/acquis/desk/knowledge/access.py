"""The only way from outside to an article: by a workspace in which the person has a seat."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge.models import Article


def article_for(
    user: User, workspace_id: int, slug: str, *, write: bool = False
) -> tuple[Workspace, Article]:
    """The article and its workspace. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    article = get_object_or_404(Article.objects.filter(workspace=workspace), slug=slug)
    article.workspace = workspace
    return workspace, article
