"""The documents of a session: list, read, preview, sign, issue, correct."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import may
from acquis.accounts.pages import page
from acquis.accounts.queries import second_factor
from acquis.accounts.requests import person as signed_in
from acquis.accounts.verbs import Verb
from acquis.certification.awards import access, presentation, wording
from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.actions.freeze import queue_sealing
from acquis.certification.awards.actions.identity import needs_enrolment
from acquis.certification.awards.actions.issue_documents import signed_pv
from acquis.certification.awards.actions.revoke_certificate import revoke_certificate
from acquis.certification.awards.actions.sign_document import countersign, sign_document
from acquis.certification.awards.actions.write_documents import write_documents
from acquis.certification.awards.forms import CorrectionForm, RevocationForm, SigningForm
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.awards.queries import (
    annulment_of_certificate,
    papers_of_blocks,
    to_seal,
)
from acquis.certification.awards.rendering import pdf_of
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.incidents.access import refuse_while_held
from acquis.certification.incidents.queries import holding, named
from acquis.certification.registrations.files import standings
from acquis.certification.seals.errors import NoCertificate
from acquis.certification.seals.queries import certificate_in_force, sealed_copy
from acquis.kernel import files, jobs
from acquis.kernel.errors import DomainRefusal

State = IssuedDocument.State


@page(Verb.AWARD_READ)
@require_GET
def session(request: HttpRequest, session_id: int) -> HttpResponse:
    person = signed_in(request)
    found = access.readable_session(person, session_id)
    issues = may(person, Verb.AWARD_ISSUE, organisation=found.organisation)
    board = presentation.board(found, person)
    context = {
        "session": found,
        "board": board,
        "may_write": issues and board.pv is None and found.state == ExamSession.State.DELIBERATED,
        "may_issue": issues and board.waiting_to_issue,
        "may_correct": issues,
        "held": named(holding(found)) if issues else "",
        "may_seal": issues
        and to_seal(found).exists()
        and certificate_in_force(found.organisation_id, timezone.now()) is not None,
    }
    return render(request, "awards/session.html", context)


@page(Verb.AWARD_ISSUE)
@require_POST
def write(request: HttpRequest, session_id: int) -> HttpResponse:
    found = access.issuing_session(signed_in(request), session_id)
    pv = write_documents(session=found, by=signed_in(request), at=timezone.now())
    messages.success(
        request,
        _("Le procès-verbal {number} est établi : les jurés peuvent le signer.").format(
            number=pv.number
        ),
    )
    return redirect("awards:session", found.pk)


@page(Verb.AWARD_ISSUE)
@require_POST
def issue(request: HttpRequest, session_id: int) -> HttpResponse:
    """Issue in the background what still waits, with its progress to follow."""
    person = signed_in(request)
    found = access.issuing_session(person, session_id)
    signed_pv(found)
    refuse_while_held(found)
    job = jobs.enqueue(
        "awards.issue",
        by=person,
        at=timezone.now(),
        args={"session": found.pk, "by": person.pk},
        unique_key=f"awards.issue:{found.pk}",
    )
    return redirect("kernel:job", job.pk)


@page(Verb.AWARD_ISSUE)
@require_POST
def seal(request: HttpRequest, session_id: int) -> HttpResponse:
    """Seal in the background what was issued without."""
    person = signed_in(request)
    found = access.issuing_session(person, session_id)
    if certificate_in_force(found.organisation_id, timezone.now()) is None:
        raise NoCertificate
    job = queue_sealing(found.pk, by=person, at=timezone.now())
    return redirect("kernel:job", job.pk)


@page(Verb.AWARD_READ)
@require_GET
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """What the document prints, in full."""
    person = signed_in(request)
    found = access.readable_document(person, document_id)
    certificate = found.kind == IssuedDocument.Kind.CERTIFICATE and found.state == State.ISSUED
    reading = _reading(found)
    may_revoke = (
        certificate
        and not (reading["revocation"] or reading["correction"])
        and may(person, Verb.AWARD_REVOKE, organisation=found.organisation)
    )
    reading |= {
        "may_revoke": may_revoke,
        "annulment": annulment_of_certificate(found),
        "reads_session": access.reads_session(person, found.session),
    }
    return render(request, "awards/document.html", reading)


@page(Verb.AWARD_READ)
@require_GET
def blocks(request: HttpRequest, seat_id: int) -> HttpResponse:
    """What the jury that decides over blocks reads of a candidate: the sheets of their exams (X-10)."""
    seat = access.seat_over_blocks(signed_in(request), seat_id)
    seat.enrolment.version = seat.session.version
    context = {
        "seat": seat,
        "person": seat.enrolment.candidate,
        "papers": papers_of_blocks(seat),
        "standings": standings(seat.enrolment),
    }
    return render(request, "awards/blocks.html", context)


@page(Verb.AWARD_READ)
@require_GET
def download(request: HttpRequest, document_id: int) -> FileResponse | HttpResponse:
    """The frozen file; before it is issued, a draft made on the spot that says so."""
    found = access.readable_document(signed_in(request), document_id)
    if found.file is not None:
        return files.file_response(sealed_copy(found.file), inline=True)
    response = HttpResponse(pdf_of(found, draft=True), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="projet-{found.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@page(Verb.PV_SIGN)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, document_id: int) -> HttpResponse:
    return _signing(request, document_id, sign_document, "awards/sign.html")


@page(Verb.PV_COUNTERSIGN)
@require_http_methods(["GET", "POST"])
def sign_as_manager(request: HttpRequest, document_id: int) -> HttpResponse:
    return _signing(request, document_id, countersign, "awards/countersign.html")


def _signing(request: HttpRequest, document_id: int, act: Any, template: str) -> HttpResponse:
    person = signed_in(request)
    found = access.readable_document(person, document_id)
    enrolled = second_factor(person) is not None
    form = SigningForm(request.POST or None, second_factor=enrolled)
    refusal: DomainRefusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            act(document=found, by=person, at=timezone.now(), **form.cleaned_data)
        except DomainRefusal as refused:
            refusal = refused
        else:
            messages.success(request, _("Votre signature est enregistrée."))
            return redirect("awards:session", found.session_id)
    context = _reading(found) | {
        "form": form,
        "refusal": presentation.refusal_shown(refusal),
        "to_enrol": needs_enrolment(found.session.organisation, enrolled=enrolled),
        "enrolled": enrolled,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal or form.errors else HTTPStatus.OK
    return render(request, template, context, status=status)


@page(Verb.AWARD_ISSUE)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, document_id: int) -> HttpResponse:
    person = signed_in(request)
    found = access.issuing_document(person, document_id)
    form = CorrectionForm(request.POST or None)
    refusal: DomainRefusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            new = correct_document(
                document=found, reason=form.cleaned_data["reason"], by=person, at=timezone.now()
            )
        except DomainRefusal as refused:
            refusal = refused
        else:
            messages.success(
                request,
                _("Le document {number} rectifie {first}, qui reste conservé.").format(
                    number=new.number, first=found.number
                ),
            )
            return redirect("awards:session", found.session_id)
    context = _reading(found) | {
        "form": form,
        "refusal": presentation.refusal_shown(refusal),
        "changes": presentation.changes_of_identity(found),
        "record": found.candidate.enrolment.candidate_id if found.candidate else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal or form.errors else HTTPStatus.OK
    return render(request, "awards/correct.html", context, status=status)


@page(Verb.AWARD_REVOKE)
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, document_id: int) -> HttpResponse:
    person = signed_in(request)
    found = access.revocable_document(person, document_id)
    annulment = annulment_of_certificate(found)
    reason = wording.annulment(annulment.annulment_reason) if annulment else ""
    form = RevocationForm(request.POST or None, initial={"reason": reason})
    refusal: DomainRefusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            revoke_certificate(
                document=found, reason=form.cleaned_data["reason"], by=person, at=timezone.now()
            )
        except DomainRefusal as refused:
            refusal = refused
        else:
            messages.success(
                request, _("Le certificat {number} est révoqué.").format(number=found.number)
            )
            return redirect("awards:document", found.pk)
    context = _reading(found) | {"form": form, "refusal": presentation.refusal_shown(refusal)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal or form.errors else HTTPStatus.OK
    return render(request, "awards/revoke.html", context, status=status)


def _reading(found: IssuedDocument) -> dict[str, Any]:
    return {
        "document": found,
        "data": found.data,
        "session": found.session,
        "signatures": found.signatures.order_by("signed_at", "pk"),
        "correction": found.corrections.first(),
        "revocation": found.revoked,
    }
