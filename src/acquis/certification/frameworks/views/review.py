"""What was understood beside its source, corrected item by item."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks import (
    access,
    corrections,
    history,
    origins,
    presentation,
    queries,
)
from acquis.certification.frameworks.actions.correct_import import (
    Correction,
    correct_import,
    undo_correction,
)
from acquis.certification.frameworks.content import counts
from acquis.certification.frameworks.errors import CorrectionOutdated, CorrectionRefused
from acquis.certification.frameworks.models import FrameworkImport
from acquis.certification.frameworks.views.addresses import number, review_at
from acquis.certification.frameworks.views.imports import waiting
from acquis.kernel.errors import DomainRefusal

ARRANGED = {
    "move_up": gettext_lazy("L’élément est monté d’un rang."),
    "move_down": gettext_lazy("L’élément est descendu d’un rang."),
    "move_to": gettext_lazy("L’élément a changé de bloc."),
    "remove": gettext_lazy("L’élément est enlevé. Vous pouvez le remettre."),
    "restore": gettext_lazy("L’élément est rétabli tel qu’il a été lu."),
    "put_back": gettext_lazy("L’élément est remis."),
}


@page(Verb.FRAMEWORK_IMPORT)
@require_safe
def import_review(request: HttpRequest, pk: int) -> HttpResponse:
    reading = access.one_import(person(request), current_organisation(request), pk)
    if reading.corrected is None:
        return waiting(request, reading, queries.last_reading_job(reading))
    if request.headers.get("HX-Request"):  # the waiting fragment learns that the reading is over
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _review(request, reading)


def _review(
    request: HttpRequest, reading: FrameworkImport, refusal: DomainRefusal | None = None
) -> HttpResponse:
    content, read = reading.corrected or {}, reading.understood or {}
    paired = origins.trace_origins(read, content)
    beside = presentation.notes(content, reading.locations, paired)
    context = {
        "reading": reading,
        "refusal": refusal,
        "content": content,
        "counts": counts(content),
        "kind_label": presentation.KINDS[content["kind"]],
        "identity": presentation.identity(content) | beside.on("", {}),
        "rules": presentation.rules(content) | beside.on("/rules", {}),
        "blocks": presentation.structure(content, beside),
        "transversal": presentation.transversal(content, beside),
        "assessments": presentation.assessments(content, beside),
        "removed": presentation.removed(read, paired),
        "doubts": presentation.doubts(content, beside),
        "doubts_read": len(read["warnings"]),
        "lines": presentation.source_lines(reading.source_text, content, reading.locations),
        "faults": corrections.faults(content),
        "files": reading.files.order_by("pk"),
        "siblings": queries.same_documents(reading).only("pk", "corrected"),
        "last_correction": reading.corrections.filter(undone_at__isnull=True).first(),
        "may_publish": queries.may_publish(person(request), current_organisation(request)),
        "editable": reading.state == FrameworkImport.State.UNDERSTOOD,
    }
    return render(request, "frameworks/import_review.html", context, status=422 if refusal else 200)


@page(Verb.FRAMEWORK_IMPORT)
@require_POST
def import_arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Move, remove, put back or restore an item: `operation` and `pointer` in one button."""
    reading = access.one_import(person(request), current_organisation(request), pk)
    operation, _space, pointer = request.POST.get("act", "").partition(" ")
    value = request.POST.get("vers") if operation == "move_to" else None
    if operation not in ARRANGED:
        return _review(request, reading, CorrectionRefused(reason=_("l’opération est inconnue")))
    try:
        corrected = correct_import(
            reading=reading,
            correction=Correction(operation, pointer, number(request.POST.get("revision")), value),
            by=person(request),
            at=timezone.now(),
        )
    except (CorrectionOutdated, CorrectionRefused) as refusal:
        reading.refresh_from_db()
        return _review(request, reading, refusal)
    messages.success(request, ARRANGED[operation])
    return review_at(pk, _landing(corrected, operation, pointer, value))


def _landing(
    reading: FrameworkImport, operation: str, pointer: str, value: str | None
) -> str | None:
    """The pointer to show once an item has moved."""
    holder, _slash, rank = pointer.rpartition("/")
    if operation in {"move_up", "move_down"}:
        return f"{holder}/{int(rank) + (-1 if operation == 'move_up' else 1)}"
    if operation == "move_to":
        return f"{value}/{len(corrections.at(reading.corrected or {}, value or '')) - 1}"
    if operation == "remove":
        return corrections.parent_of(holder) or None
    return pointer if operation == "restore" else None


@page(Verb.FRAMEWORK_IMPORT)
@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    reading = access.one_import(person(request), current_organisation(request), pk)
    try:
        undo_correction(
            reading=reading,
            revision=number(request.POST.get("revision")),
            by=person(request),
            at=timezone.now(),
        )
    except CorrectionOutdated as refusal:
        reading.refresh_from_db()
        return _review(request, reading, refusal)
    messages.success(request, _("La dernière correction est annulée."))
    return review_at(pk)


@page(Verb.FRAMEWORK_IMPORT)
@require_safe
def import_history(request: HttpRequest, pk: int) -> HttpResponse:
    reading = access.one_import(person(request), current_organisation(request), pk)
    made = reading.corrections.select_related("corrected_by")
    shown = Paginator(made, 25).get_page(request.GET.get("page"))
    return render(
        request,
        "frameworks/import_history.html",
        {
            "reading": reading,
            "page_obj": shown,
            "entries": [history.entry(one) for one in shown],
            "editable": reading.state == FrameworkImport.State.UNDERSTOOD,
        },
    )
