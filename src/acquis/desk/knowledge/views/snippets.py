from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.directory.models import Customer
from acquis.desk.knowledge import presentation, queries, snippets
from acquis.desk.knowledge.access import snippet_for, snippets_of
from acquis.desk.knowledge.actions.keep_snippet import keep_snippet, remove_snippet
from acquis.desk.knowledge.forms import CHANNELS, SnippetForm
from acquis.desk.knowledge.models import Snippet
from acquis.desk.shell import day_in_paris, keeps, may_write, page_or_part, posted

MOST_OFFERED = 300


@page()
@require_GET
def snippet_list(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The canned answers that the person may use, those of the desk and their own."""
    workspace = workspace_for(person(request), workspace_id)
    typed = request.GET.get("q", "")[:120]
    found = queries.snippets(snippets_of(person(request), workspace), typed)
    context = {
        "workspace": workspace,
        "typed": typed,
        "snippets": found[:MOST_OFFERED],
        "channels": dict(CHANNELS),
        "may_write": may_write(person(request), workspace),
        "manages": keeps(person(request), workspace),
    }
    return page_or_part(request, "knowledge/snippets.html", "knowledge/_snippets.html", context)


@page()
@require_http_methods(["GET", "POST"])
def snippet_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id, write=request.method == "POST")
    return _edit(request, workspace, None)


@page()
@require_http_methods(["GET", "POST"])
def snippet(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    write = request.method == "POST"
    workspace, shown = snippet_for(person(request), workspace_id, pk, write=write)
    return _edit(request, workspace, shown)


def _edit(request: HttpRequest, workspace: Workspace, shown: Snippet | None) -> HttpResponse:
    manages = keeps(person(request), workspace)
    form = SnippetForm(posted(request), instance=shown, may_share=manages)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        # The action reads the row again: the form has already changed its copy.
        kept = keep_snippet(
            workspace=workspace,
            snippet=Snippet.objects.get(pk=shown.pk) if shown else None,
            title=given["title"],
            shortcut=given["shortcut"],
            category=given["category"],
            channels=given["channels"],
            body=given["body"],
            shared=given.get("shared", shown is not None and shown.owner_id is None),
            may_share=manages,
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("La réponse « %s » est enregistrée.") % kept.title)
        return redirect("knowledge:snippets", workspace.pk)
    context = {
        "workspace": workspace,
        "form": form,
        "snippet": shown,
        "variables": snippets.VARIABLES,
        "may_change": may_write(person(request), workspace)
        and (shown is None or shown.owner_id is not None or manages),
    }
    return render(
        request, "knowledge/snippet_form.html", context, status=422 if form.errors else 200
    )


@page()
@require_POST
def snippet_remove(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = snippet_for(person(request), workspace_id, pk, write=True)
    remove_snippet(
        snippet=shown,
        may_share=keeps(person(request), workspace),
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("La réponse « %s » est retirée.") % shown.title)
    return redirect("knowledge:snippets", workspace.pk)


@page()
@require_GET
def snippet_choices(request: HttpRequest, workspace_id: int) -> JsonResponse:
    """What the picker of a text area offers: `?canal=`, `?client=` and `?objet=` fill them."""
    workspace = workspace_for(person(request), workspace_id)
    asked = request.GET.get("client", "")
    customer = None
    if asked.isdecimal() and len(asked) < 16:
        customer = Customer.objects.filter(workspace=workspace, pk=int(asked)).first()
    values = presentation.values_for(
        workspace,
        person(request),
        customer,
        subject=request.GET.get("objet", "")[:200],
        today=day_in_paris(timezone.now()),
    )
    found = snippets_of(person(request), workspace)[:MOST_OFFERED]
    channel = request.GET.get("canal", "")
    return JsonResponse({"snippets": presentation.choices(found, values, channel=channel)})
