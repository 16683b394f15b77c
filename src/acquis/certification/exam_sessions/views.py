"""Pages of the sessions: plan, compose, follow, tell."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.models import Organisation
from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import (
    access,
    actions,
    documents,
    policy,
    presentation,
    queries,
)
from acquis.certification.exam_sessions.forms import (
    ChosenForm,
    IncidentForm,
    ReasonForm,
    SessionForm,
    initial_of,
)
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.juries.presentation import accreditation, sentence
from acquis.certification.registrations.access import papers_shown
from acquis.kernel import trace

PER_PAGE = 25


@page(Verb.SESSION_READ)
@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    text, state = request.GET.get("q", ""), request.GET.get("etat", "")
    found = access.visible_sessions(person(request), current_organisation(request))
    shown = Paginator(queries.search(found, text, state), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page_obj": shown, "q": text, "state": state, "states": ExamSession.State.choices}
    return render(request, "exam_sessions/list.html", context)


@page(Verb.SESSION_MANAGE)
def create(request: HttpRequest) -> HttpResponse:
    organisation = current_organisation(request)
    form = SessionForm(
        request.POST or None,
        user=person(request),
        organisation=organisation,
        initial={"place": organisation.name, "address": address_of(organisation)},
    )
    if request.method == "POST" and form.is_valid():
        session = actions.plan_session(
            organisation=organisation,
            data=form.data_for_action(),
            by=person(request),
            at=timezone.now(),
        )
        return redirect("exam_sessions:detail", session.pk)
    status = 422 if form.errors else 200
    return render(request, "exam_sessions/form.html", {"form": form}, status=status)


def address_of(organisation: Organisation) -> str:
    last = f"{organisation.postcode} {organisation.city}".strip()
    return "\n".join(line for line in (organisation.address, last) if line)


@page(Verb.SESSION_MANAGE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    session = access.session_for(person(request), pk, Verb.SESSION_MANAGE)
    form = SessionForm(
        request.POST or None,
        user=person(request),
        organisation=session.organisation,
        initial=initial_of(session),
    )
    if request.method == "POST" and form.is_valid():
        actions.revise_session(
            session=session, data=form.data_for_action(), by=person(request), at=timezone.now()
        )
        return redirect("exam_sessions:detail", pk)
    context = {"form": form, "session": session}
    status = 422 if form.errors else 200
    return render(request, "exam_sessions/form.html", context, status=status)


@page(Verb.SESSION_READ)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in the session, what bars the jury, the day of each."""
    user = person(request)
    session = access.session_for(user, pk)
    seats = list(queries.seats(session))
    members = list(queries.members(session))
    table = queries.timetable(session, seats)
    day = queries.day_of(session)
    valid_to = session.version.valid_to
    composable = session.state in policy.COMPOSABLE
    lack = queries.unaccredited(session) if composable else None
    papers = papers_shown(
        user,
        session.organisation,
        [seat.enrolment for seat in seats],
        sits=any(member.juror.user_id == user.pk for member in members),
    )
    return render(
        request,
        "exam_sessions/detail.html",
        {
            "session": session,
            "certification": documents.certification_of(session),
            "enterprise": queries.enterprise_of(session),
            "rows": [
                {
                    "seat": seat,
                    "slots": table[seat.pk],
                    "papers": papers.get(seat.enrolment_id, []),
                }
                for seat in seats
            ],
            "members": [
                {"member": member, "accreditation": accreditation(member.juror, day)}
                for member in members
            ],
            "faults": [(fault.rule, sentence(fault)) for fault in queries.jury_faults(session)],
            "outdated": queries.outdated_hours(session, table) if composable else [],
            "unaccredited": presentation.UNACCREDITED.get(lack) if lack else "",
            "expired": valid_to is not None and valid_to < day,
            "composable": composable,
            "enrolments": queries.enrolments_to_add(session) if composable else [],
            "free_jurors": queries.jurors_to_add(session) if composable else [],
            "incidents": session.incidents.select_related(
                "candidate__enrolment__candidate", "reported_by"
            ),
        },
    )


