"""Articles of one workspace, found as people ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Abs
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from acquis.accounts.models import Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.directory.policy import fold
from acquis.desk.knowledge import policy, ranking, words
from acquis.desk.knowledge.models import Article, ArticleDraft, ArticleWord, Snippet, Synonyms
from acquis.desk.shell import day_in_paris

MOST_FOUND = 60
MOST_COMPARED = 100  # articles that `ranking` reads for one question
WORDS_GUESSED = 4  # of one question
WORDS_COMPARED = 400  # of the vocabulary with one misspelt word
LENGTH_APART = 3  # signs, between a misspelt word and what it stood for
FEW = 3  # articles: when no more answer the whole question, those that answer part of it join

# The engines find, and choose the first hundred when there are more; `ranking` puts in order.
SQLITE = """
    SELECT a.id FROM knowledge_article_fts JOIN knowledge_article a
        ON a.id = knowledge_article_fts.rowid
    WHERE knowledge_article_fts MATCH %s AND a.workspace_id = %s AND a.state = 'published'
        AND %s IN ('', a.kind)
    ORDER BY bm25(knowledge_article_fts, 0, 10, 5, 1), a.id LIMIT %s
"""
# The same expression as the index of migration 0006: another would not use it.
DOCUMENT = """(setweight(to_tsvector('simple', stems_title), 'A')
    || setweight(to_tsvector('simple', stems_keywords), 'B')
    || setweight(to_tsvector('simple', 'w' || workspace_id::text), 'C')
    || setweight(to_tsvector('simple', stems_body), 'D'))"""
POSTGRESQL = f"""
    SELECT id FROM knowledge_article, to_tsquery('simple', %s) AS asked
    WHERE {DOCUMENT} @@ asked AND workspace_id = %s AND state = 'published'
        AND %s IN ('', kind)
    ORDER BY ts_rank_cd(ARRAY[0.1, 0, 0.5, 1]::real[], {DOCUMENT}, asked) DESC, id LIMIT %s
