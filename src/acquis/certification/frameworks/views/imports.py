"""Documents that people bring, and the reading of them."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks import access, presentation
from acquis.certification.frameworks.actions.close_import import abandon_import, reopen_import
from acquis.certification.frameworks.actions.start_reading import start_reading
from acquis.certification.frameworks.forms import ImportForm
from acquis.certification.frameworks.models import FrameworkImport
from acquis.certification.frameworks.views.addresses import review_at
from acquis.kernel import files
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.models import StoredFile

ALLOWED = {"application/pdf", "text/html", "text/markdown", "text/plain"}


@page(Verb.FRAMEWORK_IMPORT)
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("etat", "")
    found = access.imports(person(request), current_organisation(request)).prefetch_related("files")
    found = found.defer("source_text", "understood", "locations")
    if state in FrameworkImport.State.values:
        found = found.filter(state=state)
    shown = Paginator(found, 25).get_page(request.GET.get("page"))
    return render(
        request,
        "frameworks/imports.html",
        {
            "page_obj": shown,
            "rows": [presentation.import_row(one) for one in shown],
            "states": FrameworkImport.State.choices,
            "state": state,
        },
    )


@page(Verb.FRAMEWORK_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    posted = request.method == "POST"
    if posted and form.is_valid():
        try:
            stored = _kept(request, form)
        except DomainRefusal as refusal:
            form.add_error("documents", str(refusal))
        else:
            reading, _job = start_reading(
                organisation=current_organisation(request),
                files=stored,
                merge=form.cleaned_data["merge"],
                by=person(request),
                at=timezone.now(),
            )
            return review_at(reading.pk)
    return render(
        request, "frameworks/import_new.html", {"form": form}, status=422 if posted else 200
    )


def _kept(request: HttpRequest, form: ImportForm) -> list[StoredFile]:
    """Every document is checked before the first one is kept."""
    brought: list[UploadedFile[Any]] = form.cleaned_data["documents"]
    kinds = [files.check_upload(document, allowed=ALLOWED) for document in brought]
    stored = [
        _store(request, document.read(), document.name or "document", kind)
        for document, kind in zip(brought, kinds, strict=True)
    ]
    pasted = form.cleaned_data["pasted"]
    if pasted.strip():
        stored.append(_store(request, pasted.encode(), "texte-colle.txt", "text/plain"))
    return stored


def _store(request: HttpRequest, content: bytes, name: str, kind: str) -> StoredFile:
    return files.store(content, name=name, media_type=kind, by=person(request), at=timezone.now())


@page(Verb.FRAMEWORK_IMPORT)
@require_safe
def import_document(request: HttpRequest, pk: int, file_pk: int) -> FileResponse:
    """One of the documents as it was brought."""
    reading = access.one_import(person(request), current_organisation(request), pk)
    return files.file_response(get_object_or_404(reading.files, pk=file_pk))


@page(Verb.FRAMEWORK_IMPORT)
@require_POST
def import_abandon(request: HttpRequest, pk: int) -> HttpResponse:
    reading = access.one_import(person(request), current_organisation(request), pk)
    abandon_import(reading=reading, by=person(request), at=timezone.now())
    messages.success(request, _("L’import est abandonné. Vous pouvez le reprendre plus tard."))
    return redirect("frameworks:imports")


@page(Verb.FRAMEWORK_IMPORT)
@require_POST
def import_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    reading = access.one_import(person(request), current_organisation(request), pk)
    reopen_import(reading=reading, by=person(request), at=timezone.now())
    messages.success(request, _("L’import est repris."))
    return review_at(pk)


def waiting(request: HttpRequest, reading: FrameworkImport, job: Any) -> HttpResponse:
    """An import that has nothing to review yet; its fragment is fetched again until it has."""
    partial = bool(request.headers.get("HX-Request"))
    return render(
        request,
        "frameworks/_waiting.html" if partial else "frameworks/import_waiting.html",
        presentation.waiting_parts(reading, job),
    )
