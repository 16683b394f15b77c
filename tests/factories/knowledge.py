"""The smallest valid rows of what a desk knows."""

import itertools
from typing import Any

from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge.actions.write_article import content_of
from acquis.desk.knowledge.models import (
    Article,
    ArticleDraft,
    ArticleVersion,
    ArticleVote,
    SearchMiss,
    Snippet,
    Synonyms,
)
from tests.factories.desk import NOW

_rank = itertools.count(1)


def snippet(workspace: Workspace, **fields: Any) -> Snippet:
    """A canned answer that the desk shares."""
    values = {
        "title": f"Réponse {next(_rank)}",
        "body": "Bonjour {client}, votre référence est {référence}.",
        "updated_at": NOW,
    }
    return Snippet.objects.create(workspace=workspace, **(values | fields))


def draft(of: Article, **fields: Any) -> ArticleDraft:
    """A draft that says what the article says."""
    values = content_of(of) | {"saved_at": NOW, "saved_by": "Karim"}
    return ArticleDraft.objects.create(
        workspace_id=of.workspace_id, article=of, **(values | fields)
    )


def version(of: Article, **fields: Any) -> ArticleVersion:
    values = content_of(of) | {
        "rank": of.versions.count() + 1,
        "label": of.version,
        "published_at": NOW,
    }
    return ArticleVersion.objects.create(
        workspace_id=of.workspace_id, article=of, **(values | fields)
    )


def vote(of: Article, by: User, **fields: Any) -> ArticleVote:
    """Somebody found it of no use."""
    values = {"useful": False, "version": of.version, "voted_at": NOW}
    return ArticleVote.objects.create(
        workspace_id=of.workspace_id, article=of, voter=by, **(values | fields)
    )


def miss(workspace: Workspace, **fields: Any) -> SearchMiss:
    values = {"text": f"mot {next(_rank)}", "first_at": NOW, "last_at": NOW}
    return SearchMiss.objects.create(workspace=workspace, **(values | fields))


def synonyms(workspace: Workspace, *words: str) -> Synonyms:
    return Synonyms.objects.create(workspace=workspace, words=list(words))