"""  # noqa: S608  a constant of ours; values are bound


@dataclass(frozen=True, slots=True)
class Hit:
    article: Article
    excerpt: SafeString  # the words asked are marked


@dataclass(frozen=True, slots=True)
class Found:
    """`instead` names the words that were taken for those nobody wrote.

    `partial`: no article answers the whole question; the hits answer a part of it.
    """

    hits: Sequence[Hit]
    instead: tuple[str, ...] = ()
    partial: bool = False


def of_workspace(workspace: Workspace) -> QuerySet[Article]:
    return Article.objects.filter(workspace=workspace)


def published(workspace: Workspace) -> QuerySet[Article]:
    return of_workspace(workspace).filter(state=Article.State.PUBLISHED)


def index(article: Article) -> None:
    """Make what `search` reads; to be called before every write of an article.

    What is published is to be learnt too (`actions.reindex.learn`).
    """
    article.stems_title = words.indexed(article.title)
    article.stems_keywords = words.indexed(" ".join(keywords_of(article)))
    article.stems_body = words.indexed(policy.without_marks(article.body))
    article.stems_version = words.version()


def keywords_of(article: Article) -> list[str]:
    kept = article.keywords if isinstance(article.keywords, list) else [article.keywords]
    return [str(one) for one in kept]


def find(
    workspace: Workspace, typed: str, *, kind: str = "", today: date | None = None
) -> Sequence[Hit]:
    return search(workspace, typed, kind=kind, today=today).hits


def search(workspace: Workspace, typed: str, *, kind: str = "", today: date | None = None) -> Found:
    """Published articles that answer every word asked, the best first.

    Endings and accents do not count, the desk's synonyms do; a word that no article holds is taken
    for the closest that one does; when no article answers the whole question, those that answer
    a part of it do. Nothing asked gives every article. What is no longer in force on `today` comes
    later. As many statements for ten articles as for thousands.
    """
    asked = words.understood(typed, synonyms_of(workspace))
    if not asked:
        articles = published(workspace)
        if kind:
            articles = articles.filter(kind=kind)
        return Found([Hit(article, SafeString()) for article in articles[:MOST_FOUND]])
    keys = _holding(workspace, asked, kind)
    parts: list[int] = []
    instead: tuple[str, ...] = ()
    if not keys:
        spelt, guessed = _closest(workspace, asked)
        keys = _holding(workspace, spelt, kind) if guessed else []
        parts = [] if keys else _holding(workspace, asked, kind, every=False)
        # A guess that makes no article answer whole is worth less than the words as they were typed.
        if guessed and not parts:
            asked, instead = spelt, guessed
            typed = " ".join(group.typed for group in spelt)
    whole = set(keys)
    if not parts and (not keys or (len(asked) > 1 and len(keys) < FEW)):
        parts = _holding(workspace, asked, kind, every=False)
    keys = list(dict.fromkeys([*keys, *parts]))
    articles_by_key = Article.objects.in_bulk(keys)
    order = ranking.ranked(
        [_candidate(articles_by_key[key]) for key in keys if key in articles_by_key],
        asked,
        typed,
        today=today,
    )
    found = [articles_by_key[one.key] for one in order[:MOST_FOUND]]
    hits = [Hit(article, _excerpt(article, asked)) for article in found]
    return Found(hits, instead, partial=bool(hits) and not whole)


def synonyms_of(workspace: Workspace) -> list[list[str]]:
    return list(Synonyms.objects.filter(workspace=workspace).values_list("words", flat=True))


def _holding(
    workspace: Workspace,
    asked: Sequence[words.Group],
    kind: str = "",
    *,
    every: bool = True,
    most: int = MOST_COMPARED,
) -> list[int]:
    """The keys of the articles that answer; each engine reads the index of this desk alone."""
    desk = f"w{workspace.pk}"
    if connection.vendor == "sqlite":
        question = words.sqlite_query(asked, every=every)
        statement = SQLITE
        question = f"desk:{desk} AND {{stems_title stems_keywords stems_body}}:({question})"
    else:
        question = words.postgresql_query(asked, every=every)
        statement, question = POSTGRESQL, f"{desk}:C & ({question})"
    with connection.cursor() as cursor:
        cursor.execute(statement, [question, workspace.pk, kind, most])
        return [row[0] for row in cursor.fetchall()]


def _candidate(article: Article) -> ranking.Candidate:
    return ranking.Candidate(
        key=article.pk,
        title=article.title,
        keywords=keywords_of(article),
        stems_title=article.stems_title,
        stems_keywords=article.stems_keywords,
        stems_body=article.stems_body,
        valid_from=article.valid_from,
        valid_until=article.valid_until,
        review_on=article.review_on,
        published_on=day_in_paris(article.published_at) if article.published_at else None,
    )


def _closest(
    workspace: Workspace, asked: Sequence[words.Group]
) -> tuple[list[words.Group], tuple[str, ...]]:
    """Each word that no article holds becomes the closest that one does."""
    groups: list[words.Group] = []
    instead: list[str] = []
    for group in asked:
        guessed = len(groups) < WORDS_GUESSED and not group.quoted
        near = like_words(workspace, group.typed) if guessed else []
        if near and not _holding(workspace, [group], most=1):
            instead.append(near[0])
            read = [stem for word in near[1:] for stem in words.stems(word)]
            tokens = tuple(dict.fromkeys([near[0], *words.stems(near[0])]))
            groups.append(words.Group(near[0], tokens, others=tuple((stem,) for stem in read)))
        else:
            groups.append(group)
    return groups, tuple(instead)


def like_words(workspace: Workspace, word: str) -> list[str]:
    """The words of the desk's articles that look most like a misspelt one, best first.

    Compared are those that begin or end as it does and are about as long, the nearest in length
    first: a bounded number, read from an index, however much the desk knows.
    """
    bare = fold(word).replace(" ", "")
    if len(bare) < words.SHORTEST_MISSPELT:
        return []
    length = len(bare)
    kept = (
        ArticleWord.objects.filter(
            Q(head=ArticleWord.head_of(bare)) | Q(tail=ArticleWord.tail_of(bare)),
            workspace=workspace,
            length__range=(length - LENGTH_APART, length + LENGTH_APART),
        )
        .order_by(Abs(F("length") - length), "word")
        .values_list("word", flat=True)[:WORDS_COMPARED]
    )
    return words.closest(bare, kept)


def _excerpt(article: Article, asked: Sequence[words.Group]) -> SafeString:
    text = policy.without_marks(article.body)
    pieces = policy.excerpt(text, words.places(text, asked))
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part) if hit else part,) for part, hit in pieces)
    )


def due(workspace: Workspace, *, today: date) -> QuerySet[Article]:
    """Published articles whose day of review has come, or whose validity is over; oldest first."""
    return (
        published(workspace)
        .filter(Q(review_on__lte=today) | Q(valid_until__lt=today))
        .order_by(F("review_on").asc(nulls_last=True), "title")
    )


def drafts(workspace: Workspace) -> QuerySet[ArticleDraft]:
    return (
        ArticleDraft.objects.filter(workspace=workspace)
        .select_related("article")
        .order_by("-saved_at")
    )


def disputed(workspace: Workspace) -> QuerySet[Article]:
    """Articles that somebody found of no use, the most disputed first."""
    useless = Count("votes", filter=Q(votes__useful=False))
    return (
        of_workspace(workspace)
        .annotate(useful=Count("votes", filter=Q(votes__useful=True)), useless=useless)
        .filter(useless__gt=0)
        .order_by("-useless", "title")
    )


def names_among(workspace: Workspace, typed: str) -> set[str]:
    """The words typed that are a customer's name: the journal of searches does not keep them."""
    asked = typed.split()[: words.MOST_WORDS]
    named = Q()
    for word in asked:
        for name in ("last_name", "first_name", "company_name"):
            named |= Q(**{f"{name}__icontains": word})
    if not asked:
        return set()
    held = Customer.objects.filter(named, workspace=workspace).values_list(
        "last_name", "first_name", "company_name"
    )[:200]
    of_customers = {part for row in held for text in row for part in fold(text).split()}
    return {word for word in fold(typed).split() if word in of_customers}


def snippets(usable: QuerySet[Snippet], typed: str) -> list[Snippet]:
    """Canned answers whose title, shortcut, category or text holds every word typed."""
    words = fold(typed).split()
    found = []
    for snippet in usable:
        text = fold(f"{snippet.title} {snippet.shortcut} {snippet.category} {snippet.body}")
        if all(word in text for word in words):
            found.append(snippet)
    return found
