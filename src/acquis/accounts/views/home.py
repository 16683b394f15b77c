from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from acquis.accounts import presentation
from acquis.accounts.access import organisations_of, roles_of
from acquis.accounts.context import Permissions
from acquis.accounts.pages import page
from acquis.accounts.requests import organisation_of, person
from acquis.kernel import home as registry


@page()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this person may do next, in the organisation in whose name they work."""
    who, place = person(request), organisation_of(request)
    held = roles_of(who, place) if place is not None else frozenset()
    now = timezone.now()
    permissions = Permissions(who, place)
    context = {
        "cards": registry.cards_for(who, place, now, permissions.allows),
        "roles": [
            {"label": role.label, "tasks": presentation.ROLE_TASKS[role]}
            for role in presentation.ROLE_TASKS
            if role in held
        ],
        "others": organisations_of(who).exclude(pk=place.pk) if place is not None else [],
        "now": now,
    }
    return render(request, "accounts/home.html", context)
