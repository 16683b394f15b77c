"""A badge taken away by its holder or the centre, checked by anybody; the keys that sign."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from acquis.accounts.pages import page, public_page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.badges import access, keys, presentation, queries, receiving
from acquis.certification.badges.actions import renew_keys
from acquis.certification.badges.carrying import Form, carried
from acquis.certification.badges.forms import RenewalForm, VerifyForm
from acquis.kernel import files
from acquis.kernel.slowing import too_often

# A check reads a whole file: a person needs a few, a machine is slowed down.
CHECKS = 20
WINDOW_SECONDS = 60


@page(Verb.AWARD_OWN_READ)
@require_safe
def own(request: HttpRequest, document_id: int) -> HttpResponse:
    """The holder's badge, each file with what it is for."""
    certificate = access.own_certificate(person(request), document_id)
    return render(request, "badges/own.html", _offered(certificate))


@page(Verb.AWARD_OWN_READ)
@require_safe
def own_file(request: HttpRequest, document_id: int, form: str) -> HttpResponse:
    return _file(access.own_certificate(person(request), document_id), form)


@page(Verb.AWARD_ISSUE)
@require_safe
def certificate(request: HttpRequest, document_id: int) -> HttpResponse:
    """The same files, for whoever issues the documents of the session."""
    found = access.issued_certificate(person(request), document_id)
    return render(request, "badges/certificate.html", _offered(found))


@page(Verb.AWARD_ISSUE)
@require_safe
def file(request: HttpRequest, document_id: int, form: str) -> HttpResponse:
    return _file(access.issued_certificate(person(request), document_id), form)


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Anybody may check a badge that they were given: it is read and kept nowhere."""
    form = VerifyForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    status = HTTPStatus.OK
    shown: presentation.Answer | None = None
    if form.is_valid() and too_often(request, "badges.verify", most=CHECKS, seconds=WINDOW_SECONDS):
        form.add_error(None, _("Trop de vérifications à la fois : attendez une minute."))
        status = HTTPStatus.TOO_MANY_REQUESTS
    elif form.is_valid():
        checked = receiving.check_received(form.content(), now=timezone.now())
        name = form.cleaned_data["name"]
        shown = presentation.answer(checked, name, receiving.holder_named(checked, name))
    elif form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    given = form.cleaned_data.get("file") if shown else None
    context = {"form": form, "shown": shown, "name": given.name if given else ""}
    return render(request, "badges/verify.html", context, status=status)


@page(Verb.AWARD_REVOKE)
@require_http_methods(["GET", "HEAD", "POST"])
def signing_keys(request: HttpRequest) -> HttpResponse:
    """The keys of the certifying body: since when, until when, where they are published; renew them."""
    body = access.keys_of_body(person(request), current_organisation(request))
    form = RenewalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        renew_keys(
            organisation=body,
            reason=form.cleaned_data["reason"],
            by=person(request),
            at=timezone.now(),
        )
        messages.success(
            request,
            _("Les nouvelles clés signent désormais ; ce qui est déjà signé reste valable."),
        )
        return redirect("badges:signing_keys")
    context = {
        "form": form,
        "rows": presentation.key_rows(body),
        "issuer": keys.issuer_address(body),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "badges/keys.html", context, status=status)


def _offered(found: IssuedDocument) -> dict[str, Any]:
    badge = queries.badge_for(found)
    return {
        "certificate": found,
        "badge": badge,
        "facts": presentation.facts(queries.credential_of(badge)) if badge else [],
        "offers": presentation.offers(),
    }


def _file(found: IssuedDocument, form: str) -> HttpResponse:
    if form not in list(Form):
        raise Http404
    taken = carried(access.badge_to_take(found), Form(form))
    return files.content_response(taken.content, name=taken.name, media_type=taken.media_type)
