"""The jury together: follow the session, deliberate on each candidate, conclude."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from acquis.accounts.access import may
from acquis.accounts.pages import page
from acquis.accounts.requests import person as signed_in
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.grading import access, presentation
from acquis.certification.grading.actions.close_deliberation import close_deliberation
from acquis.certification.grading.actions.conclude_session import conclude_session
from acquis.certification.grading.actions.decide_criterion import decide_criterion
from acquis.certification.grading.actions.decide_unit import decide_unit
from acquis.certification.grading.actions.open_deliberation import open_deliberation
from acquis.certification.grading.actions.open_grids import open_grids
from acquis.certification.grading.forms import DecisionForm, OutcomeForm, UnitForm
from acquis.certification.grading.models import Deliberation, Verdict
from acquis.certification.grading.queries import (
    closed_grids,
    is_present_juror,
    undecided_candidates,
)
from acquis.kernel.errors import DomainRefusal


@page(Verb.AWARD_READ)
@require_GET
def session(request: HttpRequest, session_id: int) -> HttpResponse:
    """The marking of one session in counts: who has closed, who is decided; never a verdict."""
    person = signed_in(request)
    found = access.followed_session(person, session_id)
    in_jury = is_present_juror(person, found.pk)
    rows = presentation.progress_of(found)
    context = {
        "session": found,
        "block_title": presentation.block_title(found),
        "rows": rows,
        "seats": presentation.seats(found),
        "in_jury": in_jury,
        "may_open": may(person, Verb.SESSION_MANAGE, organisation=found.organisation),
        "may_conclude": in_jury
        and found.state == ExamSession.State.CLOSED
        and not undecided_candidates(found).exists(),
        "any_grid": any(row.grids for row in rows),
    }
    partial = "HX-Request" in request.headers
    return render(request, "grading/_progress.html" if partial else "grading/session.html", context)


@page(Verb.SESSION_MANAGE)
@require_POST
def open_session_grids(request: HttpRequest, session_id: int) -> HttpResponse:
    return _open(request, access.managed_session(signed_in(request), session_id))


@page(Verb.GRID_MARK)
@require_POST
def open_own_grids(request: HttpRequest, session_id: int) -> HttpResponse:
    return _open(request, access.jury_session(signed_in(request), session_id))


def _open(request: HttpRequest, found: ExamSession) -> HttpResponse:
    person = signed_in(request)
    opened = open_grids(session=found, by=person, at=timezone.now())
    count = len(opened)
    said = ngettext("{count} grille est ouverte.", "{count} grilles sont ouvertes.", count)
    text = said.format(count=count) if opened else _("Toutes les grilles sont déjà ouvertes.")
    messages.success(request, text)
    if is_present_juror(person, found.pk):
        return redirect("grading:home")
    return redirect("grading:session", found.pk)


@page(Verb.JURY_DELIBERATE)
@require_POST
def begin(request: HttpRequest, candidate_id: int) -> HttpResponse:
    candidate = access.deliberating_candidate(signed_in(request), candidate_id)
    open_deliberation(candidate=candidate, by=signed_in(request), at=timezone.now())
    return redirect("grading:deliberation", candidate.pk)


@page(Verb.AWARD_READ)
@require_GET
def deliberation(request: HttpRequest, candidate_id: int) -> HttpResponse:
    candidate = access.readable_candidate(signed_in(request), candidate_id)
    found = Deliberation.objects.filter(candidate=candidate).first()
    if found is None:
        return redirect("grading:session", candidate.session_id)
    return _deliberation_page(request, found, candidate)


@page(Verb.JURY_DELIBERATE)
@require_POST
def decide(request: HttpRequest, deliberation_id: int) -> HttpResponse:
    found = access.own_deliberation(signed_in(request), deliberation_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _deliberation_page(request, found, found.candidate, decision=form)
    try:
        decided = decide_criterion(
            deliberation=found, **form.cleaned_data, by=signed_in(request), at=timezone.now()
        )
    except DomainRefusal as refusal:
        return _deliberation_page(request, found, found.candidate, decision=form, refusal=refusal)
    address = reverse("grading:deliberation", args=[found.candidate_id])
    return redirect(f"{address}#decision-{decided.pk}")


@page(Verb.JURY_DELIBERATE)
@require_POST
def decide_block(request: HttpRequest, deliberation_id: int) -> HttpResponse:
    """The jury's decision on a block or a competency, beside what the rule proposes."""
    found = access.own_deliberation(signed_in(request), deliberation_id)
    form = UnitForm(request.POST)
    if not form.is_valid():
        return _deliberation_page(request, found, found.candidate, unit=form)
    try:
        decided = decide_unit(
            deliberation=found, **form.cleaned_data, by=signed_in(request), at=timezone.now()
        )
    except DomainRefusal as refusal:
        return _deliberation_page(request, found, found.candidate, unit=form, refusal=refusal)
    address = reverse("grading:deliberation", args=[found.candidate_id])
    return redirect(f"{address}#bloc-{decided.kind}-{decided.code}")


