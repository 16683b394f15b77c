"""From a reviewed import to a frozen edition."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks import access, comparison, corrections, queries
from acquis.certification.frameworks.actions.publish_import import publish_import
from acquis.certification.frameworks.content import counts
from acquis.certification.frameworks.forms import CorrespondencesForm, PublishForm
from acquis.certification.frameworks.models import FrameworkImport, FrameworkVersion
from acquis.certification.frameworks.views.addresses import number, review_at
from acquis.kernel.errors import DomainRefusal


@page(Verb.FRAMEWORK_PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def import_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The edition's identity, then the correspondences that a person confirms, then publication."""
    reading = access.one_import(person(request), current_organisation(request), pk)
    if reading.state != FrameworkImport.State.UNDERSTOOD:
        return review_at(pk)
    form = _form(request, reading)
    previous = _previous(request, form)
    if request.method != "POST":
        return _page(request, reading, form, _correspondences(reading, previous))
    seen = number(request.POST.get("seen"))
    if seen != (previous.pk if previous else 0):  # another previous edition: show its items first
        return _page(request, reading, form, _correspondences(reading, previous))
    pairs = _correspondences(reading, previous, request.POST)
    if not form.is_valid() or not (pairs is None or pairs.is_valid()):
        return _page(request, reading, form, pairs, status=422)
    try:
        published = publish_import(
            reading=reading,
            edition=form.stated(pairs.confirmed() if pairs else []),
            revision=number(request.POST.get("revision")),
            by=person(request),
            at=timezone.now(),
        )
    except DomainRefusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, reading, form, pairs, status=422)
    messages.success(request, _("L’édition est publiée. Elle ne changera plus."))
    return redirect("frameworks:version", published.pk)


def _form(request: HttpRequest, reading: FrameworkImport) -> PublishForm:
    content = reading.corrected or {}
    candidates = access.readable_versions(person(request), current_organisation(request))
    same = queries.latest_edition(candidates, content.get("code") or "")
    given = request.GET.copy() if request.method != "POST" else QueryDict(mutable=True)
    initial = {
        "code": content.get("code"),
        "edition": content.get("edition"),
        "valid_from": content.get("effective_from"),
        "previous": same.pk if same else None,
    } | {name: given[name] for name in PublishForm.base_fields if given.get(name)}
    if "previous" in given and not given["previous"]:
        initial["previous"] = None
    return PublishForm(request.POST or None, initial=initial, candidates=candidates)


def _previous(request: HttpRequest, form: PublishForm) -> FrameworkVersion | None:
    chosen = request.POST.get("previous") if request.method == "POST" else form.initial["previous"]
    return form.candidates.filter(pk=number(str(chosen or ""))).first()


def _correspondences(
    reading: FrameworkImport, previous: FrameworkVersion | None, data: Any = None
) -> CorrespondencesForm | None:
    if previous is None:
        return None
    changes = comparison.compare(previous.content, reading.corrected or {})
    return CorrespondencesForm(data, changes=changes, previous=previous)


def _page(
    request: HttpRequest,
    reading: FrameworkImport,
    form: PublishForm,
    pairs: CorrespondencesForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    content = reading.corrected or {}
    partial = request.headers.get("HX-Target") == "correspondences"
    return render(
        request,
        "frameworks/_correspondences.html" if partial else "frameworks/import_publish.html",
        {
            "reading": reading,
            "form": form,
            "pairs": pairs,
            "counts": counts(content),
            "doubts": len(content["warnings"]),
            "faults": corrections.faults(content),
        },
        status=status,
    )
