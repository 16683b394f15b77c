"""The personal page of a result: opened by a signed link, without an account, for the candidate alone."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import public_page
from acquis.certification.awards import access, policy
from acquis.certification.awards.actions import notify_result
from acquis.certification.awards.models import ResultNotice
from acquis.certification.seals.queries import sealed_copy
from acquis.kernel import files


@public_page
@never_cache
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    found = _found(request, token)
    if isinstance(found, HttpResponse):
        return found
    context = {
        "notice": found,
        "data": found.document.data,
        "retake": found.document.data["candidate"].get("retake", []),
        "token": token,
        "centre": found.document.organisation,
    }
    return render(request, "awards/notice_page.html", context)


@public_page
@require_POST
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """Said by the page once it is shown: a mail program that fetches links in advance says nothing."""
    found = _found(request, token)
    if isinstance(found, HttpResponse):
        return found
    notify_result.note_opening(notice=found, at=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@public_page
@require_POST
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    found = _found(request, token)
    if isinstance(found, HttpResponse):
        return found
    notify_result.acknowledge(notice=found, at=timezone.now())
    return redirect("results:page", token)


@public_page
@require_safe
def sheet(request: HttpRequest, token: str) -> HttpResponse:
    found = _found(request, token)
    if isinstance(found, HttpResponse):
        return found
    if found.document.file is None:
        raise Http404
    answer: HttpResponse = files.file_response(sealed_copy(found.document.file), inline=True)  # type: ignore[assignment]
    return answer


def _found(request: HttpRequest, token: str) -> ResultNotice | HttpResponse:
    """The notice in force, or why the link opens nothing."""
    try:
        found = access.notice_of_token(token)
    except Http404:
        return _closed(request, "unknown", HTTPStatus.NOT_FOUND)
    if policy.link_expired(found.noted_at, timezone.now()):
        return _closed(request, "expired", HTTPStatus.GONE, found)
    if not found.current:
        return _closed(request, "replaced", HTTPStatus.GONE, found)
    return found


def _closed(
    request: HttpRequest, why: str, status: HTTPStatus, found: ResultNotice | None = None
) -> HttpResponse:
    context = {"why": why, "centre": found.document.organisation if found else None}
    return render(request, "awards/notice_closed.html", context, status=status)
