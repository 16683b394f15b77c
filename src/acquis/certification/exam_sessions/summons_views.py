"""Pages of the summons: send, follow, answer for what comes back; the board of deadlines."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import (
    access,
    actions,
    documents,
    policy,
    presentation,
    queries,
    returns,
    tasks,
)
from acquis.certification.exam_sessions.errors import NobodyToSummon, SessionInThePast
from acquis.certification.exam_sessions.forms import ReportForm, SendingForm
from acquis.certification.exam_sessions.models import ExamSession, Summons
from acquis.kernel import files

PER_PAGE = 25


@page(Verb.SESSION_MANAGE, Verb.SESSION_INVIGILATE)
@require_safe
def summons(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is summoned, since when, and what became of their letter."""
    session = access.session_for(person(request), pk)
    return _summons(request, session, SendingForm(initial={"day": _proposed(session)}))


def _proposed(session: ExamSession) -> date:
    today = timezone.localtime(timezone.now()).date()
    return policy.sending_day(_deadline(session), queries.day_of(session), today)


def _deadline(session: ExamSession) -> date | None:
    asked = session.version.content.get("rules", {}).get("summons_before")
    return policy.deadline_of(asked, queries.day_of(session))


def _summons(request: HttpRequest, session: ExamSession, form: SendingForm) -> HttpResponse:
    now = timezone.now()
    current = queries.current_summonses(session)
    seats = list(queries.seats(session))
    outdated = queries.outdated(session, current, seats, queries.timetable(session, seats))
    people: list[tuple[tuple[str, int], str, str, str]] = [
        (
            ("candidate", seat.pk),
            seat.enrolment.candidate.full_name,
            _("Candidat"),
            seat.enrolment.candidate.email,
        )
        for seat in seats
    ] + [
        (
            ("juror", member.pk),
            member.juror.full_name,
            str(member.get_function_display()),
            member.juror.email,
        )
        for member in queries.members(session)
    ]
    rows = [
        _row(current.get(key), name, role, email, now) | {"outdated": key in outdated}
        for key, name, role, email in people
    ]
    deadline = _deadline(session)
    missing = sum(row["summons"] is None for row in rows)
    late = bool(deadline and missing and deadline < timezone.localtime(now).date())
    return render(
        request,
        "exam_sessions/summons.html",
        {
            "session": session,
            "rows": rows,
            "missing": missing,
            "outdated": len(outdated),
            "deadline": deadline,
            "late": late,
            "issuable": session.state in policy.COMPOSABLE and session.starts_at > now,
            "past": session.starts_at <= now and session.state in policy.COMPOSABLE,
            "plan": queries.plan_of_sending(session),
            "form": form,
            "returns": returns.status(),
            "former": session.summonses.filter(replaced_by__isnull=False).count(),
            "withdrawn": session.summonses.filter(
                replaced_by__isnull=True, withdrawn_at__isnull=False
            ),
        },
        status=422 if form.errors else 200,
    )


def _row(found: Summons | None, name: str, role: str, email: str, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "as": role, "email": email, "summons": found}
    if found is not None:
        state = presentation.delivery_of(found, now)
        words, tone = presentation.DELIVERIES[state]
        row |= {"email": found.email, "state": state.value, "words": words, "tone": tone}
    return row


@page(Verb.SESSION_MANAGE)
@require_POST
def issue_summons(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue summons in the background: everybody's, the missing ones, or what changed."""
    session = access.session_for(person(request), pk, Verb.SESSION_MANAGE)
    now = timezone.now()
    if not session.candidates.exists() and not session.jurors.exists():
        raise NobodyToSummon
    if session.starts_at <= now:
        raise SessionInThePast
    whom = request.POST.get("whom", "")
    job = tasks.ask_for_summons(
        session=session,
        whom=whom if whom in tasks.WHOM else tasks.EVERYBODY,
        by=person(request),
        at=now,
    )
    return redirect("kernel:job", job.pk)


@page(Verb.SESSION_MANAGE)
@require_POST
def plan_sending(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the day on which summons leave by themselves, or give it up."""
    session = access.session_for(person(request), pk, Verb.SESSION_MANAGE)
    now = timezone.now()
    if request.POST.get("forget"):
        actions.forget_plan(session=session, by=person(request), at=now)
        return redirect("exam_sessions:summons", pk)
    form = SendingForm(request.POST)
    if not form.is_valid():
        return _summons(request, session, form)
    actions.plan_sending(session=session, send_at=form.send_at(), by=person(request), at=now)
    messages.success(request, _("L’envoi est planifié : vous n’avez plus rien à faire."))
    return redirect("exam_sessions:summons", pk)


@page(Verb.SESSION_MANAGE)
def take_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a report of delivery that a mailbox received: the letter it speaks of is marked."""
    session = access.session_for(person(request), pk, Verb.SESSION_MANAGE)
    posted = request.method == "POST"
    form = ReportForm(request.POST, request.FILES) if posted else ReportForm()
    if posted and form.is_valid():
        bounced = actions.take_report(
            raw=form.cleaned_data["file"].read(),
            organisation_id=session.organisation_id,
            by=person(request),
            at=timezone.now(),
        )
        if bounced is None:
            messages.info(request, _("Cet avis annonce un simple retard : rien ne change."))
        else:
            said = _("La convocation %s est marquée « non remise ».")
            messages.success(request, said % bounced.number)
        return redirect("exam_sessions:summons", pk)
    context = {"session": session, "form": form}
    status = 422 if form.errors else 200
    return render(request, "exam_sessions/report.html", context, status=status)


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
