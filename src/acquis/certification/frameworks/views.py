"""Pages of the frameworks: read, bring, correct, publish, compare, export."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from acquis.accounts.pages import page
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks import access, comparison, corrections, presentation, queries
from acquis.certification.frameworks.actions.correct_import import correct_import, undo_correction
from acquis.certification.frameworks.actions.publish_import import Edition, publish_import
from acquis.certification.frameworks.actions.start_reading import start_reading
from acquis.certification.frameworks.case import case_package
from acquis.certification.frameworks.content import counts
from acquis.certification.frameworks.errors import CorrectionOutdated
from acquis.certification.frameworks.forms import EMPTY, FORMS, ImportForm, PublishForm, kind_of
from acquis.certification.frameworks.models import FrameworkImport
from acquis.kernel import files

ALLOWED = {"application/pdf", "text/html", "text/markdown", "text/plain"}


@page(Verb.FRAMEWORK_READ)
def versions(request: HttpRequest) -> HttpResponse:
    found = queries.search(
        access.readable_versions(request.user, request.organisation),
        text=request.GET.get("q", ""),
        kind=request.GET.get("kind", ""),
        sort=request.GET.get("tri", "title"),
    )
    shown = Paginator(found, 25).get_page(request.GET.get("page"))
    rows = [{"version": one, "counts": counts(one.content)} for one in shown]
    return render(
        request,
        "frameworks/list.html",
        {
            "page_obj": shown,
            "rows": rows,
            "kinds": presentation.KINDS.items(),
            "q": request.GET.get("q", ""),
            "kind": request.GET.get("kind", ""),
            "sort": request.GET.get("tri", "title"),
        },
    )


@page(Verb.FRAMEWORK_READ)
def version(request: HttpRequest, pk: int) -> HttpResponse:
    edition = access.readable_version(request.user, request.organisation, pk)
    others = (
        access.readable_versions(request.user, request.organisation)
        .filter(framework=edition.framework)
        .exclude(pk=edition.pk)
    )
    return render(
        request,
        "frameworks/version.html",
        {
            "version": edition,
            "content": edition.content,
            "counts": counts(edition.content),
            "kind_label": presentation.KINDS[edition.content["kind"]],
            "blocks": presentation.structure(edition.content),
            "transversal": presentation.transversal(edition.content),
            "assessments": presentation.assessments(edition.content),
            "others": others,
            "today": timezone.localdate(),  # noqa: TID251  a view reads the day
        },
    )


@page(Verb.FRAMEWORK_READ)
def case_export(request: HttpRequest, pk: int) -> HttpResponse:
    edition = access.readable_version(request.user, request.organisation, pk)
    package = case_package(
        edition.content,
        code=edition.framework.code,
        edition=edition.edition,
        address=settings.PUBLIC_ADDRESS,
        creator=str(edition.framework.organisation or "Acquis"),
        changed_at=(edition.published_at or timezone.now()).isoformat(),
    )
    return _download(package, f"case-{edition.framework.code}-{edition.edition}.json")


@page(Verb.FRAMEWORK_READ)
def content_export(request: HttpRequest, pk: int) -> HttpResponse:
    edition = access.readable_version(request.user, request.organisation, pk)
    return _download(
        edition.content, f"referentiel-{edition.framework.code}-{edition.edition}.json"
    )


def _download(data: dict[str, Any], name: str) -> JsonResponse:
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@page(Verb.FRAMEWORK_READ)
def compare(request: HttpRequest) -> HttpResponse:
    readable = access.readable_versions(request.user, request.organisation)
    before = readable.filter(pk=_number(request.GET.get("avant"))).first()
    after = readable.filter(pk=_number(request.GET.get("apres"))).first()
    context: dict[str, Any] = {"versions": readable, "before": before, "after": after}
    if before and after:
        changes = comparison.compare(before.content, after.content)
        shown = [c for c in changes if c.nature != "same" or request.GET.get("tout")]
        context |= {
            "changes": shown,
            "summary": [
                (presentation.NATURES[nature], number)
                for nature, number in comparison.summary(changes).items()
            ],
            "natures": presentation.NATURES,
            "stated": after.content["correspondences"],
            "all_shown": bool(request.GET.get("tout")),
        }
    return render(request, "frameworks/compare.html", context)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 15 else 0


@page(Verb.FRAMEWORK_IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    found = access.imports(request.user, request.organisation).prefetch_related("files")
    return render(
        request,
        "frameworks/imports.html",
        {"page_obj": Paginator(found, 25).get_page(request.GET.get("page"))},
    )


@page(Verb.FRAMEWORK_IMPORT)
def import_new(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        brought: list[UploadedFile] = form.cleaned_data["documents"]
        stored = [_keep(request, document) for document in brought]
        if form.cleaned_data["pasted"].strip():
            stored.append(
                files.store(
                    form.cleaned_data["pasted"].encode(),
                    name="texte-colle.txt",
                    media_type="text/plain",
                    by=request.user,
                    at=now,
                )
            )
        _reading, job = start_reading(
            organisation=request.organisation,
            files=stored,
            merge=form.cleaned_data["merge"],
            by=request.user,
            at=now,
        )
        return redirect("kernel:job", job.pk)
    return render(
        request,
        "frameworks/import_new.html",
        {"form": form},
        status=422 if request.method == "POST" else 200,
    )


def _keep(request: HttpRequest, document: UploadedFile) -> Any:
    media_type = files.check_upload(document, allowed=ALLOWED)
    document.seek(0)
    return files.store(
        document.read(),
        name=document.name or "document",
        media_type=media_type,
        by=request.user,
        at=timezone.now(),
    )


@page(Verb.FRAMEWORK_IMPORT)
def import_review(request: HttpRequest, pk: int) -> HttpResponse:
    reading = access.one_import(request.user, request.organisation, pk)
    if reading.corrected is None:
        return render(request, "frameworks/import_waiting.html", {"reading": reading})
    return render(request, "frameworks/import_review.html", _review(request, reading))


def _review(request: HttpRequest, reading: FrameworkImport) -> dict[str, Any]:
    content = reading.corrected or {}
    last = reading.corrections.filter(undone_at__isnull=True).first()
    return {
        "reading": reading,
        "content": content,
        "counts": counts(content),
        "kind_label": presentation.KINDS[content["kind"]],
        "blocks": presentation.structure(content, reading.locations),
        "transversal": presentation.transversal(content, reading.locations),
        "assessments": presentation.assessments(content),
        "lines": presentation.source_lines(reading.source_text, content),
        "faults": corrections.faults(content),
        "last_correction": last,
        "may_publish": queries.may_publish(request.user, request.organisation),
        "editable": reading.state == FrameworkImport.State.UNDERSTOOD,
    }


@page(Verb.FRAMEWORK_IMPORT)
def import_item(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of one item, or of a new one when `ajouter` names the list's pointer."""
    reading = access.one_import(request.user, request.organisation, pk)
    data = request.POST if request.method == "POST" else request.GET
    pointer, adding = data.get("pointer", ""), bool(data.get("ajouter"))
    kind = kind_of(pointer)
    form_class = FORMS[kind]
    try:
        initial = {} if adding else corrections.at(reading.corrected or {}, pointer)
    except corrections.CorrectionError as error:
        raise CorrectionOutdated from error
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        correct_import(
            reading=reading,
            operation="add" if adding else "set",
            pointer=pointer,
            value={**(EMPTY.get(kind, {}) if adding else {}), **form.cleaned_data},
            revision=_number(request.POST.get("revision")),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("Correction enregistrée."))
        return _back(request, pk, pointer)
    return render(
        request,
        "frameworks/import_item.html",
        {"reading": reading, "form": form, "pointer": pointer, "adding": adding, "kind": kind},
        status=422 if request.method == "POST" else 200,
    )


