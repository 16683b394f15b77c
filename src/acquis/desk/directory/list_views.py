"""The list of customers: views of it, files of it, and what is changed in many records at once."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.directory import asking, bulk_pages, columns, queries, tasks
from acquis.desk.directory.access import edit_for, export_for, refuse_beyond_right, view_for
from acquis.desk.directory.actions.edit_in_bulk import (
    ask_bulk_edit,
    ask_undo,
    run_bulk_edit,
    run_undo,
)
from acquis.desk.directory.actions.keep_view import (
    change_view,
    open_on_view,
    remove_view,
    save_view,
)
from acquis.desk.directory.actions.take_out_customers import note_export, refuse_form
from acquis.desk.directory.list_forms import BulkForm, ViewForm
from acquis.desk.directory.models import CustomerExport, SavedView
from acquis.desk.directory.policy import listing
from acquis.desk.directory.queries.saved import default_of, last_edits, views_of
from acquis.desk.directory.rooms import list_offers
from acquis.desk.shell import day_in_paris, may_write, page_or_part, supervises
from acquis.kernel import files, jobs, sheets

ROWS = 25
AT_ONCE = 100  # records changed while the person waits; more is a job
FILE_AT_ONCE = 1_000  # records written while the person waits
EDITS_SHOWN = 50
KEY_FIGURES = 19  # a longer number is no key


@page()
@require_GET
def search(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The list; without any question it opens on the view that the person chose."""
    user = person(request)
    workspace = workspace_for(user, workspace_id)
    if not request.GET:
        opened = default_of(user, workspace)
        if opened is not None:
            return redirect(_address(workspace, opened.query, opened.pk))
    asked = asking.understand(workspace, request.GET, today=day_in_paris(timezone.now()))
    rows = Paginator(asked.found.customers, ROWS).get_page(request.GET.get("page"))
    shown = [(one, columns.cells(one, asked.shown)) for one in rows]
    context = {
        "workspace": workspace,
        "offers": list_offers(),
        "asked": asked,
        "form": asked.form,
        "page_obj": rows,
        "rows": shown,
        "approximate": asked.found.approximate,
        "more": asked.found.more,
        "most": queries.MOST_FOUND,
        "filtered": any(request.GET.get(name) for name in asked.form.fields),
        "may_write": may_write(user, workspace),
        "may_take": listing.may_take(rows.paginator.count, supervises=supervises(user, workspace)),
        "adviser_rows": listing.ADVISER_ROWS,
        "column_choice": _column_choice(asked),
        "kept_params": [
            (name, value) for name, value in request.GET.items() if name in {"tri", "col", "vue"}
        ],
        **_views_context(request, workspace, asked),
    }
    return page_or_part(request, "directory/search.html", "directory/_results.html", context)


def _column_choice(asked: asking.Asked) -> list[tuple[columns.Column, bool]]:
    """Every column, those that show first and in their order."""
    shown = {column.key for column in asked.shown}
    rest = [column for key, column in asked.offered.items() if key not in shown]
    return [*((column, True) for column in asked.shown), *((column, False) for column in rest)]


def _views_context(
    request: HttpRequest, workspace: Workspace, asked: asking.Asked
) -> dict[str, Any]:
    user = person(request)
    views = list(views_of(user, workspace))
    named = request.GET.get("vue", "")
    current = next((view for view in views if str(view.pk) == named), None)
    default = default_of(user, workspace)
    removed = request.GET.get("retiree", "")
    gone = SavedView.objects.filter(workspace=workspace, owner=user, removed_at__isnull=False)
    known = removed.isdecimal() and len(removed) < KEY_FIGURES
    return {
        "views": [(view, _address(workspace, view.query, view.pk)) for view in views],
        "view": current,
        "view_moved": current is not None and current.query != asked.query,
        "view_is_mine": current is not None
        and (current.owner_id == user.pk or supervises(user, workspace)),
        "view_is_default": current is not None and default == current,
        "removed": gone.filter(pk=removed).first() if known else None,
    }


def _address(workspace: Workspace, query: str, view: int | str = "") -> str:
    named = urlencode({"vue": view})
    return (
        f"{reverse('directory:search', args=[workspace.pk])}?{query}{'&' if query else ''}{named}"
    )


