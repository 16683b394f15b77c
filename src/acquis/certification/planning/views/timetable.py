"""The timetable found: as a chart and as a table, one day at a time."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.planning import access, documents, presentation, queries
from acquis.certification.planning.drawing import VIEWS, chart_of
from acquis.certification.planning.models import PlanDay
from acquis.certification.planning.views.people import pdf_answer

VIEW_WORDS = {"jurys": _("Par jury"), "candidats": _("Par candidat"), "salles": _("Par salle")}


@page(Verb.SESSION_MANAGE)
@require_safe
def timetable(request: HttpRequest, pk: int) -> HttpResponse:
    """One day of the timetable in force, by jury, candidate or room."""
    plan = access.plan_for(person(request), pk)
    revision = queries.current_revision(plan)
    if revision is None:
        return redirect("planning:detail", pk)
    view = request.GET.get("vue", VIEWS[0])
    view = view if view in VIEWS else VIEWS[0]
    slots = list(queries.slots(plan))
    days = queries.days_used(plan, slots)
    day = _asked_day(request, days)
    there = queries.on_day(slots, day)
    context = {
        "plan": plan,
        "tabs": presentation.tabs(plan, "timetable"),
        "revision": revision,
        "notes": presentation.proof_notes(revision.content),
        "job": queries.job_of(plan),
        "chart": chart_of(day, view, there, queries.juries(plan), presentation.exam_beside(plan)),
        "days": days,
        "views": [(key, VIEW_WORDS[key]) for key in VIEWS],
        "published": plan.published_number is not None,
        "unpublished": plan.published_number is not None
        and plan.published_number != revision.number,
    }
    return render(request, "planning/timetable.html", context)


def _asked_day(request: HttpRequest, days: Sequence[PlanDay]) -> PlanDay:
    asked = request.GET.get("jour", "")
    return next((one for one in days if one.on.isoformat() == asked), days[0])


@page(Verb.SESSION_MANAGE)
@require_safe
def doors(request: HttpRequest, pk: int) -> HttpResponse:
    """The lists of one day for the doors, `?jour=` in ISO; nothing is kept."""
    plan = access.plan_for(person(request), pk)
    slots = list(queries.slots(plan))
    days = queries.days_used(plan, slots)
    if not days:
        return redirect("planning:detail", pk)
    day = _asked_day(request, days)
    content = documents.doors(plan, day, queries.on_day(slots, day), at=timezone.now())
    return pdf_answer(content, f"portes-{plan.pk}-{day.on.isoformat()}.pdf")
