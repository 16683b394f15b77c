"""Who asks, and for which organisation, as the middleware worked it out."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from acquis.accounts.models import Organisation, User

CHOSEN_ORGANISATION = "organisation"


def person(request: HttpRequest) -> User:
    """The person signed in. Raises PermissionDenied for anybody else."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def organisation_of(request: HttpRequest) -> Organisation | None:
    """The organisation in whose name the person works; None before they have any."""
    found: Organisation | None = getattr(request, "organisation", None)
    return found


def current_organisation(request: HttpRequest) -> Organisation:
    """The same, for pages that make no sense without one. Raises PermissionDenied."""
    found = organisation_of(request)
    if found is None:
        raise PermissionDenied
    return found