@page(Verb.FRAMEWORK_IMPORT)
@require_POST
def import_arrange(request: HttpRequest, pk: int) -> HttpResponse:
    reading = access.one_import(request.user, request.organisation, pk)
    pointer = request.POST.get("pointer", "")
    correct_import(
        reading=reading,
        operation=request.POST.get("operation", ""),
        pointer=pointer,
        value=None,
        revision=_number(request.POST.get("revision")),
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Correction enregistrée. Vous pouvez l'annuler."))
    return _back(request, pk, pointer)


@page(Verb.FRAMEWORK_IMPORT)
@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    reading = access.one_import(request.user, request.organisation, pk)
    undo_correction(reading=reading, by=request.user, at=timezone.now())
    messages.success(request, _("La dernière correction est annulée."))
    return _back(request, pk, "")


def _back(request: HttpRequest, pk: int, pointer: str) -> HttpResponse:
    anchor = pointer.strip("/").replace("/", "-")
    address = reverse("frameworks:import_review", args=[pk])
    target = f"{address}#item-{anchor}" if anchor else address
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)


@page(Verb.FRAMEWORK_PUBLISH)
def import_publish(request: HttpRequest, pk: int) -> HttpResponse:
    reading = access.one_import(request.user, request.organisation, pk)
    content = reading.corrected or {}
    form = PublishForm(
        request.POST or None,
        initial={
            "code": content.get("code"),
            "edition": content.get("edition"),
            "valid_from": content.get("effective_from"),
        },
    )
    form.fields["previous"].queryset = access.readable_versions(  # type: ignore[attr-defined]
        request.user, request.organisation
    )
    if request.method == "POST" and form.is_valid():
        published = publish_import(
            reading=reading,
            edition=Edition(**form.cleaned_data),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("L'édition est publiée. Elle ne changera plus."))
        return redirect("frameworks:version", published.pk)
    return render(
        request,
        "frameworks/import_publish.html",
        {
            "reading": reading,
            "form": form,
            "faults": corrections.faults(content) if content else [],
        },
        status=422 if request.method == "POST" else 200,
    )
