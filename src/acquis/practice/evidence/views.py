"""The evidence beside a criterion, and what each unit knows how to see."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks.content import criteria
from acquis.certification.sittings.models import Sitting
from acquis.practice.evidence import access
from acquis.practice.evidence.actions.read_evidence import read_evidence
from acquis.practice.evidence.models import MomentNote, Observation
from acquis.practice.evidence.queries import readable
from acquis.practice.evidence.units import UNITS


@page(Verb.GRID_MARK)
@require_safe
def beside(request: HttpRequest, candidate_id: int, criterion: str) -> HttpResponse:
    """The observations that may serve one criterion, each with its moments; looking writes nothing."""
    sitting = access.evidence_for(person(request), candidate_id)
    lines = {
        line["code"]: line["text"]
        for line in criteria(
            sitting.candidate.session.version.content, sitting.candidate.session.block
        )
    }
    found = [_shown(one) for one in _latest(sitting) if criterion in one.criteria]
    notes = MomentNote.objects.filter(candidate_id=candidate_id, author=person(request)).filter(
        criterion__in=["", criterion]
    )
    return render(
        request,
        "evidence/beside.html"
        if not request.headers.get("HX-Request")
        else "evidence/_beside.html",
        {
            "candidate_id": candidate_id,
            "criterion": criterion,
            "criterion_text": lines.get(criterion, ""),
            "observations": found,
            "notes": notes,
            "was_read": bool(found)
            or Observation.objects.filter(candidate_id=candidate_id).exists(),
            "readable": readable(sitting),
            "sitting": sitting,
        },
    )


def _latest(sitting: Sitting) -> list[Observation]:
    rows = list(Observation.objects.filter(candidate=sitting.candidate))
    last = max((row.reading for row in rows), default=0)
    return [row for row in rows if row.reading == last]


def _shown(one: Observation) -> dict[str, Any]:
    unit = next((unit for unit in UNITS if unit.key == one.unit), None)
    return {
        "row": one,
        "limits": unit.limits if unit else "",
        "moments": [
            {**moment, "time": datetime.fromisoformat(moment["at"]) if moment["at"] else None}
            for moment in one.moments
        ],
    }


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
    return render(request, "evidence/units.html", {"units": UNITS})
