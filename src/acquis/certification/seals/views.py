"""The certificate that seals, and the check of any PDF."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from acquis.accounts.pages import page, public_page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.seals import access, keys, policy, presentation, queries
from acquis.certification.seals.actions.load_certificate import (
    load_certificate,
    retire_certificate,
)
from acquis.certification.seals.forms import CertificateForm, VerifyForm
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.slowing import too_often

# A check reads a whole file: a person needs a few, a machine is slowed down.
CHECKS = 20
WINDOW_SECONDS = 60


@page(Verb.SEAL_MANAGE)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def certificate(request: HttpRequest) -> HttpResponse:
    """The centre's certificate: its name, its chain, its end; load another."""
    centre = access.managed_centre(person(request), current_organisation(request))
    form = CertificateForm(*_given(request))
    if request.method == "POST" and form.is_valid():
        try:
            loaded = load_certificate(
                organisation=centre,
                identity=keys.read_pkcs12(
                    form.cleaned_data["file"].read(),
                    form.cleaned_data["password"],
                    at=timezone.now(),
                ),
                by=person(request),
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error("file", str(refusal))
        else:
            text = _("Le certificat « {name} » scelle désormais ce que le centre émet.")
            messages.success(request, text.format(name=loaded.subject))
            return redirect("seals:certificate")
    found = queries.certificate_of(centre)
    context = {
        "form": form,
        "found": found,
        "chain": presentation.chain_of(found) if found else [],
        "tone": policy.tone(
            now=timezone.now(), not_before=found.not_before, not_after=found.not_after
        )
        if found
        else "",
        "former": centre.sealing_certificates.filter(retired_at__isnull=False),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "seals/certificate.html", context, status=status)


@page(Verb.SEAL_MANAGE)
@require_POST
def retire(request: HttpRequest) -> HttpResponse:
    centre = access.managed_centre(person(request), current_organisation(request))
    retire_certificate(organisation=centre, by=person(request), at=timezone.now())
    messages.success(request, _("Le certificat est retiré ; ce qu’il a scellé reste valable."))
    return redirect("seals:certificate")


@public_page
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Anybody may check a PDF that they were given: it is read and kept nowhere."""
    form = VerifyForm(*_given(request))
    shown: list[presentation.Shown] = []
    name = ""
    if form.is_valid() and too_often(request, "seals.verify", most=CHECKS, seconds=WINDOW_SECONDS):
        form.add_error(None, _("Trop de vérifications à la fois : attendez une minute."))
    elif form.is_valid():
        file = form.cleaned_data["file"]
        name = file.name or ""
        shown = presentation.check(file.read(), now=timezone.now())
    context = {"form": form, "shown": shown, "name": name}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "seals/verify.html", context, status=status)


def _given(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is bound to: an empty form that was sent is bound as well."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
