"""What the search reads of the articles, made again when the way of reading changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from acquis.accounts.models import Workspace
from acquis.desk.knowledge import policy, queries, words
from acquis.desk.knowledge.models import Article, ArticleWord

BATCH = 100  # articles in one transaction
STEMS = ("stems_title", "stems_keywords", "stems_body", "stems_version")


@dataclass(frozen=True, slots=True)
class Made:
    articles: int
    words: int = 0


@transaction.atomic
def learn(articles: Iterable[Article]) -> None:
    """Keep the words of published articles, each in its desk, so that a misspelt one finds them."""
    known: set[tuple[int, str]] = set()
    for article in articles:
        if article.state == Article.State.PUBLISHED:
            told = (article.title, *queries.keywords_of(article))
            body = policy.without_marks(article.body)
            known.update((article.workspace_id, one) for one in words.vocabulary(*told, body))
    # In order, so that two writers of the same words do not wait for each other in a ring.
    ArticleWord.objects.bulk_create(
        (
            ArticleWord(
                workspace_id=workspace_id,
                word=word,
                head=ArticleWord.head_of(word),
                tail=ArticleWord.tail_of(word),
                length=len(word),
            )
            for workspace_id, word in sorted(known)
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )


def reindex_outdated() -> Made:
    """Make again what was made by another version of `words`, every desk's; a batch at a time.

    Searched meanwhile, an article answers by what was made before. Two workers at once do the
    same work twice, and nothing else.
    """
    done = 0
    while count := _next_batch():
        done += count
    return Made(done)


@transaction.atomic
def _next_batch() -> int:
    version = words.version()
    rows = list(
        Article.objects.select_for_update(of=("self",))
        .exclude(stems_version=version)
        .order_by("pk")[:BATCH]
    )
    for row in rows:
        queries.index(row)
    Article.objects.bulk_update(rows, STEMS)
    learn(rows)
    return len(rows)


@transaction.atomic
def reindex_desk(*, workspace: Workspace) -> Made:
    """Make again what the search reads of one desk; words that no article holds are forgotten."""
    rows = list(queries.of_workspace(workspace).select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        queries.index(row)
    Article.objects.bulk_update(rows, STEMS, batch_size=BATCH)
    ArticleWord.objects.filter(workspace=workspace).delete()
    learn(rows)
    return Made(len(rows), ArticleWord.objects.filter(workspace=workspace).count())
