"""Articles of one workspace, found as people ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from acquis.accounts.models import Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.directory.policy import fold
from acquis.desk.knowledge import policy, words
from acquis.desk.knowledge.models import Article, ArticleDraft, Snippet, Synonyms

MOST_FOUND = 60
# How much a word weighs in the title, in the keywords and in the text.
WEIGHTS = (10.0, 5.0, 1.0)

SQLITE = """
    SELECT a.id, bm25(knowledge_article_fts, %s, %s, %s) AS far
    FROM knowledge_article_fts JOIN knowledge_article a ON a.id = knowledge_article_fts.rowid
    WHERE knowledge_article_fts MATCH %s AND a.workspace_id = %s AND a.state = 'published'
    ORDER BY far, a.id LIMIT %s
"""
# The same expression as the index of migration 0004: another would not use it.
DOCUMENT = """(setweight(to_tsvector('simple', stems_title), 'A')
    || setweight(to_tsvector('simple', stems_keywords), 'B')
    || setweight(to_tsvector('simple', stems_body), 'D'))"""
POSTGRESQL = f"""
    SELECT id, -ts_rank_cd(ARRAY[%s, 0, %s, %s]::real[], {DOCUMENT}, asked) AS far
    FROM knowledge_article, to_tsquery('simple', %s) AS asked
    WHERE {DOCUMENT} @@ asked AND workspace_id = %s AND state = 'published'
    ORDER BY far, id LIMIT %s
"""  # noqa: S608  a constant of ours; values are bound


@dataclass(frozen=True, slots=True)
class Hit:
    article: Article
    excerpt: SafeString  # the words asked are marked


@dataclass(frozen=True, slots=True)
class Found:
    """`instead` names the words that were taken for those nobody wrote."""

    hits: Sequence[Hit]
    instead: tuple[str, ...] = ()


def of_workspace(workspace: Workspace) -> QuerySet[Article]:
    return Article.objects.filter(workspace=workspace)


def published(workspace: Workspace) -> QuerySet[Article]:
    return of_workspace(workspace).filter(state=Article.State.PUBLISHED)


def index(article: Article) -> None:
    """Make what `search` reads; to be called before every write of an article."""
    keywords = article.keywords if isinstance(article.keywords, list) else [article.keywords]
    article.stems_title = words.indexed(article.title)
    article.stems_keywords = words.indexed(" ".join(map(str, keywords)))
    article.stems_body = words.indexed(policy.without_marks(article.body))


def find(workspace: Workspace, typed: str, *, kind: str = "") -> Sequence[Hit]:
    return search(workspace, typed, kind=kind).hits


def search(workspace: Workspace, typed: str, *, kind: str = "") -> Found:
    """Published articles that answer every word asked, the best first.

    Endings and accents do not count, the desk's synonyms do; a word that no article holds is taken
    for the closest that one does. Nothing asked gives every article.
    """
    asked = words.understood(typed, synonyms_of(workspace))
    if not asked:
        articles = published(workspace)
        if kind:
            articles = articles.filter(kind=kind)
        return Found([Hit(article, SafeString()) for article in articles[:MOST_FOUND]])
    keys = _ranked(workspace, asked)
    instead: tuple[str, ...] = ()
    if not keys:
        asked, instead = _closest(workspace, asked)
        keys = _ranked(workspace, asked) if instead else []
    articles_by_key = Article.objects.in_bulk(keys)
    found = [articles_by_key[key] for key in keys if key in articles_by_key]
    if kind:
        found = [article for article in found if article.kind == kind]
    return Found([Hit(article, _excerpt(article, asked)) for article in found], instead)


def synonyms_of(workspace: Workspace) -> list[list[str]]:
    return list(Synonyms.objects.filter(workspace=workspace).values_list("words", flat=True))


def _ranked(workspace: Workspace, asked: Sequence[words.Group]) -> list[int]:
    if connection.vendor == "sqlite":
        statement, question = SQLITE, words.sqlite_query(asked)
    else:
        statement, question = POSTGRESQL, words.postgresql_query(asked)
    weights = WEIGHTS if connection.vendor == "sqlite" else (0.1, 0.5, 1.0)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*weights, question, workspace.pk, MOST_FOUND])
        return [row[0] for row in cursor.fetchall()]


def _closest(
    workspace: Workspace, asked: Sequence[words.Group]
) -> tuple[list[words.Group], tuple[str, ...]]:
    """Each word that no article holds becomes the closest that one does."""
    vocabulary: set[str] = set()
    rows = published(workspace).values_list("stems_title", "stems_keywords", "stems_body")
    for row in rows:
        vocabulary.update(word for text in row for word in text.split())
    groups: list[words.Group] = []
    instead: list[str] = []
    for group in asked:
        known = any(token in vocabulary for token in group.tokens) or (
            bool(group.prefix) and any(word.startswith(group.prefix) for word in vocabulary)
        )
        near = [] if known else words.closest(group.typed, vocabulary)
        if near:
            instead.append(near[0])
            read = [stem for word in near for stem in words.stems(word)]
            groups.append(words.Group(near[0], tuple(dict.fromkeys([*near, *read]))))
        else:
            groups.append(group)
    return groups, tuple(instead)


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
