"""Each person's day, to read, to print or to put in a calendar."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.planning import access, documents, presentation, queries
from acquis.certification.planning.assembling import assemble
from acquis.certification.planning.days import agenda_of, calendar_of


@page(Verb.SESSION_MANAGE)
@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.plan_for(person(request), pk)
    context = {
        "plan": plan,
        "tabs": presentation.tabs(plan, "people"),
        "groups": [
            (kind, [(one.pk, queries.name_of(one)) for one in queries.people_of(plan, model)])
            for kind, model in access.PEOPLE.items()
        ],
    }
    return render(request, "planning/people.html", context)


@page(Verb.SESSION_MANAGE)
@require_safe
def own_days(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The days of one person, printable; `?format=ics` for their calendar."""
    one = access.person_for(person(request), kind, pk)
    plan = one.plan
    name = queries.name_of(one)
    agenda = agenda_of(assemble(plan), one, list(queries.slots(plan)))
    if request.GET.get("format") == "ics":
        answer = HttpResponse(
            calendar_of(plan, one, agenda), content_type="text/calendar; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="plan-{kind}-{one.pk}.ics"'
        return answer
    context = {
        "plan": plan,
        "tabs": presentation.tabs(plan, "people"),
        "name": name,
        "kind": kind,
        "pk": pk,
        "agenda": agenda,
    }
    return render(request, "planning/own_days.html", context)


@page(Verb.SESSION_MANAGE)
@require_safe
def own_days_file(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The same on paper; nothing is kept."""
    one = access.person_for(person(request), kind, pk)
    agenda = agenda_of(assemble(one.plan), one, list(queries.slots(one.plan)))
    content = documents.own_days(one.plan, one, agenda, at=timezone.now())
    return pdf_answer(content, f"journee-{kind}-{one.pk}.pdf")


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A document made for this answer alone."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
