"""The processing reports of the portal: brought, read, kept sealed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.cpf import access, actions, downloads, presentation
from acquis.certification.cpf.forms import XmlForm
from acquis.kernel import files
from acquis.kernel.errors import DomainRefusal


@page(Verb.CPF_DEPOSIT)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a report: the file says to which deposit it answers."""
    form = XmlForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        label=_("Rapport de traitement (XML)"),
        accept=".xml",
        hint=_("Tel que le portail le donne : « Accuse_de_traitement_… .xml »."),
    )
    refusal: DomainRefusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            report = actions.read_report(
                organisation=current_organisation(request),
                content=form.content(),
                name=form.name,
                by=person(request),
                at=timezone.now(),
            )
        except DomainRefusal as refused:
            refusal = refused
        else:
            messages.success(
                request,
                _("Rapport lu. Acceptés : %(accepted)d, rejetés : %(rejected)d.")
                % {"accepted": report.accepted, "rejected": report.rejected},
            )
            return redirect("cpf:deposit", report.deposit_id)
    context = {"form": form, "refusal": presentation.refusal_shown(refusal)}
    status = 422 if refusal or form.errors else 200
    return render(request, "cpf/report.html", context, status=status)


@page(Verb.CPF_DEPOSIT)
@require_safe
def download(request: HttpRequest, report_id: int) -> HttpResponse:
    found = access.report_for(person(request), current_organisation(request), report_id)
    return files.content_response(
        downloads.report_content(found), name=found.name, media_type="application/xml"
    )
