"""« Paramètres réglementaires »: what holds on a day, its history, and the period that is missing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from acquis.kernel.pages import page
from acquis.regulation import presentation, queries
from acquis.regulation.actions.enter_period import enter_period
from acquis.regulation.forms import DayForm, PeriodForm
from acquis.regulation.models import Parameter

# Verbs of the accounts, which stand on a higher floor: named here, known there.
READ = "framework.read"
ENTER = "account.manage"


@page(READ)
@require_safe
def parameter_list(request: HttpRequest) -> HttpResponse:
    form = DayForm(request.GET)
    day = form.day(timezone.localtime().date())
    search = request.GET.get("q", "")
    holding = {row.code: row for row in queries.holding(day)}
    themes = presentation.by_theme(queries.latest_by_code(search), holding, day)
    return render(
        request, "regulation/list.html", {"themes": themes, "form": form, "day": day, "q": search}
    )


@page(READ)
@require_safe
def parameter_history(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "regulation/history.html", _history(code))


@page(ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def period_new(request: HttpRequest, code: str) -> HttpResponse:
    context = _history(code)
    latest: Parameter = context["parameter"]
    form = PeriodForm(request.POST or None, unit=latest.unit)
    if request.method == "POST" and form.is_valid():
        enter_period(code=code, by=request.user, at=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("La période est enregistrée."))
        return redirect("regulation:history", code)
    status = 422 if form.is_bound else 200
    return render(request, "regulation/period_new.html", {**context, "form": form}, status=status)


def _history(code: str) -> dict[str, Any]:
    rows = list(queries.history(code))
    if not rows:
        raise Http404
    today = timezone.localtime().date()
    return {"parameter": rows[0], "periods": presentation.periods(rows, today)}
