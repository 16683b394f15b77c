"""What customers said of their closed cases: the list, its figures and its export."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.cases import presentation, queries
from acquis.desk.cases.access import case_for
from acquis.desk.cases.actions.ask_satisfaction import ask_satisfaction
from acquis.desk.cases.presentation import origin_of
from acquis.desk.shell import page_or_part
from acquis.kernel import sheets

ROWS = 40
STATES = [
    ("", gettext_lazy("Toutes les questions")),
    ("answered", gettext_lazy("Avec réponse")),
    ("waiting", gettext_lazy("Sans réponse")),
    ("unhappy", gettext_lazy("Insatisfaits (1 à 3)")),
    ("unsolved", gettext_lazy("Problème non résolu")),
]


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id)
    asked = _asked(request)
    found = queries.opinions(workspace, **asked)
    context: dict[str, Any] = {
        "workspace": workspace,
        "page_obj": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "asked": asked,
        "states": STATES,
        "figures": queries.opinion_figures(workspace),
    }
    return page_or_part(request, "cases/opinions.html", "cases/_opinions.html", context)


@page()
@require_GET
def export(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The list as it is filtered, all pages, for a spreadsheet."""
    workspace = workspace_for(person(request), workspace_id)
    text = presentation.opinions_csv(queries.opinions(workspace, **_asked(request)))
    response = HttpResponse(text, content_type=sheets.MEDIA_TYPES["csv"])
    response["Content-Disposition"] = 'attachment; filename="satisfaction.csv"'
    return response


@page()
@require_POST
def ask(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Send the customer of a closed case the link to the question."""
    workspace, case = case_for(person(request), workspace_id, pk, write=True)
    ask_satisfaction(case=case, origin=origin_of(request), by=person(request), at=timezone.now())
    messages.success(request, _("La question est envoyée au client."))
    return redirect("cases:case", workspace.pk, case.pk)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {"typed": request.GET.get("q", "")[:120], "state": request.GET.get("etat", "")}