@page()
@require_POST
def view_create(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id, write=True)
    form = ViewForm(request.POST)
    query = _posted_query(request)
    if not form.is_valid():
        context = {"workspace": workspace, "form": form, "query": query}
        return render(request, "directory/view.html", context, status=422)
    view = save_view(
        workspace=workspace,
        **form.cleaned_data,
        query=query,
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("La vue « {} » est enregistrée.").format(view.name))
    return redirect(_address(workspace, view.query, view.pk))


def _posted_query(request: HttpRequest) -> str:
    sent = QueryDict(request.POST.get("liste", ""))
    return listing.canonical({name: sent.getlist(name) for name in sent})


@page()
@require_http_methods(["GET", "POST"])
def view_change(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Rename a view or share it; or, from the list, make it ask what the list asks."""
    writes = request.method == "POST"
    workspace, view = view_for(person(request), workspace_id, pk, change=writes)
    now = timezone.now()
    if request.method == "POST" and "liste" in request.POST:
        view = change_view(view=view, query=_posted_query(request), by=person(request), at=now)
        messages.success(request, _("La vue « {} » est enregistrée.").format(view.name))
        return redirect(_address(workspace, view.query, view.pk))
    initial = {"name": view.name, "shared": view.shared}
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        view = change_view(view=view, **form.cleaned_data, by=person(request), at=now)
        messages.success(request, _("La vue « {} » est enregistrée.").format(view.name))
        return redirect(_address(workspace, view.query, view.pk))
    context = {"workspace": workspace, "form": form, "view": view, "query": view.query}
    return render(request, "directory/view.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def view_remove(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Take a view away; `reprendre` takes it back."""
    workspace, view = view_for(person(request), workspace_id, pk, change=True)
    back = bool(request.POST.get("reprendre"))
    view = remove_view(view=view, removed=not back, by=person(request), at=timezone.now())
    if back:
        return redirect(_address(workspace, view.query, view.pk))
    return redirect(f"{_address(workspace, '')}&{urlencode({'retiree': view.pk})}")


@page()
@require_POST
def view_default(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, view = view_for(person(request), workspace_id, pk)
    chosen = not request.POST.get("plus")
    open_on_view(view=view, chosen=chosen, by=person(request))
    said = (
        _("Votre liste s’ouvrira sur « {} ».")
        if chosen
        else _("Votre liste ne s’ouvre plus sur « {} ».")
    )
    messages.success(request, said.format(view.name))
    return redirect(_address(workspace, view.query, view.pk))


@page()
@require_POST
def export(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The list as a file, with its columns: at once, or as a job when it is long."""
    user = person(request)
    workspace = workspace_for(user, workspace_id, write=True)
    form = request.POST.get("format", "")
    form = form if form in CustomerExport.Format.values else CustomerExport.Format.CSV.value
    now = timezone.now()
    query = _posted_query(request)
    asked = asking.understand(workspace, QueryDict(query), today=day_in_paris(now))
    asked.refuse_unclear()
    total = asked.found.customers.count()
    refuse_beyond_right(user, workspace, total)
    refuse_form(form, total)
    if total > FILE_AT_ONCE:
        args = {"workspace": workspace.pk, "query": query, "form": form, "by": user.pk}
        job = jobs.enqueue(tasks.EXPORT, by=user, at=now, args=args)
        return redirect("kernel:job", job.pk)
    customers = list(asked.found.customers)
    heads = [str(column.label) for column in asked.shown]
    content = sheets.written(form, _("Clients"), heads, asked.rows(customers))
    note_export(
        workspace=workspace,
        form=form,
        query=query,
        columns=[column.key for column in asked.shown],
        rows=len(customers),
        by=user,
        at=now,
    )
    response = HttpResponse(content, content_type=sheets.MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="clients.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


@page()
@require_GET
def export_file(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    kept = export_for(person(request), workspace_id, pk)
    assert kept.file is not None  # noqa: S101 - the access filters on it
    return files.file_response(kept.file, name=f"clients.{kept.form}")  # type: ignore[return-value]


@page()
@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Choose what to change, see whom it changes, then change them."""
    user = person(request)
    workspace = workspace_for(user, workspace_id, write=True)
    now = timezone.now()
    sent = request.POST if request.method == "POST" else request.GET
    keys, selection = _selected(workspace, sent)
    refuse_beyond_right(user, workspace, len(keys))
    fields = queries.custom_fields(workspace)
    acts = BulkForm.acts(fields)
    act = sent.get("acte", "")
    form = None
    if act in dict(acts):
        data = sent if "voir" in sent or request.method == "POST" else None
        form = BulkForm(data, act=act, fields=fields, segments=queries.segments(workspace))
    ready = form is not None and form.is_valid()
    if request.method == "POST" and form is not None and ready:
        expected = sent.get("attendues", "")
        edit = ask_bulk_edit(
            workspace=workspace,
            wanted=form.wanted(),
            keys=keys,
            expected=int(expected) if expected.isdecimal() and len(expected) < 9 else -1,
            by=user,
            at=now,
        )
        if len(keys) > AT_ONCE:
            args = {"edit": edit.pk, "by": user.pk}
            job = jobs.enqueue(
                tasks.BULK, by=user, at=now, args=args, unique_key=f"{tasks.BULK}:{edit.pk}"
            )
            return redirect("kernel:job", job.pk)
        run_bulk_edit(edit=edit, by=user, at=now)
        return redirect("directory:bulk_edit", workspace.pk, edit.pk)
    context = {
        "workspace": workspace,
        "form": form,
        "acts": acts,
        "act": act if form is not None else "",
        "count": len(keys),
        "selection": selection,
        "preview": bulk_pages.preview(workspace, keys, form.wanted()) if form and ready else None,
    }
    status = 422 if request.method == "POST" or (form is not None and form.errors) else 200
    return render(request, "directory/bulk.html", context, status=status)


def _selected(workspace: Workspace, sent: QueryDict) -> tuple[list[int], list[tuple[str, str]]]:
    """The keys of the chosen customers, and the fields by which a form sends the choice again."""
    if sent.get("tous"):
        query = sent.get("liste", "")
        asked = asking.understand(workspace, QueryDict(query), today=day_in_paris(timezone.now()))
        asked.refuse_unclear()
        keys = list(asked.found.customers.order_by("pk").values_list("pk", flat=True))
        return keys, [("tous", "1"), ("liste", query)]
    typed = [key for key in sent.getlist("pk") if key.isdecimal() and len(key) < KEY_FIGURES]
    chosen = queries.of_workspace(workspace).filter(pk__in=typed[: queries.MOST_FOUND])
    keys = list(chosen.order_by("pk").values_list("pk", flat=True))
    return keys, [("pk", str(key)) for key in keys]


@page()
@require_GET
def bulk_edits(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """What was changed in number on this desk, by whom."""
    workspace = workspace_for(person(request), workspace_id)
    fields = queries.custom_fields(workspace, archived=True)
    edits = [
        (edit, bulk_pages.in_words(edit, fields)) for edit in last_edits(workspace, EDITS_SHOWN)
    ]
    context = {"workspace": workspace, "edits": edits}
    return render(request, "directory/bulk_edits.html", context)


@page()
@require_GET
def bulk_edit(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """What one bulk edit did, what refused it, and how to take it back."""
    workspace, edit = edit_for(person(request), workspace_id, pk)
    context = {
        "workspace": workspace,
        "edit": edit,
        "words": bulk_pages.in_words(edit, queries.custom_fields(workspace, archived=True)),
        "told": bulk_pages.told(edit),
        "may_undo": bulk_pages.may_undo(edit)
        and may_write(person(request), workspace)
        and (edit.author_id == person(request).pk or supervises(person(request), workspace)),
    }
    return render(request, "directory/bulk_edit.html", context)


@page()
@require_POST
def bulk_undo(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, edit = edit_for(person(request), workspace_id, pk, undo=True)
    user, now = person(request), timezone.now()
    edit = ask_undo(edit=edit, by=user, at=now)
    if edit.changes.count() > AT_ONCE:
        args = {"edit": edit.pk, "by": user.pk}
        job = jobs.enqueue(
            tasks.UNDO, by=user, at=now, args=args, unique_key=f"{tasks.UNDO}:{edit.pk}"
        )
        return redirect("kernel:job", job.pk)
    run_undo(edit=edit, by=user, at=now)
    messages.success(request, _("La modification est annulée."))
    return redirect("directory:bulk_edit", workspace.pk, edit.pk)
