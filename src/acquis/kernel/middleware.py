"""Turns refusals into answers that people and programs understand."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render

from acquis.kernel.errors import DomainRefusal
from acquis.kernel.typography import undisguised


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


class NoInvisibleCharactersMiddleware:
    """Drops NUL and the overrides of direction from what forms, files and addresses bring.

    Nothing that people can read is lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Once the request's own checks are done, before the view reads anything."""
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _cleaned(request.POST)  # type: ignore[assignment]
        if request.content_type == "multipart/form-data":
            for _key, files in request.FILES.lists():
                for file in files:
                    file.name = undisguised(file.name or "")


def _cleaned(values: QueryDict) -> QueryDict:
    lists = {key: [undisguised(value) for value in found] for key, found in values.lists()}
    if all(lists[key] == found for key, found in values.lists()):
        return values
    cleaned = values.copy()
    for key, found in lists.items():
        cleaned.setlist(key, found)
    return cleaned
