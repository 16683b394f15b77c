"""Pages of the sessions: plan, compose, summon, follow, tell."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import Organisation, User, Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access, actions, documents, policy, queries, tasks
from acquis.certification.exam_sessions.errors import NobodyToSummon, SessionInThePast
from acquis.certification.exam_sessions.forms import (
    ChosenForm,
    IncidentForm,
    ReasonForm,
    SessionForm,
    initial_of,
)
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.frameworks.access import readable_versions
from acquis.certification.juries.presentation import accreditation, sentence
from acquis.kernel import files, jobs, trace

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


def _form(user: User, organisation: Organisation, *data: Any, **kwargs: Any) -> SessionForm:
    enterprises = Workspace.objects.filter(organisation=organisation, kind=WorkspaceKind.MODEL)
    return SessionForm(
        *data, versions=readable_versions(user, organisation), enterprises=enterprises, **kwargs
    )


@page(Verb.SESSION_MANAGE)
def create(request: HttpRequest) -> HttpResponse:
    organisation = current_organisation(request)
    form = _form(
        person(request),
        organisation,
        request.POST or None,
        initial={"place": organisation.name, "address": _address(organisation)},
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


def _address(organisation: Organisation) -> str:
    last = f"{organisation.postcode} {organisation.city}".strip()
    return "\n".join(line for line in (organisation.address, last) if line)


@page(Verb.SESSION_MANAGE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    session = access.session_for(person(request), pk, Verb.SESSION_MANAGE)
    form = _form(
        person(request), session.organisation, request.POST or None, initial=initial_of(session)
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
    return render(
        request,
        "exam_sessions/detail.html",
        {
            "session": session,
            "certification": documents.certification_of(session),
            "enterprise": queries.enterprise_of(session),
            "rows": [{"seat": seat, "slots": table[seat.pk]} for seat in seats],
            "members": [
                {"member": member, "accreditation": accreditation(member.juror, day)}
                for member in members
            ],
            "faults": [(fault.rule, sentence(fault)) for fault in queries.jury_faults(session)],
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


@page(Verb.SESSION_MANAGE, Verb.SESSION_INVIGILATE)
@require_safe
def summons(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is summoned, since when, and what their summons says."""
    session = access.session_for(person(request), pk)
    current = queries.current_summonses(session)
    rows = [
        {"name": seat.enrolment.candidate.full_name, "as": _("Candidat"), "email": seat.enrolment.candidate.email,
         "summons": current.get(("candidate", seat.pk))}
        for seat in queries.seats(session)
    ] + [
        {"name": member.juror.full_name, "as": member.get_function_display(), "email": member.juror.email,
         "summons": current.get(("juror", member.pk))}
        for member in queries.members(session)
    ]  # fmt: skip
    now = timezone.now()
    months = policy.months_of(session.version.content.get("rules", {}).get("summons_before"))
    deadline = policy.summons_deadline(queries.day_of(session), months) if months else None
    missing = sum(row["summons"] is None for row in rows)
    return render(
        request,
        "exam_sessions/summons.html",
        {
            "session": session,
            "rows": rows,
            "missing": missing,
            "deadline": deadline,
            "late": bool(deadline and missing and deadline < timezone.localtime(now).date()),
            "issuable": session.state in policy.COMPOSABLE and session.starts_at > now,
            "former": session.summonses.filter(replaced_by__isnull=False).count(),
        },
    )


@page(Verb.SESSION_MANAGE)
@require_POST
def issue_summons(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue everybody's summons in the background, again if they had one."""
    session = access.session_for(person(request), pk, Verb.SESSION_MANAGE)
    now = timezone.now()
    if not session.candidates.exists() and not session.jurors.exists():
        raise NobodyToSummon
    if session.starts_at <= now:
        raise SessionInThePast
    job = jobs.enqueue(
        tasks.JOB,
        by=person(request),
        at=now,
        args={"session": session.pk, "by": person(request).pk, "asked_at": now.isoformat()},
        unique_key=f"summons:{session.pk}",
    )
    return redirect("kernel:job", job.pk)


@page()
@require_safe
def summons_file(request: HttpRequest, pk: int) -> FileResponse:
    found = access.summons_for(person(request), pk)
    return files.file_response(found.file, inline=True, name=f"convocation-{found.number}.pdf")


@page(Verb.SESSION_MANAGE, Verb.SESSION_INVIGILATE)
@require_safe
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    session = access.session_for(person(request), pk)
    content = documents.attendance_sheet(session, at=timezone.now())
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="emargement-{session.reference}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


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
