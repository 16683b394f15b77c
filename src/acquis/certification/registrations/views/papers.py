"""The route and the papers of an enrolment: what is written, brought, verified, read."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.registrations import access, actions
from acquis.certification.registrations.enrolment_forms import (
    AdmissibilityForm,
    HeldForm,
    ProofForm,
)
from acquis.certification.registrations.views.showing import show
from acquis.kernel import files


@page(Verb.CANDIDATE_EDIT)
@require_POST
def admissibility(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    enrolment = access.enrolment_for(person(request), enrolment_id, Verb.CANDIDATE_EDIT)
    form = AdmissibilityForm(request.POST)
    if not form.is_valid():
        return show(request, enrolment, admissibility=form)
    actions.record_admissibility(
        enrolment=enrolment, data=form.data_for_action(), by=person(request), at=timezone.now()
    )
    messages.success(request, _("Recevabilité enregistrée."))
    return redirect("registrations:enrolment", enrolment_id)


@page(Verb.CANDIDATE_EDIT)
@require_POST
def hold_block(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    enrolment = access.enrolment_for(person(request), enrolment_id, Verb.CANDIDATE_EDIT)
    form = HeldForm(request.POST, enrolment=enrolment)
    if not form.is_valid():
        return show(request, enrolment, held=form)
    actions.record_held(
        enrolment=enrolment,
        block=form.cleaned_data["block"],
        obtained_on=form.cleaned_data["obtained_on"],
        pv_reference=form.cleaned_data["pv_reference"],
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("Livret complété."))
    return redirect("registrations:enrolment", enrolment_id)


@page(Verb.CANDIDATE_EDIT)
@require_POST
def withdraw_held(request: HttpRequest, enrolment_id: int, held_id: int) -> HttpResponse:
    enrolment = access.enrolment_for(person(request), enrolment_id, Verb.CANDIDATE_EDIT)
    held = access.held_block_of(enrolment, held_id)
    actions.withdraw_held(held=held, by=person(request), at=timezone.now())
    messages.success(request, _("Ligne retirée du livret."))
    return redirect("registrations:enrolment", enrolment_id)


@page(Verb.CANDIDATE_EDIT)
@require_POST
def deposit(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    enrolment = access.enrolment_for(person(request), enrolment_id, Verb.CANDIDATE_EDIT)
    form = ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choisissez la pièce et son fichier."))
        return redirect("registrations:enrolment", enrolment_id)
    now, uploaded = timezone.now(), form.cleaned_data["file"]
    stored = (
        files.store(
            uploaded.read(),
            name=uploaded.name or "piece",
            media_type=form.media_type,
            by=person(request),
            at=now,
        )
        if uploaded
        else None
    )
    actions.deposit_proof(
        enrolment=enrolment,
        kind=form.cleaned_data["kind"],
        file=stored,
        by=person(request),
        at=now,
    )
    messages.success(request, _("Pièce enregistrée."))
    return redirect("registrations:enrolment", enrolment_id)


@page(Verb.CANDIDATE_EDIT)
@require_POST
def verify(request: HttpRequest, proof_id: int) -> HttpResponse:
    proof = access.proof_for(person(request), proof_id, Verb.CANDIDATE_EDIT)
    actions.verify_proof(proof=proof, by=person(request), at=timezone.now())
    messages.success(request, _("Pièce vérifiée."))
    return redirect("registrations:enrolment", proof.enrolment_id)


@page(Verb.CANDIDATE_READ, Verb.GRID_MARK)
@require_safe
def proof_file(request: HttpRequest, proof_id: int) -> FileResponse:
    """A paper: to who follows the candidates, and to the jurors of its sessions what is theirs."""
    return files.file_response(access.readable_proof(person(request), proof_id), inline=True)
