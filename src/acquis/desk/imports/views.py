from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.imports import presentation, queries
from acquis.desk.imports.access import import_for
from acquis.desk.imports.actions import lead_import
from acquis.desk.imports.actions.bring_file import bring_file, read_again
from acquis.desk.imports.errors import ColumnTwice, NoNameColumn
from acquis.desk.imports.forms import ColumnsForm, FileForm, ReadingForm
from acquis.desk.imports.models import CustomerImport, ImportedRow
from acquis.desk.shell import day_in_paris, may_write, page_or_part, posted
from acquis.kernel.errors import DomainRefusal

ROWS = 25
FAULTS = 50
SAMPLED = 20  # lines shown as they would become
State = CustomerImport.State


@page()
@require_GET
def imports(request: HttpRequest, workspace_id: int) -> HttpResponse:
    user = person(request)
    workspace = workspace_for(user, workspace_id)
    found = CustomerImport.objects.filter(workspace=workspace)
    rows = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "workspace": workspace,
        "page_obj": rows,
        "rows": [(row, presentation.TONES[row.state]) for row in rows],
        "writable": may_write(user, workspace),
    }
    return render(request, "imports/list.html", context)


@page()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    user = person(request)
    write = request.method == "POST"
    workspace = workspace_for(user, workspace_id, write=write)
    form = FileForm(posted(request), request.FILES if write else None)
    if write and form.is_valid():
        try:
            source = bring_file(
                workspace=workspace, file=form.cleaned_data["file"], by=user, at=timezone.now()
            )
        except DomainRefusal as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("imports:detail", workspace.pk, source.pk)
    context = {"workspace": workspace, "form": form, "writable": may_write(user, workspace)}
    return render(request, "imports/new.html", context, status=422 if form.errors else 200)


@page()
@require_GET
def detail(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, source = import_for(person(request), workspace_id, pk)
    return _page(request, workspace, source)


def _page(
    request: HttpRequest,
    workspace: Workspace,
    source: CustomerImport,
    *,
    form: ColumnsForm | None = None,
    reading_form: ReadingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    job = queries.job_of(source)
    active = queries.at_work(source)
    context: dict[str, Any] = {
        "workspace": workspace,
        "source": source,
        "tone": presentation.TONES[source.state],
        "writable": may_write(person(request), workspace),
        "job": job,
        "active": active,
        "broken": not active and source.state in lead_import.RESTS,
        "ready": source.lines - source.faulty,
    }
    if source.state == State.MAPPING:
        context |= _mapping(workspace, source, form, reading_form)
    else:
        faults = Paginator(source.faults.all(), FAULTS).get_page(request.GET.get("page"))
        context["page_obj"] = faults
        context["faults"] = [(one, presentation.reason(one)) for one in faults]
    if source.state == State.CHECKED:
        context["preview"] = _preview(source)
    if source.state in {State.DONE, State.STOPPED, State.UNDONE}:
        kept = source.rows.filter(outcome=ImportedRow.Outcome.KEPT_BACK)
        context["kept_back"] = list(kept.select_related("customer")[:FAULTS])
    return page_or_part(
        request, "imports/detail.html", "imports/_state.html", context, status=status
    )


def _mapping(
    workspace: Workspace,
    source: CustomerImport,
    form: ColumnsForm | None,
    reading_form: ReadingForm | None,
) -> dict[str, Any]:
    form = form or ColumnsForm(None, source=source, workspace=workspace)
    initial = {"encoding": source.encoding, "separator": source.separator}
    try:
        rows = [row for _number, row in queries.first_lines(source, SAMPLED)[1:]]
    except DomainRefusal:
        rows = []
    table = presentation.columns(source, rows)
    return {
        "form": form,
        "columns": [(form.bound(one.rank), presentation.samples(one)) for one in table],
        "reading": reading_form or ReadingForm(initial=initial),
    }


def _preview(source: CustomerImport) -> list[tuple[int, dict[str, str], bool]]:
    custom, today = queries.kinds(source.workspace), day_in_paris(timezone.now())
    faulty = set(source.faults.values_list("line", flat=True)[: SAMPLED * 100])
    return [
        (
            number,
            presentation.preview(queries.understood(source, row, today=today, custom=custom)),
            number in faulty,
        )
        for number, row in queries.first_lines(source, SAMPLED)[1:]
    ]


@page()
@require_POST
def reading(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Read the file with another encoding or separator, or go back to its columns."""
    user, now = person(request), timezone.now()
    workspace, source = import_for(user, workspace_id, pk, write=True)
    form = ReadingForm(request.POST)
    if "encoding" not in request.POST:  # back to the columns
        read_again(
            source=source, encoding=source.encoding, separator=source.separator, by=user, at=now
        )
    elif not form.is_valid():
        return _page(request, workspace, source, reading_form=form, status=422)
    else:
        read_again(
            source=source,
            encoding=form.cleaned_data["encoding"],
            separator=form.cleaned_data["separator"] or source.separator,
            by=user,
            at=now,
        )
    return redirect("imports:detail", workspace.pk, source.pk)


@page()
@require_POST
def columns(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    user = person(request)
    workspace, source = import_for(user, workspace_id, pk, write=True)
    form = ColumnsForm(request.POST, source=source, workspace=workspace)
    if form.is_valid():
        try:
            lead_import.check_lines(
                source=source,
                mapping=form.mapping(),
                on_duplicate=form.cleaned_data["on_duplicate"],
                by=user,
                at=timezone.now(),
            )
        except ColumnTwice as refused:
            refused.params["field"] = presentation.label(str(refused.params["field"]))
            form.add_error(None, str(refused))
        except NoNameColumn as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("imports:detail", workspace.pk, source.pk)
    return _page(request, workspace, source, form=form, status=422)


@page()
@require_POST
def start(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    user = person(request)
    workspace, source = import_for(user, workspace_id, pk, write=True)
    lead_import.start_import(source=source, by=user, at=timezone.now())
    return redirect("imports:detail", workspace.pk, source.pk)


@page()
@require_POST
def stop(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    user = person(request)
    workspace, source = import_for(user, workspace_id, pk, write=True)
    lead_import.stop_work(source=source, by=user, at=timezone.now())
    return redirect("imports:detail", workspace.pk, source.pk)


@page()
@require_POST
def undo(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    user = person(request)
    workspace, source = import_for(user, workspace_id, pk, write=True)
    lead_import.start_undo(source=source, by=user, at=timezone.now())
    return redirect("imports:detail", workspace.pk, source.pk)


@page()
@require_POST
def discard(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    user = person(request)
    workspace, source = import_for(user, workspace_id, pk, write=True)
    lead_import.discard_import(source=source, by=user, at=timezone.now())
    messages.success(request, _("Le fichier est oublié : rien n’a été importé."))
    return redirect("imports:list", workspace.pk)


@page()
@require_GET
def faults(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponseBase:
    """All the faults of the file, as a table to correct it by."""
    _workspace, source = import_for(person(request), workspace_id, pk)
    rows = source.faults.order_by("line", "pk").iterator(chunk_size=2000)
    response = StreamingHttpResponse(
        (text.encode() for text in presentation.faults_csv(rows)),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="erreurs-import.csv"'
    return response
