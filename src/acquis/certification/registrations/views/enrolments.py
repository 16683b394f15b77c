"""The page of one enrolment: its accommodations and their history."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.registrations import access, actions
from acquis.certification.registrations.enrolment_forms import AccommodationForm, BodiesForm
from acquis.certification.registrations.views.showing import show


@page(Verb.CANDIDATE_READ)
@require_safe
def enrolment(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    return show(request, access.enrolment_for(person(request), enrolment_id))


@page(Verb.CANDIDATE_EDIT)
@require_POST
def revise(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Correct who employs or trains the candidate."""
    enrolled = access.enrolment_for(person(request), enrolment_id, Verb.CANDIDATE_EDIT)
    form = BodiesForm(request.POST)
    if not form.is_valid():
        return show(request, enrolled, bodies=form)
    actions.revise_enrolment(
        enrolment=enrolled, **form.cleaned_data, by=person(request), at=timezone.now()
    )
    messages.success(request, _("Inscription corrigée ; ce qui était écrit reste au journal."))
    return redirect("registrations:enrolment", enrolment_id)


@page(Verb.CANDIDATE_EDIT)
@require_POST
def accommodate(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    enrolled = access.enrolment_for(person(request), enrolment_id, Verb.CANDIDATE_EDIT)
    form = AccommodationForm(request.POST, enrolment=enrolled)
    if not form.is_valid():
        return show(request, enrolled, accommodation=form)
    actions.accommodate(
        enrolment=enrolled, data=form.data_for_action(), by=person(request), at=timezone.now()
    )
    messages.success(request, _("Aménagement enregistré."))
    return redirect("registrations:enrolment", enrolment_id)


@page(Verb.CANDIDATE_EDIT)
def change_accommodation(request: HttpRequest, accommodation_id: int) -> HttpResponse:
    row = access.accommodation_for(person(request), accommodation_id)
    form = AccommodationForm(request.POST or None, enrolment=row.enrolment, former=row)
    if request.method == "POST" and form.is_valid():
        actions.change_accommodation(
            accommodation=row, data=form.data_for_action(), by=person(request), at=timezone.now()
        )
        messages.success(request, _("Aménagement modifié ; l’ancien reste dans l’historique."))
        return redirect("registrations:enrolment", row.enrolment_id)
    context = {"form": form, "row": row, "candidate": row.enrolment.candidate}
    status = 422 if form.errors else 200
    return render(request, "registrations/accommodation.html", context, status=status)


@page(Verb.CANDIDATE_EDIT)
@require_POST
def end_accommodation(request: HttpRequest, accommodation_id: int) -> HttpResponse:
    row = access.accommodation_for(person(request), accommodation_id)
    actions.end_accommodation(
        accommodation=row,
        reason=request.POST.get("reason", ""),
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("Aménagement terminé ; il reste dans l’historique."))
    return redirect("registrations:enrolment", row.enrolment_id)
