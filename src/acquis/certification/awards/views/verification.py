"""Anybody who holds a certificate may check it: name, title, date, blocks, status; nothing else."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from acquis.accounts.pages import public_page
from acquis.certification.awards import policy, presentation
from acquis.certification.awards.queries import certificate_of_code, holding
from acquis.kernel.slowing import too_often

# Twelve characters out of 24 cannot be guessed; this only spares the server.
LOOKUPS = 30
WINDOW_SECONDS = 60


@public_page
@require_GET
def form(request: HttpRequest) -> HttpResponse:
    code = policy.read_code(request.GET.get("code", "")[:40])
    if code:
        return redirect("verification:certificate", code)
    return render(request, "verification/form.html", {"code": ""})


@public_page
@require_GET
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    if too_often(request, "verification", most=LOOKUPS, seconds=WINDOW_SECONDS):
        return render(
            request,
            "verification/too_often.html",
            {"seconds": WINDOW_SECONDS},
            status=HTTPStatus.TOO_MANY_REQUESTS,
        )
    wanted = policy.read_code(code)
    found = certificate_of_code(wanted)
    if found is None:
        return render(
            request, "verification/unknown.html", {"code": wanted}, status=HTTPStatus.NOT_FOUND
        )
    held = holding(found)
    context = {
        "data": found.data,
        "blocks": presentation.blocks_shown(found.data),
        "replaced": held if held != found else None,
        "revocation": found.revoked,
    }
    return render(request, "verification/certificate.html", context)
