"""What an adviser must know, for other tools."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from ninja.pagination import paginate

from acquis.accounts.api_kit import Key, Text, Window, caller, scoped
from acquis.accounts.verbs import Verb
from acquis.desk.api_kit import desk_for
from acquis.desk.knowledge import queries
from acquis.desk.knowledge.access import article_for
from acquis.desk.knowledge.models import Article
from acquis.desk.shell import day_in_paris

router = Router(tags=[_("connaissances")])


class ArticleOut(Schema):
    id: int
    slug: str
    kind: Article.Kind
    title: str
    version: str
    owner: str
    valid_from: date | None
    review_on: date | None
    keywords: list[str]


class ArticleWithBody(ArticleOut):
    body: str


@router.get(
    "/workspaces/{workspace_id}/articles",
    response=list[ArticleOut],
    summary=_("Les articles d’un poste"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def articles(
    request: HttpRequest, workspace_id: Key, q: Text = "", kind: Article.Kind | None = None
) -> list[Article]:
    today = day_in_paris(timezone.now())
    hits = queries.find(desk_for(request, workspace_id), q[:120], kind=kind or "", today=today)
    return [hit.article for hit in hits]


@router.get(
    "/workspaces/{workspace_id}/articles/{slug}",
    response=ArticleWithBody,
    summary=_("Un article, en Markdown"),
)
@scoped(Verb.DESK_USE)
def article(request: HttpRequest, workspace_id: Key, slug: Text) -> Article:
    desk_for(request, workspace_id)
    return article_for(caller(request).user, workspace_id, slug)[1]
