"""Pages on which a season's plan is composed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions.forms import ChosenForm, ExamChoiceForm
from acquis.certification.exam_sessions.views import address_of
from acquis.certification.planning import access, actions, acts, presentation, queries
from acquis.certification.planning.actions.compose import invigilators_of
from acquis.certification.planning.assembling import assemble, faults
from acquis.certification.planning.forms import (
    DaysForm,
    PlanForm,
    RoomForm,
    initial_of,
    minutes,
)
from acquis.certification.planning.models import (
    PlanDay,
    PlanExam,
    PlanRoom,
    SeasonPlan,
)
from acquis.certification.registrations.models import Enrolment
from acquis.kernel import trace

PER_PAGE = 25


@page(Verb.SESSION_MANAGE)
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    text, state = request.GET.get("q", ""), request.GET.get("etat", "")
    found = access.visible_plans(person(request), current_organisation(request))
    shown = Paginator(queries.search(found, text, state), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page_obj": shown, "q": text, "state": state, "states": SeasonPlan.State.choices}
    return render(request, "planning/list.html", context)


@page(Verb.SESSION_MANAGE)
def create(request: HttpRequest) -> HttpResponse:
    organisation = current_organisation(request)
    form = PlanForm(
        request.POST or None,
        user=person(request),
        organisation=organisation,
        initial={"place": organisation.name, "address": address_of(organisation)},
    )
    if request.method == "POST" and form.is_valid():
        plan = actions.create_plan(
            organisation=organisation,
            data=form.data_for_action(),
            exams=[form.chosen_exam()],
            by=person(request),
            at=timezone.now(),
        )
        return redirect("planning:detail", plan.pk)
    status = 422 if form.errors else 200
    return render(request, "planning/form.html", {"form": form}, status=status)


@page(Verb.SESSION_MANAGE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.plan_for(person(request), pk)
    form = PlanForm(
        request.POST or None,
        user=person(request),
        organisation=plan.organisation,
        initial=initial_of(plan),
    )
    del form.fields["exam"]  # the exams of a plan that is there have a place of their own
    if request.method == "POST" and form.is_valid():
        actions.revise_plan(
            plan=plan, data=form.data_for_action(), by=person(request), at=timezone.now()
        )
        return redirect("planning:detail", pk)
    context = {"form": form, "plan": plan}
    status = 422 if form.errors else 200
    return render(request, "planning/form.html", context, status=status)


@page(Verb.SESSION_MANAGE)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What the plan is made of, what it lacks, and the search under way."""
    plan = access.plan_for(person(request), pk)
    return _detail(request, plan)


def _detail(
    request: HttpRequest,
    plan: SeasonPlan,
    *,
    room_form: RoomForm | None = None,
    days_form: DaysForm | None = None,
    exam_form: ExamChoiceForm | None = None,
) -> HttpResponse:
    found = assemble(plan)
    refused = any(form is not None and form.errors for form in (room_form, days_form, exam_form))
    beside = presentation.exam_beside(plan)
    context = {
        "plan": plan,
        "tabs": presentation.tabs(plan, "composition"),
        "composable": plan.state == SeasonPlan.State.DRAFT,
        "job": queries.job_of(plan),
        "faults": [
            (fault.blocking, presentation.fault_sentence(fault, found)) for fault in faults(found)
        ]
        if plan.state == SeasonPlan.State.DRAFT
        else [],
        "refusal": presentation.refusal_sentences(plan.refusal, found) if plan.refusal else [],
        "durations": presentation.durations(found),
        "exams": found.exams.values(),
        "candidates": [(one, beside(one.enrolment)) for one in found.candidates.values()],
        "jurors": [
            (one, len(found.away(key)), found.is_specialist(key))
            for key, one in found.jurors.items()
        ],
        "invigilators": found.invigilators,
        "days": found.days,
        "rooms": found.rooms.values(),
        "sessions": plan.sessions.select_related("session", "exam__version__framework"),
        "room_form": room_form or RoomForm(),
        "days_form": days_form or DaysForm(),
        "exam_form": exam_form
        or ExamChoiceForm(user=person(request), organisation=plan.organisation),
        "free_jurors": queries.jurors_to_add(plan),
        "free_invigilators": invigilators_of(plan.organisation).exclude(
            pk__in=[one.user_id for one in found.invigilators]
        ),
    }
    return render(request, "planning/detail.html", context, status=422 if refused else 200)


