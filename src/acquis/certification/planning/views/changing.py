"""A timetable changed: a candidate moved by hand, an absence, a publication."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.planning import access, actions, changes, presentation, queries
from acquis.certification.planning.actions.move_candidate import Move, look_at_move
from acquis.certification.planning.actions.replan import able_to_replace
from acquis.certification.planning.assembling import assemble
from acquis.certification.planning.errors import JurorNotSitting, MoveRefused, PlanNotSolved
from acquis.certification.planning.forms import AbsenceForm, MoveForm, clock_time, minutes
from acquis.certification.planning.models import PlanCandidate, PlanRevision, SeasonPlan
from acquis.certification.planning.problem import Placed
from acquis.certification.planning.revisions import panels_in, plan_in


def _current(plan: SeasonPlan) -> PlanRevision:
    current = queries.current_revision(plan)
    if current is None:
        raise PlanNotSolved
    return current


def _asked(form: MoveForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "day": data["day"],
        "jury": data["jury"],
        "alone_at": minutes(data["alone_at"]),
        "together_at": minutes(data["together_at"]) if data.get("together_at") else None,
    }


def _dragged(request: HttpRequest, placed: Placed) -> dict[str, Any]:
    """The form as asked, or as a block let go `later` minutes from where it was."""
    data = request.GET.dict()
    later = str(data.pop("later", ""))
    if not later.lstrip("-").isdigit():
        return data
    hour = min(max(placed.alone_at + int(later), 0), 24 * 60 - 1)
    written = placed.together_at
    return data | {
        "alone_at": clock_time(hour),
        "together_at": "" if written is None else clock_time(written),
    }


def _gone_to(request: HttpRequest, address: str) -> HttpResponse:
    """The next page; a dialog over the chart goes there itself."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


@page(Verb.SESSION_MANAGE)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a candidate would go, and what that breaks, before it is accepted."""
    candidate = access.row_for(person(request), PlanCandidate, pk)
    plan = candidate.plan
    current = _current(plan)
    found = assemble(plan)
    placed = next(
        one for one in plan_in(found, current.content).placed if one.sitter == candidate.pk
    )
    bound = request.POST or (_dragged(request, placed) if "jury" in request.GET else None)
    form = MoveForm(bound, days=found.days, juries=panels_in(current.content), placed=placed)
    looked: Move | None = None
    refusal = ""
    if form.is_bound and form.is_valid():
        asked = _asked(form)
        looked = look_at_move(plan, current, candidate, **asked)
        if request.method == "POST":
            try:
                actions.move_candidate(
                    candidate=candidate, **asked, by=person(request), at=timezone.now()
                )
            except MoveRefused as refused:
                refusal = str(refused)
            else:
                messages.success(request, _("Candidat déplacé ; le planning est à jour."))
                return _gone_to(request, queries.address_of(plan, asked["day"]))
    context = {
        "plan": plan,
        "tabs": presentation.tabs(plan, "timetable"),
        "candidate": candidate,
        "form": form,
        "before": changes.placed_words(found, placed),
        "broken": [changes.violation_sentence(one, found) for one in looked.broken]
        if looked
        else [],
        "differences": changes.differences(found, looked.before, looked.after) if looked else [],
        "looked": looked is not None,
    }
    template = "planning/_move.html" if request.headers.get("HX-Request") else "planning/move.html"
    status = 422 if refusal or form.errors else 200
    return render(request, template, context, status=status)


@page(Verb.SESSION_MANAGE)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.plan_for(person(request), pk)
    actions.undo_change(plan=plan, by=person(request), at=timezone.now())
    messages.success(request, _("Le dernier changement est annulé."))
    return redirect("planning:timetable", pk)


@page(Verb.SESSION_MANAGE)
def absence(request: HttpRequest, pk: int) -> HttpResponse:
    """A juror cannot come one day: who may sit instead, or the search of the least change."""
    plan = access.plan_for(person(request), pk)
    current = _current(plan)
    found = assemble(plan)
    bound = request.POST or (request.GET if "juror" in request.GET else None)
    form = AbsenceForm(bound, jurors=found.jurors.values(), days=found.days)
    able: list[Any] = []
    if form.is_bound and form.is_valid():
        juror, day = form.cleaned_data["juror"], form.cleaned_data["day"]
        try:
            able = [
                found.jurors[key]
                for key in able_to_replace(
                    found,
                    plan_in(found, current.content),
                    panels_in(current.content),
                    juror.pk,
                    list(found.days).index(day),
                )
            ]
        except JurorNotSitting as refused:
            form.add_error("day", str(refused))
        else:
            if request.method == "POST":
                return _propose(request, plan, juror, day, able)
    context = {
        "plan": plan,
        "tabs": presentation.tabs(plan, "timetable"),
        "form": form,
        "able": able,
        "asked": form.is_bound and not form.errors,
    }
    return render(request, "planning/absence.html", context, status=422 if form.errors else 200)


def _propose(
    request: HttpRequest, plan: SeasonPlan, juror: Any, day: Any, able: list[Any]
) -> HttpResponse:
    chosen = next((one for one in able if str(one.pk) == request.POST.get("instead")), None)
    if chosen is None:
        job = actions.start_replanning(juror=juror, day=day, by=person(request), at=timezone.now())
        return redirect("kernel:job", job.pk)
    proposal = actions.propose_substitute(
        juror=juror, day=day, instead=chosen, by=person(request), at=timezone.now()
    )
    return redirect("planning:proposal", plan.pk, proposal.number)


@page(Verb.SESSION_MANAGE)
def proposal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a proposal changes; accepted or put aside."""
    plan, proposed = access.proposal_for(person(request), pk, number)
    if request.method == "POST":
        if "accept" in request.POST:
            actions.accept_proposal(proposal=proposed, by=person(request), at=timezone.now())
            messages.success(request, _("Proposition acceptée ; le planning est à jour."))
        else:
            actions.refuse_proposal(proposal=proposed, by=person(request), at=timezone.now())
            messages.info(request, _("Proposition écartée ; le planning n’a pas changé."))
        return redirect("planning:timetable", pk)
    found = assemble(plan)
    current = _current(plan)
    context = {
        "plan": plan,
        "tabs": presentation.tabs(plan, "timetable"),
        "proposal": proposed,
        "differences": changes.differences(
            found, plan_in(found, current.content), plan_in(found, proposed.content)
        ),
        "juries": changes.jury_changes(found, current.content, proposed.content),
        "notes": presentation.proof_notes(proposed.content),
    }
    return render(request, "planning/proposal.html", context)


@page(Verb.SESSION_MANAGE)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the sessions, or bring them up to date, in the background."""
    plan = access.plan_for(person(request), pk)
    job = actions.start_publishing(plan=plan, by=person(request), at=timezone.now())
    return redirect("kernel:job", job.pk)
