"""The register of jurors as a file: brought, seen before it is imported, taken away."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.juries import actions, juror_list, presentation, queries, tasks
from acquis.kernel import jobs, sheets
from acquis.kernel.lists import pages as lists
from acquis.kernel.lists import words
from acquis.kernel.lists.errors import ListNotReadable
from acquis.kernel.lists.forms import ListForm
from acquis.kernel.lists.reading import UnreadableListError


@page(Verb.JUROR_EDIT)
def import_list(request: HttpRequest) -> HttpResponse:
    """Bring a list: kept, then read on the page of its preview."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        stored = lists.keep(form, name="jures.csv", by=person(request), at=timezone.now())
        return redirect("juries:import_preview", stored.sha256)
    context = {"form": form, "columns": presentation.FIELDS.values(), "forms": sheets.MEDIA_TYPES}
    return render(request, "juries/import.html", context, status=422 if form.errors else 200)


@page(Verb.JUROR_EDIT)
@require_safe
def import_template(request: HttpRequest, form: str) -> HttpResponse:  # noqa: ARG001  of a page
    """An empty list to fill in, with the titles that are understood."""
    return lists.attachment(form, "jures", _("Jurés"), juror_list.SHAPE.heads(), [])


@page(Verb.JUROR_EDIT)
def import_preview(request: HttpRequest, sha256: str) -> HttpResponse:
    """What was understood, all errors at once, who could not sit; then the import as a job."""
    by, organisation = person(request), current_organisation(request)
    stored = lists.kept(sha256, by=by)
    try:
        found = juror_list.read_jurors(lists.cells(stored))
    except UnreadableListError as fault:
        raise ListNotReadable(problem=words.problem(fault)) from fault
    only_good = request.POST.get("lignes") == "justes"
    now = timezone.now()
    if request.method == "POST" and found.good and (only_good or not found.errors):
        job = jobs.enqueue(
            tasks.JOB,
            by=by,
            at=now,
            args={
                "organisation": organisation.pk,
                "by": by.pk,
                "sha256": sha256,
                "only_good": only_good,
            },
            unique_key=f"jurors:{organisation.pk}:{sha256}",
        )
        return redirect("kernel:job", job.pk)
    known = queries.known_addresses(organisation, [row.email for row in found.rows])
    today = timezone.localtime(now).date()
    shown = Paginator(found.rows, 50).get_page(request.GET.get("page"))
    wrong = {error.line for error in found.errors}
    rows = [
        {
            "row": row,
            "known": known.get(row.email),
            "unclear": row.line in wrong,
            "faults": [] if row.line in wrong else presentation.row_faults(row, today),
        }
        for row in shown
    ]
    context = {
        "stored": stored,
        "found": found,
        "good": len(found.good),
        "page_obj": shown,
        "rows": rows,
        "known_count": sum(row.email in known for row in found.rows),
        "errors": presentation.errors_by_line(found.errors),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "juries/import_preview.html", context, status=status)


@page(Verb.JUROR_READ)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, in the columns of the template; noted in the trace."""
    organisation, now = current_organisation(request), timezone.now()
    form = request.POST.get("format", "")
    form = form if form in sheets.MEDIA_TYPES else "csv"
    text, state = request.POST.get("q", ""), request.POST.get("etat", "")
    jurors = list(
        queries.register(
            organisation,
            text,
            inactive=request.POST.get("tous") == "1",
            state=state,
            today=timezone.localtime(now).date(),
        )
    )
    actions.note_export(
        organisation=organisation,
        form=form,
        search=text,
        count=len(jurors),
        by=person(request),
        at=now,
    )
    rows = presentation.export_rows(jurors, queries.organisations_linked(jurors))
    return lists.attachment(form, "jures", _("Jurés"), juror_list.SHAPE.heads(), rows)
