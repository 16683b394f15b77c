"""A candidate's own results, once they are issued."""

from itertools import groupby

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from acquis.accounts.pages import page
from acquis.accounts.requests import person as signed_in
from acquis.accounts.verbs import Verb
from acquis.certification.awards import access
from acquis.certification.awards.queries import own_results
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
        (session, list(every)) for session, every in groupby(documents, lambda one: one.session)
    ]
    return render(request, "awards/own_results.html", {"by_session": by_session})


@page(Verb.AWARD_OWN_READ)
@require_GET
def own_file(request: HttpRequest, document_id: int) -> FileResponse:
    found = access.own_document(signed_in(request), document_id)
    if found.file is None:
        raise Http404
    return files.file_response(sealed_copy(found.file), inline=True)
