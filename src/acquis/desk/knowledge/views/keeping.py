"""Pages of those who keep what the desk knows: writing, publishing, reading over."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.knowledge import policy, queries
from acquis.desk.knowledge.access import managed_article, managed_workspace
from acquis.desk.knowledge.actions.use_articles import (
    keep_synonyms,
    remove_synonyms,
    settle_miss,
)
from acquis.desk.knowledge.actions.write_article import (
    CONTENT,
    begin_article,
    content_of,
    discard_draft,
    publish_article,
    restore_version,
    review_article,
    save_draft,
    withdraw_article,
)
from acquis.desk.knowledge.forms import ArticleForm, PublishForm, ReviewForm, SynonymsForm
from acquis.desk.knowledge.models import (
    Article,
    ArticleDraft,
    ArticleVersion,
    SearchMiss,
    Synonyms,
)
from acquis.desk.shell import day_in_paris, posted

LISTED = 60
REVIEW_AGAIN = timedelta(days=182)  # proposed, and changed at will
LONGEST_PREVIEW = 100_000


@page()
@require_GET
def keeping(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """What is due: to be read over, drafts, doubts of the readers, searches without an answer."""
    workspace = managed_workspace(person(request), workspace_id)
    return render(request, "knowledge/keeping.html", _keeping(workspace))


def _keeping(workspace: Workspace, form: SynonymsForm | None = None) -> dict[str, Any]:
    today = day_in_paris(timezone.now())
    rows = queries.of_workspace(workspace)
    return {
        "workspace": workspace,
        "today": today,
        "due": queries.due(workspace, today=today)[:LISTED],
        "drafts": queries.drafts(workspace)[:LISTED],
        "withdrawn": rows.filter(state=Article.State.WITHDRAWN)[:LISTED],
        "disputed": queries.disputed(workspace).prefetch_related("votes")[:LISTED],
        "misses": SearchMiss.objects.filter(workspace=workspace)[:LISTED],
        "synonyms": Synonyms.objects.filter(workspace=workspace)[:LISTED],
        "form": form or SynonymsForm(),
        "review_form": ReviewForm(initial={"next_on": today + REVIEW_AGAIN}),
    }


@page()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = managed_workspace(person(request), workspace_id, write=request.method == "POST")
    asked = {"title": request.GET.get("titre", "")[:200], "kind": Article.Kind.PROCEDURE}
    form = ArticleForm(posted(request), initial=asked)
    if request.method == "POST" and form.is_valid():
        draft = begin_article(
            workspace=workspace, written=form.written(), by=person(request), at=timezone.now()
        )
        return _after_saving(request, workspace, draft.article)
    return _editor(request, workspace, None, form)


@page()
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, workspace_id: int, slug: str) -> HttpResponse:
    write = request.method == "POST"
    workspace, shown = managed_article(person(request), workspace_id, slug, write=write)
    draft = ArticleDraft.objects.filter(article=shown).first()
    content = content_of(draft or shown)
    initial = {name: content[name] for name in CONTENT} | {
        "keywords": ", ".join(map(str, content["keywords"])),
        "read_at": draft.saved_at.isoformat() if draft else None,
    }
    form = ArticleForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        save_draft(
            article=shown,
            written=form.written(),
            read_at=form.cleaned_data["read_at"],
            by=person(request),
            at=timezone.now(),
        )
        return _after_saving(request, workspace, shown)
    return _editor(request, workspace, shown, form)


def _editor(
    request: HttpRequest, workspace: Workspace, shown: Article | None, form: ArticleForm
) -> HttpResponse:
    draft = ArticleDraft.objects.filter(article=shown).first() if shown else None
    body = form["body"].value() or ""
    context = {
        "workspace": workspace,
        "article": shown,
        "draft": draft,
        "form": form,
        "publish_form": PublishForm(),
        "html": mark_safe(policy.rendered(body, form["title"].value() or "").html),
        "next_version": policy.next_version(shown.version) if shown and shown.version else "1",
        "next_major": policy.next_version(shown.version, major=True)
        if shown and shown.version
        else "",
    }
    return render(request, "knowledge/editor.html", context, status=422 if form.errors else 200)


def _after_saving(request: HttpRequest, workspace: Workspace, shown: Article) -> HttpResponse:
    messages.success(
        request, _("Le brouillon est enregistré. Les lecteurs ne le voient pas encore.")
    )
    return redirect("knowledge:edit", workspace.pk, shown.slug)


@page()
@require_POST
def preview(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """What is typed in the editor, as it will be read; nothing is kept."""
    workspace_for(person(request), workspace_id)
    text = request.POST.get("body", "")[:LONGEST_PREVIEW]
    shown = policy.rendered(text, request.POST.get("title", "")[:200])
    context = {"html": mark_safe(shown.html)}
    return render(request, "knowledge/_preview.html", context)


@page()
@require_POST
def publish(request: HttpRequest, workspace_id: int, slug: str) -> HttpResponse:
    workspace, shown = managed_article(person(request), workspace_id, slug, write=True)
    note = request.POST.get("note", "")[:300]
    version = publish_article(
        article=shown,
        note=note,
        major="major" in request.POST,
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("La version %s est publiée.") % version.label)
    return redirect("knowledge:article", workspace.pk, shown.slug)


@page()
@require_POST
def discard(request: HttpRequest, workspace_id: int, slug: str) -> HttpResponse:
    workspace, shown = managed_article(person(request), workspace_id, slug, write=True)
    left = discard_draft(article=shown, by=person(request), at=timezone.now())
    messages.success(request, _("Le brouillon est abandonné."))
    if left:
        return redirect("knowledge:article", workspace.pk, shown.slug)
    return redirect("knowledge:keeping", workspace.pk)


@page()
@require_POST
def withdraw(request: HttpRequest, workspace_id: int, slug: str) -> HttpResponse:
    workspace, shown = managed_article(person(request), workspace_id, slug, write=True)
    withdraw_article(article=shown, by=person(request), at=timezone.now())
    messages.success(request, _("L’article est retiré : la recherche ne le propose plus."))
    return redirect("knowledge:article", workspace.pk, shown.slug)


@page()
@require_POST
def review(request: HttpRequest, workspace_id: int, slug: str) -> HttpResponse:
    workspace, shown = managed_article(person(request), workspace_id, slug, write=True)
    form = ReviewForm(request.POST)
    next_on = form.cleaned_data["next_on"] if form.is_valid() else None
    review_article(article=shown, next_on=next_on, by=person(request), at=timezone.now())
    messages.success(request, _("« %s » est relu.") % shown.title)
    return redirect("knowledge:keeping", workspace.pk)


@page()
@require_GET
def versions(request: HttpRequest, workspace_id: int, slug: str) -> HttpResponse:
    """Every version, and two of them compared: `?de=1&a=2` name their ranks."""
    workspace, shown = managed_article(person(request), workspace_id, slug)
    rows = list(shown.versions.all())
    by_rank = {str(row.rank): row for row in rows}
    later = by_rank.get(request.GET.get("a", "")) or (rows[0] if rows else None)
    earlier = by_rank.get(request.GET.get("de", "")) or (rows[1] if len(rows) > 1 else None)
    context = {
        "workspace": workspace,
        "article": shown,
        "versions": rows,
        "earlier": earlier,
        "later": later,
    }
    return render(request, "knowledge/versions.html", context)


@page()
@require_POST
def restore(request: HttpRequest, workspace_id: int, slug: str, rank: int) -> HttpResponse:
    workspace, shown = managed_article(person(request), workspace_id, slug, write=True)
    version = get_object_or_404(ArticleVersion, article=shown, rank=rank)
    restore_version(version=version, by=person(request), at=timezone.now())
    messages.success(request, _("La version %s est dans le brouillon.") % version.label)
    return redirect("knowledge:edit", workspace.pk, shown.slug)


@page()
@require_POST
def synonyms(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = managed_workspace(person(request), workspace_id, write=True)
    form = SynonymsForm(request.POST)
    if not form.is_valid():
        return render(request, "knowledge/keeping.html", _keeping(workspace, form), status=422)
    given = form.cleaned_data["words"].split(",")
    keep_synonyms(workspace=workspace, given=given, by=person(request), at=timezone.now())
    messages.success(request, _("Ces mots se valent désormais dans la recherche."))
    return redirect("knowledge:keeping", workspace.pk)


@page()
@require_POST
def synonyms_remove(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace = managed_workspace(person(request), workspace_id, write=True)
    row = get_object_or_404(Synonyms, workspace=workspace, pk=pk)
    remove_synonyms(synonyms=row, by=person(request), at=timezone.now())
    return redirect("knowledge:keeping", workspace.pk)


@page()
@require_POST
def settle(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace = managed_workspace(person(request), workspace_id, write=True)
    row = get_object_or_404(SearchMiss, workspace=workspace, pk=pk)
    settle_miss(miss=row, by=person(request), at=timezone.now())
    return redirect("knowledge:keeping", workspace.pk)
