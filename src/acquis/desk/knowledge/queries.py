"""Articles of one workspace, found as people ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from acquis.accounts.models import Workspace
from acquis.desk.directory.policy import fold
from acquis.desk.knowledge import policy
from acquis.desk.knowledge.models import Article, Snippet

MOST_FOUND = 60


@dataclass(frozen=True, slots=True)
class Hit:
    article: Article
    excerpt: str


def of_workspace(workspace: Workspace) -> QuerySet[Article]:
    return Article.objects.filter(workspace=workspace)


def search_text(article: Article) -> str:
    """What `find` looks in: to be kept in `Article.search_text` at every write."""
    keywords = article.keywords if isinstance(article.keywords, list) else [article.keywords]
    return fold(" ".join([article.title, *map(str, keywords), article.body]))


def find(workspace: Workspace, typed: str, *, kind: str = "") -> Sequence[Hit]:
    """Articles that hold every word asked, whatever its ending; those that bear it best first."""
    articles = of_workspace(workspace)
    if kind:
        articles = articles.filter(kind=kind)
    stems = [policy.stem(word) for word in fold(typed).split()]
    for part in stems:
        articles = articles.filter(search_text__contains=part)
    found = list(articles[:MOST_FOUND])
    if stems:
        found.sort(key=lambda article: (-_weight(article, stems), article.title))
    return [Hit(article, _excerpt(article, stems)) for article in found]


def _weight(article: Article, stems: Sequence[str]) -> int:
    title = fold(article.title)
    keywords = fold(" ".join(map(str, article.keywords)))
    return sum(
        100 * (part in title) + 40 * (part in keywords) + min(article.search_text.count(part), 20)
        for part in stems
    )


def _excerpt(article: Article, stems: list[str]) -> str:
    words = policy.without_marks(article.body)
    # Folding sign by sign keeps the two texts aligned; a ligature counts as its first letter.
    aligned = "".join((fold(sign) or " ")[0] for sign in words)
    return policy.excerpt(words, aligned, stems)


def snippets(usable: QuerySet[Snippet], typed: str) -> list[Snippet]:
    """Canned answers whose title, shortcut, category or text holds every word typed."""
    words = fold(typed).split()
    found = []
    for snippet in usable:
        text = fold(f"{snippet.title} {snippet.shortcut} {snippet.category} {snippet.body}")
        if all(word in text for word in words):
            found.append(snippet)
    return found
