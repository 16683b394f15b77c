"""Documents handed in before the day: the candidate's page, and what the session's manager follows."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.deposits import access, actions, queries
from acquis.certification.deposits.errors import DocumentMissing
from acquis.certification.deposits.forms import HourForm
from acquis.certification.exam_sessions import queries as sessions
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.kernel import files
from acquis.kernel.errors import DomainRefusal

DOCUMENTS = {"application/pdf", files.OPEN_TEXT, files.WORD_TEXT}


@page(Verb.SITTING_TAKE)
@require_safe
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """What one hands in before one's exam, with a receipt for each version."""
    return _own(request, access.own_seat(person(request), pk))


def _own(
    request: HttpRequest, seat: SessionCandidate, refused: str = "", refusal: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "seat": seat,
        "session": seat.session,
        "asked": queries.asked_of(seat),
        "open": seat.session.state == ExamSession.State.SUMMONED,
        "now": timezone.now(),
        "refused": refused,
        "refusal": refusal,
    }
    return render(request, "deposits/own.html", context, status=422 if refusal else 200)


@page(Verb.SITTING_TAKE)
@require_POST
def deposit(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Hand in a document: what it is is read from its content, not from its name."""
    seat = access.own_seat(person(request), pk)
    file = request.FILES.get("document")
    try:
        if file is None:
            raise DocumentMissing
        media_type = files.check_upload(file, allowed=DOCUMENTS)
        kept = actions.deposit_early(
            seat=seat,
            code=code,
            file=file,
            media_type=media_type,
            by=person(request),
            at=timezone.now(),
        )
    except DomainRefusal as refusal:
        return _own(request, seat, code, str(refusal))
    text = _("« %(name)s » est remis, version %(version)s.")
    messages.success(request, text % {"name": kept.title, "version": kept.version})
    return redirect("deposits:own", pk)


@page(Verb.SESSION_MANAGE)
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Who handed in what, when, with its fingerprint; the documents are the jury's to read."""
    found = access.session_for(person(request), pk)
    return _session(request, found, HourForm(initial={"until": _local(queries.own_hour(found))}))


def _local(moment: Any) -> Any:
    return timezone.localtime(moment) if moment else None


def _session(request: HttpRequest, found: ExamSession, form: HourForm) -> HttpResponse:
    seats = list(sessions.seats(found))
    given = queries.deposits_of(seats)
    parts = queries.parts_of(found, queries.own_hour(found))
    context = {
        "session": found,
        "parts": parts,
        "asks": queries.asks_for_documents(found),
        "form": form,
        "composable": queries.is_composable(found),
        "now": timezone.now(),
        "rows": [
            {
                "seat": seat,
                "cells": [
                    {"part": part, "last": next(iter(given[seat.pk][part.document.key]), None)}
                    for part in parts
                ],
            }
            for seat in seats
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "deposits/session.html", context, status=status)


@page(Verb.SESSION_MANAGE)
@require_POST
def hour(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the session's own hour, or leave it to the framework."""
    found = access.session_for(person(request), pk)
    form = HourForm(request.POST)
    if form.is_valid():
        try:
            actions.set_hour(
                session=found,
                until=form.cleaned_data["until"],
                by=person(request),
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(
                request,
                _("L’heure de remise est enregistrée ; les convocations à venir la diront."),
            )
            return redirect("deposits:session", pk)
    return _session(request, found, form)
