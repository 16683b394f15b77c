"""The page of a customer: made for a phone, opened by a link, without an account.

It shows the name of the house and the number of the case, nothing else of either.
"""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from acquis.accounts.pages import public_page
from acquis.desk.cases.access import request_of_key
from acquis.desk.cases.actions.ask_satisfaction import answer_satisfaction
from acquis.desk.cases.forms import OpinionForm
from acquis.desk.cases.models import Opinion
from acquis.desk.cases.policy.satisfaction import Door
from acquis.desk.shell import posted


@public_page
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """The question, the thanks, or in clear words why the link opens nothing."""
    try:
        asked = request_of_key(key)
    except Http404:
        return _closed(request, "unknown", HTTPStatus.NOT_FOUND)
    now = timezone.now()
    door = "sealed" if asked.workspace.sealed_at else str(asked.door(now))
    if door in {"sealed", Door.EXPIRED}:
        return _closed(request, door, HTTPStatus.GONE)
    if door == Door.FIXED and request.method == "POST":
        return _closed(request, door, HTTPStatus.GONE)
    form = OpinionForm(posted(request), initial=_said(asked))
    if request.method == "POST" and form.is_valid():
        answer_satisfaction(asked=asked, **form.cleaned_data, at=now)
        return redirect("opinion:answer", key)
    context: dict[str, Any] = {
        "house": asked.workspace.identity.get("name") or asked.workspace.name,
        "number": asked.case.number,
        "form": form,
        "asked": asked,
        "door": door,
    }
    return render(request, "cases/opinion.html", context, status=422 if form.errors else 200)


def _said(asked: Opinion) -> dict[str, Any]:
    solved = "" if asked.solved is None else "1" if asked.solved else "0"
    return {"score": asked.score, "solved": solved, "comment": asked.comment}


def _closed(request: HttpRequest, door: str, status: HTTPStatus) -> HttpResponse:
    return render(request, "cases/opinion_closed.html", {"door": door}, status=status)
