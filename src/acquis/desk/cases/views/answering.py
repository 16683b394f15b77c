"""The page of a customer: made for a phone, opened by a link, without an account.

It shows the name of the house and how to reach it, and the number of the case: nothing else of either.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from acquis.accounts.pages import public_page
from acquis.desk.cases.access import request_of_key
from acquis.desk.cases.actions.ask_satisfaction import answer_satisfaction, may_reopen
from acquis.desk.cases.forms.following import OpinionForm
from acquis.desk.cases.models import Case, Opinion
from acquis.desk.cases.policy.satisfaction import Door
from acquis.desk.shell import posted
from acquis.kernel.slowing import too_often

SHUT = frozenset({"sealed", Door.EXPIRED})
TRIES, WINDOW_SECONDS = 60, 3600  # from one address: an office of customers, not a machine


@public_page
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """The question, the thanks, or in clear words why the link opens nothing."""
    now = timezone.now()
    asked = _asked(key)
    door = _door(asked, now)
    # A machine tries keys, or answers without end: it is told to wait, and nothing is looked at.
    if (asked is None or request.method == "POST") and too_often(
        request, "opinion", most=TRIES, seconds=WINDOW_SECONDS
    ):
        return _closed(request, "often", HTTPStatus.TOO_MANY_REQUESTS)
    if asked is None:
        return _closed(request, door, HTTPStatus.NOT_FOUND)
    if door in SHUT or (door == Door.FIXED and request.method == "POST"):
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
        "identity": asked.workspace.identity,
        "closed": asked.case.state == Case.State.CLOSED,
        "late": asked.case.state == Case.State.CLOSED and not may_reopen(asked.case, now),
    }
    return render(request, "cases/opinion.html", context, status=422 if form.errors else 200)


def _asked(key: str) -> Opinion | None:
    try:
        return request_of_key(key)
    except Http404:
        return None


def _door(asked: Opinion | None, now: datetime) -> str:
    if asked is None:
        return "unknown"
    return "sealed" if asked.workspace.sealed_at else str(asked.door(now))


def _said(asked: Opinion) -> dict[str, Any]:
    solved = "" if asked.solved is None else "1" if asked.solved else "0"
    return {"score": asked.score, "solved": solved, "comment": asked.comment}


def _closed(request: HttpRequest, door: str, status: HTTPStatus) -> HttpResponse:
    return render(request, "cases/opinion_closed.html", {"door": door}, status=status)
