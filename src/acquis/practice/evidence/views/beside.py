"""The evidence beside a criterion, and what each unit knows how to see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.sittings.models import Sitting
from acquis.kernel import speech
from acquis.kernel.errors import DomainRefusal
from acquis.practice.evidence import access, presentation, queries
from acquis.practice.evidence.actions.read_evidence import read_evidence
from acquis.practice.evidence.units import HEARD, HEARS, UNITS


@page(Verb.GRID_MARK)
@require_safe
def beside(request: HttpRequest, candidate_id: int, criterion: str) -> HttpResponse:
    """The observations that may serve one criterion, each with its moments; looking writes nothing."""
    sitting = access.evidence_for(person(request), candidate_id)
    return beside_page(request, sitting, criterion)


def beside_page(
    request: HttpRequest,
    sitting: Sitting,
    criterion: str,
    refusal: DomainRefusal | None = None,
    typed: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of a criterion, or its fragment; with a refusal, what was typed stands in its form."""
    reader = person(request)
    lines = {line["code"]: line["text"] for line in queries.lines_of(sitting.candidate)}
    notes = queries.notes_for(reader, sitting.candidate_id).filter(criterion__in=["", criterion])
    partial = bool(request.headers.get("HX-Request"))
    return render(
        request,
        "evidence/_beside.html" if partial else "evidence/beside.html",
        {
            "candidate": sitting.candidate,
            "candidate_id": sitting.candidate_id,
            "criterion": criterion,
            "criterion_text": lines.get(criterion, ""),
            "known": criterion in lines,
            "beside": presentation.beside(sitting, criterion, reader),
            "notes": notes,
            "readable": queries.readable(sitting),
            "reader": reader,
            "heard_limit": HEARD,
            "refusal": {"message": refusal.message, "kept": refusal.kept, "code": refusal.code}
            if refusal
            else None,
            "typed": typed or {},
        },
        status=refusal.status if refusal else 200,
    )


@page(Verb.GRID_MARK)
@require_POST
def reread(request: HttpRequest, candidate_id: int) -> HttpResponse:
    sitting = access.evidence_for(person(request), candidate_id)
    read_evidence(sitting=sitting, by=person(request), at=timezone.now())
    return redirect(request.headers.get("Referer") or "accounts:home")


@page()
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """What the software knows how to see, and what it does not."""
    return render(
        request,
        "evidence/units.html",
        {
            "units": UNITS,
            "hears": HEARS if speech.transcriber() is not None else "",
            "heard_limit": HEARD,
        },
    )
