from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.knowledge import policy, queries
from acquis.desk.knowledge.access import article_for
from acquis.desk.knowledge.actions.open_article import open_article
from acquis.desk.knowledge.actions.use_articles import record_miss, vote
from acquis.desk.knowledge.models import Article, ArticleVote
from acquis.desk.shell import VIEW_KEY_CHARS, day_in_paris, keeps, may_write, page_or_part

QUERY_CHARS = 120
PANE_HITS = 12


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id)
    kind = request.GET.get("genre", "")
    kind = kind if kind in Article.Kind.values else ""
    context = _search(request, workspace, kind) | {
        "kind": kind,
        "kinds": Article.Kind.choices,
        "manages": keeps(person(request), workspace),
    }
    return page_or_part(request, "knowledge/index.html", "knowledge/_hits.html", context)


@page()
@require_GET
def pane(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The search that opens beside any page of the desk."""
    workspace = workspace_for(person(request), workspace_id)
    context = _search(request, workspace, "")
    context["hits"] = context["hits"][:PANE_HITS]
    return render(request, "knowledge/_pane_hits.html", context)


def _search(request: HttpRequest, workspace: Workspace, kind: str) -> dict[str, Any]:
    typed = request.GET.get("q", "")[:QUERY_CHARS]
    today = day_in_paris(timezone.now())
    found = queries.search(workspace, typed, kind=kind, today=today)
    return {
        "workspace": workspace,
        "typed": typed.strip(),
        "hits": found.hits,
        "instead": found.instead,
        "partial": found.partial,
        "today": today,
        "may_write": may_write(person(request), workspace),
    }


@page()
@require_GET
def article(request: HttpRequest, workspace_id: int, slug: str) -> HttpResponse:
    workspace, shown = article_for(person(request), workspace_id, slug)
    context = _article(request, workspace, shown)
    return page_or_part(request, "knowledge/article.html", "knowledge/_article.html", context)


@page()
@require_GET
def read(request: HttpRequest, workspace_id: int, slug: str) -> HttpResponse:
    """An article in the pane, with what can be inserted in an answer."""
    workspace, shown = article_for(person(request), workspace_id, slug)
    context = _article(request, workspace, shown) | {"plain": policy.plain(shown.body)}
    return render(request, "knowledge/_pane_article.html", context)


def _article(request: HttpRequest, workspace: Workspace, shown: Article) -> dict[str, Any]:
    text = policy.rendered(shown.body, shown.title)
    own = ArticleVote.objects.filter(article=shown, voter=person(request)).first()
    return {
        "workspace": workspace,
        "article": shown,
        "html": mark_safe(text.html),
        "headings": text.headings,
        "view_key": uuid4().hex,
        "today": day_in_paris(timezone.now()),
        "vote": own,
        "may_write": may_write(person(request), workspace),
        "manages": keeps(person(request), workspace),
    }


@page()
@require_POST
def opened(request: HttpRequest, workspace_id: int, slug: str) -> HttpResponse:
    """The page says that it was opened; the same page view says it once."""
    _workspace, shown = article_for(person(request), workspace_id, slug, write=True)
    open_article(
        article=shown,
        view_key=request.POST.get("view", "")[:VIEW_KEY_CHARS],
        by=person(request),
        at=timezone.now(),
    )
    return HttpResponse(status=204)


@page()
@require_POST
def voted(request: HttpRequest, workspace_id: int, slug: str) -> HttpResponse:
    """« Utile ? » : in place when it can be, else the article again."""
    workspace, shown = article_for(person(request), workspace_id, slug, write=True)
    vote(
        article=shown,
        useful=request.POST.get("useful") == "1",
        comment=request.POST.get("comment", ""),
        by=person(request),
        at=timezone.now(),
    )
    context = _article(request, workspace, shown)
    return page_or_part(request, "knowledge/article.html", "knowledge/_vote.html", context)


@page()
@require_POST
def missed(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The page says that a search found nothing; the words alone are kept."""
    workspace = workspace_for(person(request), workspace_id, write=True)
    typed = request.POST.get("q", "")[:QUERY_CHARS]
    record_miss(workspace=workspace, typed=typed, at=timezone.now())
    return HttpResponse(status=204)
