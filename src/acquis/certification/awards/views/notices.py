"""How the results of a session were told: followed, sent again, handed over, proved."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.awards import access, presentation, proofs
from acquis.certification.awards.actions import notify_result
from acquis.certification.awards.forms import HandOverForm
from acquis.certification.awards.queries import sheets_to_tell
from acquis.certification.exam_sessions.forms import ReportForm
from acquis.kernel import files
from acquis.kernel.errors import DomainRefusal


@page(Verb.AWARD_ISSUE)
@require_safe
def session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Each candidate, what became of their result, and whether the delay was held."""
    found = access.issuing_session(person(request), session_id)
    context = {
        "session": found,
        "due": proofs.due_of(found),
        "today": timezone.localtime().date(),
        "rows": presentation.told_rows(found),
        "untold": sheets_to_tell(found).count(),
    }
    return render(request, "awards/notices.html", context)


@page(Verb.AWARD_ISSUE)
@require_POST
def tell(request: HttpRequest, session_id: int) -> HttpResponse:
    found = access.issuing_session(person(request), session_id)
    told = notify_result.notify_session(session=found, by=person(request), at=timezone.now())
    said = ngettext("%d résultat part.", "%d résultats partent.", len(told)) % len(told)
    messages.success(request, said)
    return redirect("awards:notices", session_id)


@page(Verb.AWARD_ISSUE)
@require_POST
def tell_again(request: HttpRequest, notice_id: int) -> HttpResponse:
    found = access.notice_to_follow(person(request), notice_id)
    new = notify_result.send_again(notice=found, by=person(request), at=timezone.now())
    messages.success(request, _("Le résultat repart à l’adresse %s.") % new.email)
    return redirect("awards:notices", found.document.session_id)


@page(Verb.AWARD_ISSUE)
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Note a result given in person or posted."""
    found = access.notice_to_follow(person(request), notice_id)
    posted = request.POST if request.method == "POST" else None
    form = HandOverForm(posted, initial={"on": timezone.localtime().date()})
    refusal: DomainRefusal | None = None
    if form.is_valid():
        try:
            notify_result.hand_over(
                notice=found, by=person(request), at=timezone.now(), **form.cleaned_data
            )
        except DomainRefusal as refused:
            refusal = refused
        else:
            messages.success(request, _("La remise du résultat est notée."))
            return redirect("awards:notices", found.document.session_id)
    context = {
        "notice": found,
        "session": found.document.session,
        "form": form,
        "refusal": presentation.refusal_shown(refusal),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal or form.errors else HTTPStatus.OK
    return render(request, "awards/hand_over.html", context, status=status)


@page(Verb.AWARD_ISSUE)
@require_http_methods(["GET", "POST"])
def take_report(request: HttpRequest, session_id: int) -> HttpResponse:
    """Bring a report of delivery that a mailbox received: the result it speaks of is marked."""
    found = access.issuing_session(person(request), session_id)
    posted = request.method == "POST"
    form = ReportForm(request.POST, request.FILES) if posted else ReportForm()
    if posted and form.is_valid():
        bounced = notify_result.take_report(
            raw=form.cleaned_data["file"].read(),
            session=found,
            by=person(request),
            at=timezone.now(),
        )
        if bounced is None:
            messages.info(request, _("Cet avis annonce un simple retard : rien ne change."))
        else:
            said = _("Le résultat de %s est marqué « non remis ».")
            messages.success(request, said % bounced.candidate.enrolment.candidate.full_name)
        return redirect("awards:notices", session_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"session": found, "form": form}
    return render(request, "awards/report.html", context, status=status)


@page(Verb.AWARD_ISSUE)
@require_safe
def proof(request: HttpRequest, session_id: int) -> HttpResponse:
    """The dates of every notice of the session, as they stand now, to print or to produce."""
    found = access.issuing_session(person(request), session_id)
    return files.content_response(
        proofs.proof_pdf(proofs.proof_data(found, at=timezone.now())),
        name=f"preuve-resultats-{found.reference}.pdf",
        media_type="application/pdf",
        inline=True,
    )
