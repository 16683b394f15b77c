"""Turns refusals into answers that people and programs understand."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render

from acquis.kernel.errors import DomainRefusal


class DomainRefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainRefusal):
            return None
        if request.path.startswith("/api/") or "json" in request.headers.get("Accept", ""):
            return JsonResponse(
                {
                    "type": f"urn:acquis:refusal:{error.code}",
                    "title": str(error),
                    "detail": str(error),
                    "status": error.status,
                    "code": error.code,
                    "kept": str(error.kept),
                },
                status=error.status,
                content_type="application/problem+json",
            )
        partial = bool(request.headers.get("HX-Request"))
        return render(
            request,
            "kernel/_refusal.html" if partial else "422.html",
            {"refusal": {"message": str(error), "kept": str(error.kept), "code": error.code}},
            status=error.status,
        )


class PermissionsPolicyMiddleware:
    """Says which devices of the person a page may ask for: none, or those of a call."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sound = "(self)" if getattr(request, "needs_microphone", False) else "()"
        picture = "(self)" if getattr(request, "needs_camera", False) else "()"
        response["Permissions-Policy"] = (
            f"microphone={sound}, camera={picture}, display-capture={picture}, "
            "geolocation=(), payment=(), usb=()"
        )
        return response


class NoNullCharactersMiddleware:
    """Drops NUL characters from what forms and addresses bring.

    They are no text and PostgreSQL refuses them; nothing that people typed is lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Once the request's own checks are done, before the view reads anything."""
        request.GET = _without_null(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _without_null(request.POST)  # type: ignore[assignment]


def _without_null(values: QueryDict) -> QueryDict:
    if not any("\x00" in value for _key, found in values.lists() for value in found):
        return values
    cleaned = values.copy()
    for key, found in values.lists():
        cleaned.setlist(key, [value.replace("\x00", "") for value in found])
    return cleaned
