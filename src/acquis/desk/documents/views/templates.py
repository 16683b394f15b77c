"""The templates of letters: listed for all who write, kept by who supervises the desk."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.documents import queries
from acquis.desk.documents.access import template_for
from acquis.desk.documents.actions.keep_template import (
    FIELDS,
    archive_template,
    keep_template,
    restore_template,
)
from acquis.desk.documents.errors import TemplateTitleTaken
from acquis.desk.documents.forms import TemplateForm
from acquis.desk.documents.models import LetterTemplate
from acquis.desk.knowledge import snippets
from acquis.desk.shell import keeps, page_or_part, posted

ROWS = 40


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id)
    typed = request.GET.get("q", "")[:120]
    archived = request.GET.get("retires") == "1"
    found = queries.templates(workspace, typed=typed, archived=archived)
    context = {
        "workspace": workspace,
        "page_obj": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "typed": typed,
        "archived": archived,
        "keeps": keeps(person(request), workspace),
    }
    return page_or_part(request, "documents/templates.html", "documents/_templates.html", context)


@page()
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id, write=request.method == "POST")
    return _edit(request, workspace, None)


@page()
@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Its text; who supervises the desk changes it there."""
    write = request.method == "POST"
    workspace, shown = template_for(person(request), workspace_id, pk, write=write)
    return _edit(request, workspace, shown)


def _edit(request: HttpRequest, workspace: Workspace, shown: LetterTemplate | None) -> HttpResponse:
    form = TemplateForm(posted(request), instance=shown)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_template(
                workspace=workspace,
                # The action reads the row again: the form has already changed its copy.
                template=LetterTemplate.objects.get(pk=shown.pk) if shown else None,
                values={name: form.cleaned_data[name] for name in FIELDS},
                by=person(request),
                at=timezone.now(),
            )
        except TemplateTitleTaken as refusal:
            form.add_error("title", str(refusal))
        else:
            messages.success(request, _("Le modèle « %s » est enregistré.") % kept.title)
            return redirect("documents:templates", workspace.pk)
    context = {
        "workspace": workspace,
        "form": form,
        "template": shown,
        "variables": snippets.VARIABLES,
        "keeps": keeps(person(request), workspace),
    }
    return render(request, "documents/template.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def archive(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = template_for(person(request), workspace_id, pk, write=True)
    archive_template(template=shown, by=person(request), at=timezone.now())
    messages.success(request, _("Le modèle « %s » est retiré ; il peut être remis.") % shown.title)
    return redirect("documents:templates", workspace.pk)


@page()
@require_POST
def restore(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = template_for(person(request), workspace_id, pk, write=True)
    restore_template(template=shown, by=person(request), at=timezone.now())
    messages.success(request, _("Le modèle « %s » est de nouveau proposé.") % shown.title)
    return redirect("documents:template", workspace.pk, shown.pk)
