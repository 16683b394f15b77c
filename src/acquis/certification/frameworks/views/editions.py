"""Published editions: the list, one edition, its exports."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks import access, presentation, queries
from acquis.certification.frameworks.content import counts
from acquis.certification.frameworks.exports import case_of
from acquis.certification.frameworks.models import FrameworkVersion


@page(Verb.FRAMEWORK_READ)
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    asked = {
        "text": request.GET.get("q", ""),
        "kind": request.GET.get("kind", ""),
        "sort": request.GET.get("tri", "title"),
    }
    found = queries.search(
        access.readable_versions(person(request), current_organisation(request)), **asked
    )
    shown = Paginator(found, 25).get_page(request.GET.get("page"))
    return render(
        request,
        "frameworks/list.html",
        {
            "page_obj": shown,
            "rows": [{"version": one, "counts": counts(one.content)} for one in shown],
            "kinds": presentation.KINDS.items(),
            "asked": asked,
            "today": timezone.localtime(timezone.now()).date(),
        },
    )


@page(Verb.FRAMEWORK_READ)
@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    edition = access.readable_version(person(request), current_organisation(request), pk)
    content = edition.content
    editions = access.readable_versions(person(request), current_organisation(request))
    return render(
        request,
        "frameworks/version.html",
        {
            "version": edition,
            "content": content,
            "identity": presentation.identity(content),
            "rules": presentation.rules(content),
            "counts": counts(content),
            "kind_label": presentation.KINDS[content["kind"]],
            "blocks": presentation.structure(content),
            "transversal": presentation.transversal(content),
            "assessments": presentation.assessments(content),
            "others": editions.filter(framework=edition.framework).exclude(pk=edition.pk),
            "previous": editions.filter(pk=edition.previous_id or 0).first(),
            "today": timezone.localtime(timezone.now()).date(),
        },
    )


@page(Verb.FRAMEWORK_READ)
@require_safe
def case_export(request: HttpRequest, pk: int) -> HttpResponse:
    edition = access.readable_version(person(request), current_organisation(request), pk)
    return _download(case_of(edition, settings.PUBLIC_ADDRESS), "case", edition)


@page(Verb.FRAMEWORK_READ)
@require_safe
def content_export(request: HttpRequest, pk: int) -> HttpResponse:
    edition = access.readable_version(person(request), current_organisation(request), pk)
    return _download(edition.content, "referentiel", edition)


def _download(data: dict[str, Any], prefix: str, edition: FrameworkVersion) -> JsonResponse:
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = slugify(f"{prefix}-{edition.framework.code}-{edition.edition}")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