@page(Verb.SESSION_MANAGE)
@require_POST
def add_exam(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.plan_for(person(request), pk)
    form = ExamChoiceForm(request.POST, user=person(request), organisation=plan.organisation)
    if not form.is_valid():
        return _detail(request, plan, exam_form=form)
    version, block = form.chosen_exam()
    actions.add_exam(plan=plan, version=version, block=block, by=person(request), at=timezone.now())
    return redirect("planning:detail", pk)


@page(Verb.SESSION_MANAGE)
@require_POST
def remove_exam(request: HttpRequest, pk: int) -> HttpResponse:
    exam = access.row_for(person(request), PlanExam, pk)
    gone = actions.remove_exam(exam=exam, by=person(request), at=timezone.now())
    if gone:
        messages.info(
            request, ngettext("%d candidat retiré.", "%d candidats retirés.", gone) % gone
        )
    return redirect("planning:detail", exam.plan_id)


@page(Verb.SESSION_MANAGE)
def candidates(request: HttpRequest, pk: int) -> HttpResponse:
    """Those enrolled for the exams, found by name, exam or route, to tick."""
    plan = access.plan_for(person(request), pk)
    text, route = request.GET.get("q", ""), request.GET.get("voie", "")
    exams = list(plan.exams.all())
    exam = next((one for one in exams if str(one.pk) == request.GET.get("examen")), None)
    found = queries.enrolments_to_add(plan, text, route, exam)
    if request.method == "POST":
        chosen = found if "all" in request.POST else _chosen(request, found)
        added = actions.add_candidates(
            plan=plan, enrolments=chosen, by=person(request), at=timezone.now()
        )
        messages.success(
            request, ngettext("%d candidat ajouté.", "%d candidats ajoutés.", added) % added
        )
        return redirect("planning:detail", pk)
    shown = Paginator(found, 50).get_page(request.GET.get("page"))
    beside = presentation.exam_beside(plan)
    context = {
        "plan": plan,
        "tabs": presentation.tabs(plan, "composition"),
        "exams": exams,
        "exam": exam,
        "page_obj": shown,
        "rows": [(enrolment, beside(enrolment)) for enrolment in shown],
        "q": text,
        "route": route,
        "routes": Enrolment.Route.choices,
    }
    return render(request, "planning/candidates.html", context)


def _chosen(request: HttpRequest, found: QuerySet[Any]) -> list[Any]:
    """The rows ticked, among those that may be."""
    free = {one.pk: one for one in found}
    form = ChosenForm(request.POST, allowed=free)
    return [free[pk] for pk in form.cleaned_data["chosen"]] if form.is_valid() else []


@page(Verb.SESSION_MANAGE)
@require_POST
def add_jurors(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.plan_for(person(request), pk)
    chosen = _chosen(request, queries.jurors_to_add(plan))
    actions.add_jurors(plan=plan, jurors=chosen, by=person(request), at=timezone.now())
    return redirect("planning:detail", pk)


@page(Verb.SESSION_MANAGE)
@require_POST
def add_invigilators(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.plan_for(person(request), pk)
    chosen = _chosen(request, invigilators_of(plan.organisation))
    actions.add_invigilators(plan=plan, users=chosen, by=person(request), at=timezone.now())
    return redirect("planning:detail", pk)


@page(Verb.SESSION_MANAGE)
@require_POST
def remove_person(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    row = access.person_for(person(request), kind, pk)
    actions.remove_person(person=row, by=person(request), at=timezone.now())
    return redirect("planning:detail", row.plan_id)


@page(Verb.SESSION_MANAGE)
@require_POST
def add_room(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.plan_for(person(request), pk)
    form = RoomForm(request.POST)
    if not form.is_valid():
        return _detail(request, plan, room_form=form)
    actions.add_room(plan=plan, **form.cleaned_data, by=person(request), at=timezone.now())
    return redirect("planning:detail", pk)


@page(Verb.SESSION_MANAGE)
@require_POST
def remove_room(request: HttpRequest, pk: int) -> HttpResponse:
    room = access.row_for(person(request), PlanRoom, pk)
    actions.remove_room(room=room, by=person(request), at=timezone.now())
    return redirect("planning:detail", room.plan_id)


@page(Verb.SESSION_MANAGE)
@require_POST
def add_days(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.plan_for(person(request), pk)
    form = DaysForm(request.POST)
    if not form.is_valid():
        return _detail(request, plan, days_form=form)
    actions.add_days(
        plan=plan,
        dates=form.dates,
        opens=minutes(form.cleaned_data["opens"]),
        closes=minutes(form.cleaned_data["closes"]),
        pauses=form.pauses(),
        by=person(request),
        at=timezone.now(),
    )
    return redirect("planning:detail", pk)


@page(Verb.SESSION_MANAGE)
@require_POST
def remove_day(request: HttpRequest, pk: int) -> HttpResponse:
    day = access.row_for(person(request), PlanDay, pk)
    actions.remove_day(day=day, by=person(request), at=timezone.now())
    return redirect("planning:detail", day.plan_id)


@page(Verb.SESSION_MANAGE)
def absences(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Who cannot come on which days: one row a person, one column a day."""
    plan = access.plan_for(person(request), pk)
    model = access.PEOPLE.get(kind)
    if model is None:
        raise Http404
    people = Paginator(queries.people_of(plan, model), PER_PAGE).get_page(request.GET.get("page"))
    days = list(plan.days.all())
    if request.method == "POST":
        ticked = set(request.POST.getlist("absent"))
        noted = [(one, [day for day in days if f"{one.pk}:{day.pk}" in ticked]) for one in people]
        actions.set_absences(plan=plan, absences=noted, by=person(request), at=timezone.now())
        messages.success(request, _("Absences notées."))
        return redirect("planning:detail", pk)
    context = {
        "plan": plan,
        "tabs": presentation.tabs(plan, "composition"),
        "composable": plan.state == SeasonPlan.State.DRAFT,
        "kind": kind,
        "page_obj": people,
        "rows": [
            (
                queries.name_of(one),
                [(day, f"{one.pk}:{day.pk}", day in one.away.all()) for day in days],
            )
            for one in people
        ],
        "days": days,
    }
    return render(request, "planning/absences.html", context)


@page(Verb.SESSION_MANAGE)
@require_POST
def solve(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for the timetable in the background."""
    plan = access.plan_for(person(request), pk)
    job = actions.start_solving(plan=plan, by=person(request), at=timezone.now())
    return redirect("kernel:job", job.pk)


@page(Verb.SESSION_MANAGE)
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.plan_for(person(request), pk)
    actions.reopen_plan(plan=plan, by=person(request), at=timezone.now())
    return redirect("planning:detail", pk)


@page(Verb.SESSION_MANAGE)
@require_safe
def journal(request: HttpRequest, pk: int) -> HttpResponse:
    """The trace of the plan, newest first, and whether it holds."""
    plan = access.plan_for(person(request), pk)
    lines = trace.lines(plan.trace_stream).order_by("-position")
    shown = Paginator(lines, 100).get_page(request.GET.get("page"))
    context = {
        "plan": plan,
        "tabs": presentation.tabs(plan, "journal"),
        "page_obj": shown,
        "history": acts.history(plan, shown),
        "trace_faults": trace.verify(plan.trace_stream),
    }
    return render(request, "planning/journal.html", context)
