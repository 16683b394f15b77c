"""Pages of the import of a list of candidates: bring it, see what was understood, import it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.registrations import (
    candidate_list,
    policy,
    presentation,
    queries,
    reading,
    tasks,
)
from acquis.kernel import jobs, sheets
from acquis.kernel.lists import pages as lists
from acquis.kernel.lists import words
from acquis.kernel.lists.errors import ListNotReadable
from acquis.kernel.lists.forms import ListForm
from acquis.kernel.lists.reading import UnreadableListError


@page(Verb.CANDIDATE_EDIT)
def import_list(request: HttpRequest) -> HttpResponse:
    """Bring a list: kept, then read on the page of its preview."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        stored = lists.keep(form, name="candidats.csv", by=person(request), at=timezone.now())
        return redirect("registrations:import_preview", stored.sha256)
    context = {"form": form, "columns": presentation.FIELDS.values(), "forms": sheets.MEDIA_TYPES}
    return render(request, "registrations/import.html", context, status=422 if form.errors else 200)


@page(Verb.CANDIDATE_EDIT)
@require_safe
def import_template(request: HttpRequest, form: str) -> HttpResponse:  # noqa: ARG001  of a page
    """An empty list to fill in, with the titles that are understood."""
    heads = candidate_list.SHAPE.heads()
    return lists.attachment(form, "candidats", _("Candidats"), heads, [])


@page(Verb.CANDIDATE_EDIT)
def import_preview(request: HttpRequest, sha256: str) -> HttpResponse:
    """What was understood, all errors at once; then the import as a job."""
    by, organisation = person(request), current_organisation(request)
    stored = lists.kept(sha256, by=by)
    now = timezone.now()
    today = timezone.localtime(now).date()
    try:
        found, _versions = reading.read_stored(stored, organisation=organisation, by=by, on=today)
    except UnreadableListError as fault:
        raise ListNotReadable(problem=words.problem(fault)) from fault
    only_good = request.POST.get("lignes") == "justes"
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
            unique_key=f"import:{organisation.pk}:{sha256}",
        )
        return redirect("kernel:job", job.pk)
    known, alike = queries.already_there(organisation, found.rows)
    shown = Paginator(found.rows, 50).get_page(request.GET.get("page"))
    return render(
        request,
        "registrations/import_preview.html",
        {
            "stored": stored,
            "found": found,
            "good": len(found.good),
            "page_obj": shown,
            "rows": [
                {"row": row, "known": known.get(row.line), "alike": alike.get(row.line)}
                for row in shown
            ],
            "known_count": len(known),
            "alike": [(row, alike[row.line]) for row in found.rows if row.line in alike],
            "errors": presentation.errors_by_line(found.errors),
            "readiness_sentence": presentation.readiness_sentence(policy.readiness(found.rows)),
        },
        status=422 if request.method == "POST" else 200,
    )