@page(Verb.SESSION_MANAGE)
@require_POST
def add_candidates(request: HttpRequest, pk: int) -> HttpResponse:
    session = access.session_for(person(request), pk, Verb.SESSION_MANAGE)
    free = {each.pk: each for each in queries.enrolments_to_add(session)}
    form = ChosenForm(request.POST, allowed=free)
    if form.is_valid():
        for chosen in form.cleaned_data["chosen"]:
            actions.add_candidate(
                session=session, enrolment=free[chosen], by=person(request), at=timezone.now()
            )
    return redirect("exam_sessions:detail", pk)


@page(Verb.SESSION_MANAGE)
@require_POST
def add_jurors(request: HttpRequest, pk: int) -> HttpResponse:
    session = access.session_for(person(request), pk, Verb.SESSION_MANAGE)
    free = {each.pk: each for each in queries.jurors_to_add(session)}
    form = ChosenForm(request.POST, allowed=free)
    if form.is_valid():
        for chosen in form.cleaned_data["chosen"]:
            actions.add_juror(
                session=session, juror=free[chosen], by=person(request), at=timezone.now()
            )
    return redirect("exam_sessions:detail", pk)


@page(Verb.SESSION_MANAGE)
@require_POST
def remove_candidate(request: HttpRequest, pk: int) -> HttpResponse:
    seat = access.seat_for(person(request), pk, Verb.SESSION_MANAGE)
    actions.remove_candidate(seat=seat, by=person(request), at=timezone.now())
    return redirect("exam_sessions:detail", seat.session_id)


@page(Verb.SESSION_MANAGE)
@require_POST
def remove_juror(request: HttpRequest, pk: int) -> HttpResponse:
    member = access.member_for(person(request), pk, Verb.SESSION_MANAGE)
    actions.remove_juror(member=member, by=person(request), at=timezone.now())
    return redirect("exam_sessions:detail", member.session_id)


@page(Verb.SESSION_MANAGE)
@require_POST
def name_president(request: HttpRequest, pk: int) -> HttpResponse:
    member = access.member_for(person(request), pk, Verb.SESSION_MANAGE)
    actions.name_president(member=member, by=person(request), at=timezone.now())
    return redirect("exam_sessions:detail", member.session_id)


@page(Verb.SESSION_MANAGE)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    session = access.session_for(person(request), pk, Verb.SESSION_MANAGE)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.cancel_session(session=session, reason=reason, by=person(request), at=timezone.now())
    return redirect("exam_sessions:detail", pk)


@page(Verb.SESSION_INVIGILATE)
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an incident down; one concerning a candidate comes with them chosen."""
    session = access.session_for(person(request), pk, Verb.SESSION_INVIGILATE)
    now = timezone.now()
    initial = {
        "happened_at": timezone.localtime(now).replace(tzinfo=None, second=0),
        "candidate": request.GET.get("candidat"),
    }
    form = IncidentForm(request.POST or None, session=session, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.report_incident(
            session=session,
            category=data["category"],
            description=data["description"],
            effect=data["effect"],
            candidate=data["candidate"],
            # The form has minutes: an incident of this very minute is not in the future.
            happened_at=min(data["happened_at"], now),
            by=person(request),
            at=now,
        )
        messages.success(request, _("Incident consigné."))
        return redirect("sittings:wall", pk)
    context = {"form": form, "session": session}
    status = 422 if form.errors else 200
    return render(request, "exam_sessions/incident.html", context, status=status)


@page(Verb.TRACE_READ)
@require_safe
def journal(request: HttpRequest, pk: int) -> HttpResponse:
    """The trace of the session or of one of its exams, newest first, and whether it holds."""
    session = access.session_for(person(request), pk)
    streams = queries.streams_of(session)
    stream = request.GET.get("de", "")
    if stream not in streams:
        stream = session.trace_stream
    lines = trace.lines(stream).order_by("-position")
    shown = Paginator(lines, 100).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "session": session,
        "page_obj": shown,
        "streams": streams,
        "stream": stream,
        "names": {seat.pk: seat.enrolment.candidate.full_name for seat in queries.seats(session)},
        "head": trace.head(stream),
        "trace_faults": trace.verify(stream),
    }
    return render(request, "exam_sessions/journal.html", context)
