from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from acquis.accounts.access import may, organisations_of, remember_roles
from acquis.accounts.models import Organisation, User
from acquis.accounts.requests import CHOSEN_ORGANISATION, organisation_of

# The HTTP API has its own identity, a token, which its own guard checks.
API = "api"  # its URL namespace


class CurrentOrganisationMiddleware:
    """Sets `request.organisation` and holds the request to the mark of its view.

    The organisation is the one the person chose, else the one of their first role.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.organisation = _organisation(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Turn away whom the view's mark does not admit.

        Raises PermissionDenied, also for a view that nobody marked.
        """
        match = request.resolver_match
        if match is not None and API in match.namespaces:
            return None
        if getattr(view, "is_public", None) is None:
            raise PermissionDenied("page without a mark")
        if view.is_public:  # type: ignore[attr-defined]
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        verbs = view.required_verbs  # type: ignore[attr-defined]
        place = organisation_of(request)
        if verbs and not any(may(request.user, verb, place) for verb in verbs):
            raise PermissionDenied
        return None


def _organisation(request: HttpRequest) -> Organisation | None:
    user = request.user
    if not isinstance(user, User):
        return None
    places = remember_roles(user)
    chosen = request.session.get(CHOSEN_ORGANISATION)
    if user.is_superuser:  # may choose any, holds none
        everywhere = organisations_of(user)
        found = everywhere.filter(pk=chosen).first() if chosen else None
        return found or (places[0] if places else everywhere.first())
    return next((place for place in places if place.pk == chosen), places[0] if places else None)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A part of a page would show the sign-in form in its place: send the whole page there.
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = resolve_url("accounts:login")
        return answer
    return redirect_to_login(request.get_full_path(), resolve_url("accounts:login"))
