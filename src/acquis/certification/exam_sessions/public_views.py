"""The personal page of a summons: made for a phone, opened by a signed link, without an account.

It shows what the recipient's own letter says and nothing of anybody else.
"""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import public_page
from acquis.certification.exam_sessions import access, actions, letters, policy
from acquis.certification.exam_sessions.errors import AbsenceReasonMissing
from acquis.certification.exam_sessions.forms import AbsenceForm
from acquis.certification.exam_sessions.models import Summons
from acquis.kernel import files
from acquis.kernel.slowing import too_often

TRIES, WINDOW_SECONDS = 60, 3600  # links that open nothing, from one address in an hour


@public_page
@never_cache
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    found = _found(request, token)
    if isinstance(found, HttpResponse):
        return found
    return _page(request, token, found, AbsenceForm())


@public_page
@require_POST
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """Said by the page once it is shown: a mail program that fetches links in advance says nothing."""
    found = _found(request, token)
    if isinstance(found, HttpResponse):
        return found
    actions.note_opening(summons=found, at=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@public_page
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    found = _found(request, token)
    if isinstance(found, HttpResponse):
        return found
    form = AbsenceForm(request.POST)
    form.full_clean()
    given = (
        Summons.Answer.COMING
        if request.POST.get("answer") == Summons.Answer.COMING
        else Summons.Answer.NOT_COMING
    )
    try:
        actions.answer_summons(
            summons=found,
            answer=given,
            reason=form.cleaned_data.get("reason", ""),
            at=timezone.now(),
        )
    except AbsenceReasonMissing as refusal:
        if not form.errors:
            form.add_error("reason", str(refusal))
        return _page(request, token, found, form)
    return redirect("summons:page", token)


@public_page
@require_safe
def letter(request: HttpRequest, token: str) -> HttpResponse:
    found = _found(request, token)
    if isinstance(found, HttpResponse):
        return found
    name = f"convocation-{found.number}.pdf"
    answer: HttpResponse = files.file_response(found.file, inline=True, name=name)  # type: ignore[assignment]
    return answer


@public_page
@require_safe
def event(request: HttpRequest, token: str) -> HttpResponse:
    found = _found(request, token)
    if isinstance(found, HttpResponse):
        return found
    answer = HttpResponse(letters.calendar_of(found), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="convocation.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _found(request: HttpRequest, token: str) -> Summons | HttpResponse:
    """The summons in force, or why the link opens nothing."""
    try:
        found = access.summons_of_token(token)
    except Http404:
        often = too_often(request, "summons", most=TRIES, seconds=WINDOW_SECONDS)
        status = HTTPStatus.TOO_MANY_REQUESTS if often else HTTPStatus.NOT_FOUND
        return _closed(request, "often" if often else "unknown", status)
    if policy.link_expired(found.ends_at, timezone.now()):
        return _closed(request, "expired", HTTPStatus.GONE)
    if found.withdrawn_at is not None:
        return _closed(request, "withdrawn", HTTPStatus.GONE, found)
    if found.replaced_by_id is not None:
        return _closed(request, "replaced", HTTPStatus.GONE, found)
    if found.is_elsewhere:
        return _closed(request, "moved", HTTPStatus.GONE, found)
    return found


def _page(request: HttpRequest, token: str, found: Summons, form: AbsenceForm) -> HttpResponse:
    context = {
        "summons": found,
        "data": found.data,
        "token": token,
        "form": form,
        "centre": found.session.organisation,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "exam_sessions/summons_page.html", context, status=status)


def _closed(
    request: HttpRequest, why: str, status: HTTPStatus, found: Summons | None = None
) -> HttpResponse:
    context = {
        "why": why,
        "summons": found,
        "centre": found.session.organisation if found else None,
    }
    return render(request, "exam_sessions/summons_closed.html", context, status=status)
