"""The page of one enrolment, with the form that was refused if there is one."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from acquis.certification.registrations import files, policy, presentation, queries
from acquis.certification.registrations.enrolment_forms import (
    AccommodationForm,
    AdmissibilityForm,
    BodiesForm,
    HeldForm,
)
from acquis.certification.registrations.models import Admissibility, Enrolment


def show(
    request: HttpRequest,
    shown: Enrolment,
    *,
    accommodation: forms.Form | None = None,
    admissibility: forms.Form | None = None,
    held: forms.Form | None = None,
    bodies: forms.Form | None = None,
) -> HttpResponse:
    today = timezone.localtime().date()
    days = queries.session_days(shown)
    rows = presentation.accommodation_rows(shown)
    way = files.way_of(shown)
    coming = min((day for _reference, day in days if day >= today), default=today)
    results = list(shown.results.all())
    right = files.right_to_come_again(results[-1]) if results else None
    refused = accommodation or admissibility or held or bodies
    return render(
        request,
        "registrations/enrolment.html",
        {
            "enrolment": shown,
            "candidate": shown.candidate,
            "exam": presentation.exam_title(shown),
            "bars": [presentation.bar_sentence(bar) for bar in policy.bars(way, coming)],
            "coming": coming,
            "accommodations": [row for row in rows if row.open],
            "former": [row for row in rows if not row.open],
            "late": presentation.late_decisions(shown, days, today),
            "proofs": presentation.proof_rows(queries.proofs_of(shown, coming)),
            "results": results,
            "interview_due": files.interview_due(shown),
            "retake": presentation.retake_sentences(right) if right else [],
            "papers_due": files.papers_due(days, today),
            "held": files.held_blocks(shown),
            "withdrawn": files.withdrawn_lines(shown),
            "request_file": way.request,
            "start_by": policy.start_by(way.request) if way.request else None,
            "accommodation_form": accommodation or AccommodationForm(enrolment=shown),
            "admissibility_form": admissibility or AdmissibilityForm(initial=_initial(shown)),
            "bodies_form": bodies or BodiesForm(initial=_bodies(shown)),
            "held_form": held or HeldForm(enrolment=shown),
        },
        status=422 if refused is not None else 200,
    )


def _bodies(enrolment: Enrolment) -> dict[str, str]:
    return {"employer": enrolment.employer, "training_body": enrolment.training_body}


def _initial(enrolment: Enrolment) -> dict[str, object]:
    names = ("requested_on", "authority", "decision", "decided_on", "reason")
    return Admissibility.objects.filter(enrolment=enrolment).values(*names).first() or {}
