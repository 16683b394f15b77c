from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.knowledge import policy, queries
from acquis.desk.knowledge.access import article_for
from acquis.desk.knowledge.actions.open_article import open_article
from acquis.desk.knowledge.models import Article
from acquis.desk.shell import VIEW_KEY_CHARS, day_in_paris, page_or_part

QUERY_CHARS = 120


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id)
    typed = request.GET.get("q", "")[:QUERY_CHARS]
    kind = request.GET.get("genre", "")
    kind = kind if kind in Article.Kind.values else ""
    context = {
        "workspace": workspace,
        "typed": typed,
        "kind": kind,
        "kinds": Article.Kind.choices,
        "hits": queries.find(workspace, typed, kind=kind),
    }
    return page_or_part(request, "knowledge/index.html", "knowledge/_hits.html", context)


@page()
@require_GET
def article(request: HttpRequest, workspace_id: int, slug: str) -> HttpResponse:
    workspace, shown = article_for(person(request), workspace_id, slug)
    text = policy.rendered(shown.body, shown.title)
    context = {
        "workspace": workspace,
        "article": shown,
        "html": mark_safe(text.html),
        "headings": text.headings,
        "view_key": uuid4().hex,
        "today": day_in_paris(timezone.now()),
    }
    return page_or_part(request, "knowledge/article.html", "knowledge/_article.html", context)


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
