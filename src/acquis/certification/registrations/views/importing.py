"""Pages of the import of a list of candidates: bring it, see what was understood, import it."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.registrations import csv_import, policy, presentation, tasks
from acquis.certification.registrations.errors import ImportGone, ListNotReadable
from acquis.certification.registrations.forms import ListForm
from acquis.kernel import files, jobs
from acquis.kernel.models import StoredFile


@page(Verb.CANDIDATE_EDIT)
def import_list(request: HttpRequest) -> HttpResponse:
    """Bring a list: kept, then read on the page of its preview."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded: UploadedFile[Any] = form.cleaned_data["file"]
        stored = files.store(
            uploaded.read(),
            name=uploaded.name or "candidats.csv",
            media_type="text/csv",
            by=person(request),
            at=timezone.now(),
        )
        return redirect("registrations:import_preview", stored.sha256)
    context = {"form": form, "columns": presentation.FIELDS.values()}
    return render(request, "registrations/import.html", context, status=422 if form.errors else 200)


@page(Verb.CANDIDATE_EDIT)
def import_preview(request: HttpRequest, sha256: str) -> HttpResponse:
    """What was understood, all errors at once; then the import as a job."""
    stored = StoredFile.objects.filter(sha256=sha256, stored_by=person(request)).first()
    if stored is None:
        raise ImportGone
    now = timezone.now()
    try:
        found = csv_import.read_candidates(files.read(stored), timezone.localtime(now).date())
    except csv_import.UnreadableListError as fault:
        raise ListNotReadable(problem=presentation.problem(fault)) from fault
    if request.method == "POST" and not found.errors:
        job = jobs.enqueue(
            tasks.JOB,
            by=person(request),
            at=now,
            args={
                "organisation": current_organisation(request).pk,
                "by": person(request).pk,
                "sha256": sha256,
            },
            unique_key=f"import:{current_organisation(request).pk}:{sha256}",
        )
        return redirect("kernel:job", job.pk)
    return render(
        request,
        "registrations/import_preview.html",
        {
            "stored": stored,
            "found": found,
            "shown": found.rows[:50],
            "errors": presentation.errors_by_line(found.errors),
            "readiness_sentence": presentation.readiness_sentence(policy.readiness(found.rows)),
        },
        status=422 if request.method == "POST" else 200,
    )
