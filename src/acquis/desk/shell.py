"""What every page of the desk does alike."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from acquis.accounts.access import may, may_write_in, members_of
from acquis.accounts.enums import Role, WorkspaceKind
from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.accounts.verbs import Verb

VIEW_KEY_CHARS = 64
PARIS = ZoneInfo("Europe/Paris")
DESK_ROLES = (Role.ADVISER, Role.SUPERVISOR, Role.TRAINER)


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


def may_write(user: User, workspace: Workspace) -> bool:
    """Whether pages offer the person to write there; the doors of each act decide again."""
    return workspace.sealed_at is None and may_write_in(user, workspace)


def refuse_if_sealed(workspace: Workspace) -> None:
    """Raise WorkspaceSealed once the workspace no longer takes writes."""
    if workspace.sealed_at is not None:
        raise WorkspaceSealed


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing on GET, what was sent on POST, be it empty."""
    return request.POST if request.method == "POST" else None


def supervises(user: User, workspace: Workspace) -> bool:
    """Whether the person decides for the desk: its supervisor; of a model, who may edit it."""
    verb = Verb.ENTERPRISE_EDIT if workspace.kind == WorkspaceKind.MODEL else Verb.DESK_SUPERVISE
    return may(user, verb, workspace.organisation)


def keeps(user: User, workspace: Workspace) -> bool:
    """Whether the person keeps what the desk shares: supervises it and may write there.

    Seals are left aside. Never a candidate: what the enterprise says is not theirs to change.
    """
    return supervises(user, workspace) and may_write_in(user, workspace)


def people(workspace: Workspace) -> QuerySet[User]:
    """Those who may treat contacts of a desk: its seats, and who uses the desks of the place."""
    seated = User.objects.filter(workspace_seats__workspace=workspace)
    members = members_of(workspace.organisation, DESK_ROLES)
    return User.objects.filter(Q(pk__in=seated.values("pk")) | Q(pk__in=members.values("pk")))
