"""A candidate's own results, once they are issued."""

from http import HTTPStatus
from itertools import groupby

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from acquis.accounts.pages import page
from acquis.accounts.requests import person as signed_in
from acquis.accounts.verbs import Verb
from acquis.certification.awards import access
from acquis.certification.awards.actions import notify_result
from acquis.certification.awards.models import IssuedDocument, ResultNotice
from acquis.certification.awards.queries import own_notices, own_results
from acquis.certification.seals.queries import sealed_copy
from acquis.kernel import files


@page(Verb.AWARD_OWN_READ)
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    documents = sorted(
        own_results(signed_in(request)),
        key=lambda one: (one.session.starts_at, one.session_id),
        reverse=True,
    )
    by_session = [
        (session, every, _notice(every))
        for session, found in groupby(documents, lambda one: one.session)
        if (every := list(found))
    ]
    context = {
        "by_session": by_session,
        "unseen": any(notice and not notice.opened_at for _one, _all, notice in by_session),
    }
    return render(request, "awards/own_results.html", context)


def _notice(documents: list[IssuedDocument]) -> ResultNotice | None:
    """What told the candidate the result that holds of these documents."""
    told = (notice for one in documents for notice in one.notices.all() if notice.current)
    return next(told, None)


@page(Verb.AWARD_OWN_READ)
@require_POST
def own_opened(request: HttpRequest) -> HttpResponse:
    """Said by the page of results once it is shown: each of them is opened, as proof that it came."""
    for notice in own_notices(signed_in(request)).filter(opened_at__isnull=True):
        notify_result.note_opening(notice=notice, by=signed_in(request), at=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@page(Verb.AWARD_OWN_READ)
@require_POST
def own_acknowledge(request: HttpRequest, document_id: int) -> HttpResponse:
    notice = access.own_notice(signed_in(request), document_id)
    notify_result.acknowledge(notice=notice, by=signed_in(request), at=timezone.now())
    messages.success(request, _("Merci : le centre sait que vous avez votre résultat."))
    return redirect("awards:own_results")


@page(Verb.AWARD_OWN_READ)
@require_GET
def own_file(request: HttpRequest, document_id: int) -> FileResponse:
    found = access.own_document(signed_in(request), document_id)
    if found.file is None:
        raise Http404
    return files.file_response(sealed_copy(found.file), inline=True)
