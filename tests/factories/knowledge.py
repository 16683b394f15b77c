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
    Reading,
    ReadingItem,
    ReadingList,
    ReadingListReader,
    ReadingReminder,
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


def reading_list(workspace: Workspace, *articles: Article, **fields: Any) -> ReadingList:
    """A list for all of the desk, without a deadline."""
    values = {"title": f"Liste {next(_rank)}", "made_at": NOW}
    made = ReadingList.objects.create(workspace=workspace, **(values | fields))
    for position, article in enumerate(articles, start=1):
        ReadingItem.objects.create(
            workspace=workspace, reading_list=made, article=article, position=position
        )
    return made


def named(listed: ReadingList, reader: User) -> ReadingListReader:
    return ReadingListReader.objects.create(
        workspace_id=listed.workspace_id, reading_list=listed, reader=reader
    )


def reading(item: ReadingItem, reader: User, **fields: Any) -> Reading:
    """What is published was read and understood."""
    values = {"version": item.article.version, "confirmed_at": NOW}
    return Reading.objects.create(
        workspace_id=item.workspace_id, item=item, reader=reader, **(values | fields)
    )


def reminder(listed: ReadingList, reader: User, **fields: Any) -> ReadingReminder:
    values = {"sent_by": "Karim", "sent_at": NOW}
    return ReadingReminder.objects.create(
        workspace_id=listed.workspace_id, reading_list=listed, reader=reader, **(values | fields)
    )
