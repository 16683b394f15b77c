"""What every page of the desk does alike."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.kernel.errors import DomainRefusal

VIEW_KEY_CHARS = 64
PARIS = ZoneInfo("Europe/Paris")


def page_or_part(
    request: HttpRequest, page: str, part: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """One address, two renderings: the page, or the part of it that a page in place asks for."""
    template = part if request.headers.get("HX-Request") else page
    response = render(request, template, dict(context), status=status)
    # A cache, and the back button, must not show a part as a page.
    response["Vary"] = "HX-Request"
    return response


def day_in_paris(at: datetime) -> date:
    return at.astimezone(PARIS).date()


def noon_of(day: date) -> datetime:
    """Noon in Paris: where something known by its day alone stands in a history."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=PARIS)


def person(request: HttpRequest) -> User:
    """Who asks; every page of the desk is open only to people who signed in."""
    if not isinstance(request.user, User):
        raise TypeError("This page does not ask people to sign in.")
    return request.user


def may_write(user: User, workspace: Workspace) -> bool:
    """Whether pages offer the person to write there; the actions' own doors decide again."""
    try:
        workspace_for(user, workspace.pk, write=True)
    except (Http404, PermissionDenied, DomainRefusal):
        return False
    return True


class WorkspaceSealed(DomainRefusal):
    code = "desk.workspace_sealed"
    message = _("Ce poste est scellé : il se consulte, rien ne s'y écrit plus.")


def refuse_if_sealed(workspace: Workspace) -> None:
    """Raise WorkspaceSealed once the workspace no longer takes writes."""
    if workspace.sealed_at is not None:
        raise WorkspaceSealed