@page(Verb.JURY_DELIBERATE)
@require_POST
def close(request: HttpRequest, deliberation_id: int) -> HttpResponse:
    found = access.own_deliberation(signed_in(request), deliberation_id)
    form = _outcome_form(found, request)
    if not form.is_valid():
        return _deliberation_page(request, found, found.candidate, outcome=form)
    try:
        close_deliberation(
            deliberation=found, **form.cleaned_data, by=signed_in(request), at=timezone.now()
        )
    except DomainRefusal as refusal:
        return _deliberation_page(request, found, found.candidate, outcome=form, refusal=refusal)
    messages.success(request, _("La délibération de ce candidat est close."))
    return redirect("grading:session", found.candidate.session_id)


@page(Verb.JURY_DELIBERATE)
@require_POST
def conclude(request: HttpRequest, session_id: int) -> HttpResponse:
    found = access.jury_session(signed_in(request), session_id)
    conclude_session(session=found, by=signed_in(request), at=timezone.now())
    messages.success(request, _("La session est délibérée. Le procès-verbal peut être établi."))
    return redirect("grading:session", found.pk)


def _deliberation_page(
    request: HttpRequest,
    found: Deliberation,
    candidate: SessionCandidate,
    *,
    decision: DecisionForm | None = None,
    outcome: OutcomeForm | None = None,
    unit: UnitForm | None = None,
    refusal: DomainRefusal | None = None,
) -> HttpResponse:
    grids = closed_grids(candidate.pk)
    every = presentation.lines(found, grids)
    taking_part = found.closed_at is None and is_present_juror(
        signed_in(request), candidate.session_id
    )
    context = {
        "deliberation": found,
        "candidate": candidate,
        "person": candidate.enrolment.candidate,
        "session": candidate.session,
        "block_title": presentation.block_title(candidate.session),
        "grids": grids,
        "disputed": [line for line in every if line.decision.disputed],
        "agreed": [line for line in every if not line.decision.disputed],
        "lines": every,
        "tally": presentation.tally(every),
        "decisions": presentation.decisions(found),
        "typed_unit": unit.data if unit else {},
        "seats": presentation.seats(candidate.session),
        "form": outcome or _outcome_form(found),
        "typed": decision.data if decision else {},
        "taking_part": taking_part,
        "refusal": presentation.refusal_shown(refusal),
        "verdicts": Verdict.choices,
        "answers": Verdict.choices[:2],
    }
    forms = (decision, outcome, unit)
    refused = refusal or any(form is not None and form.errors for form in forms)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "grading/deliberation.html", context, status=status)


def _outcome_form(found: Deliberation, request: HttpRequest | None = None) -> OutcomeForm:
    seats = presentation.seats(found.candidate.session)
    jurors = [(seat.pk, seat.juror.full_name) for seat in seats]
    partial = presentation.decisions(found).partial
    return OutcomeForm(
        request.POST if request else None,
        jurors=jurors,
        person=found.candidate.enrolment.candidate,
        partial=partial,
    )
