from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.cases import presentation, queries
from acquis.desk.cases.models import Case
from acquis.desk.cases.rules import rules_of
from acquis.desk.shell import day_in_paris, page_or_part, supervises
from acquis.kernel import sheets

ROWS = 40


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id)
    now = timezone.now()
    asked = _asked(request)
    page_obj = Paginator(_found(request, workspace, asked, now), ROWS).get_page(
        request.GET.get("page")
    )
    context: dict[str, Any] = {
        "workspace": workspace,
        "page_obj": page_obj,
        "rows": presentation.with_clocks(page_obj, rules_of(workspace), now),
        "asked": asked,
        "kinds": Case.Kind.choices,
        "states": Case.State.choices,
        "views": presentation.VIEWS,
        "today": day_in_paris(now),
        "supervises": supervises(person(request), workspace),
    }
    return page_or_part(request, "cases/index.html", "cases/_cases.html", context)


@page()
@require_GET
def export(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The list as it is filtered, all pages, for a spreadsheet."""
    workspace = workspace_for(person(request), workspace_id)
    now = timezone.now()
    found = _found(request, workspace, _asked(request), now)
    text = presentation.cases_csv(found.iterator(chunk_size=1000), now)
    response = HttpResponse(text, content_type=sheets.MEDIA_TYPES["csv"])
    response["Content-Disposition"] = 'attachment; filename="demandes.csv"'
    return response


def _asked(request: HttpRequest) -> queries.Asked:
    return queries.Asked(
        typed=request.GET.get("q", "")[:120],
        kind=request.GET.get("genre", ""),
        state=request.GET.get("etat", ""),
        view=request.GET.get("vue", ""),
        sort=request.GET.get("tri", ""),
    )


def _found(request: HttpRequest, workspace: Workspace, asked: queries.Asked, now: datetime) -> Any:
    return queries.cases(workspace, asked, user=person(request), now=now)
