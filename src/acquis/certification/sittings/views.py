"""The room: open and close a session, watch every exam, act for each candidate."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access as session_access
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.sittings import access, actions, presentation, queries
from acquis.certification.sittings.enums import EndReason
from acquis.certification.sittings.errors import TimeOutOfBounds
from acquis.certification.sittings.forms import ReasonForm, TimeForm
from acquis.certification.sittings.models import DeviceClaim, HelpCall, Sitting

_WATCH = Verb.SESSION_INVIGILATE


@page(Verb.SESSION_MANAGE)
@require_POST
def open_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_access.session_for(person(request), pk, Verb.SESSION_MANAGE)
    actions.open_session(session=session, by=person(request), at=timezone.now())
    messages.success(request, _("La session est ouverte : les sujets écrits sont tirés."))
    return redirect("sittings:wall", pk)


@page(Verb.SESSION_MANAGE)
@require_POST
def close_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_access.session_for(person(request), pk, Verb.SESSION_MANAGE)
    actions.close_session(session=session, by=person(request), at=timezone.now())
    messages.success(request, _("Les épreuves sont terminées : le jury peut délibérer."))
    return redirect("exam_sessions:detail", pk)


@page(Verb.SESSION_INVIGILATE)
@require_safe
def wall(request: HttpRequest, pk: int) -> HttpResponse:
    """Every candidate, their phase and clock; the same as a fragment for the page's own refresh."""
    session = session_access.session_for(person(request), pk, _WATCH)
    now = timezone.now()
    mark = presentation.wall_mark(session, now)  # first: what changes meanwhile makes another
    cards = [presentation.card(each, now) for each in queries.sittings_of(session)]
    partial = request.headers.get("HX-Request") == "true"
    context = {
        "session": session,
        "cards": cards,
        "now": now,
        "mark": mark,
        "alerts": [key for card in cards for key in card.alerts],
        "partial": partial,
        "count": presentation.title_count(cards),
        "progress": presentation.progress_of(cards),
        "jurors": session.jurors.select_related("juror"),
        "is_open": session.state == ExamSession.State.OPEN,
        "request_key": secrets.token_urlsafe(16),
    }
    answer = render(request, "sittings/_wall.html" if partial else "sittings/wall.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@page(Verb.SESSION_INVIGILATE)
@require_POST
def presence(request: HttpRequest, pk: int) -> HttpResponse:
    seat = session_access.seat_for(person(request), pk, _WATCH)
    present = request.POST.get("present") == "oui"
    actions.confirm_presence(candidate=seat, present=present, by=person(request), at=timezone.now())
    return redirect("sittings:wall", seat.session_id)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def juror_presence(request: HttpRequest, pk: int) -> HttpResponse:
    member = session_access.member_for(person(request), pk, _WATCH)
    present = request.POST.get("present") == "oui"
    actions.confirm_juror(member=member, present=present, by=person(request), at=timezone.now())
    return redirect("sittings:wall", member.session_id)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def identity(request: HttpRequest, pk: int) -> HttpResponse:
    seat = session_access.seat_for(person(request), pk, _WATCH)
    actions.confirm_identity(candidate=seat, by=person(request), at=timezone.now())
    return redirect("sittings:wall", seat.session_id)


def _back(sitting: Sitting) -> HttpResponse:
    return redirect("sittings:wall", sitting.candidate.session_id)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def authorise(request: HttpRequest, pk: int) -> HttpResponse:
    sitting = access.sitting_for(person(request), pk, _WATCH)
    actions.authorise_start(sitting=sitting, by=person(request), at=timezone.now())
    return _back(sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    sitting = access.sitting_for(person(request), pk, _WATCH)
    actions.withdraw_start(sitting=sitting, by=person(request), at=timezone.now())
    return _back(sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def renew_code(request: HttpRequest, pk: int) -> HttpResponse:
    sitting = access.sitting_for(person(request), pk, _WATCH)
    actions.renew_code(sitting=sitting, by=person(request), at=timezone.now())
    return _back(sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def start_together(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_access.session_for(person(request), pk, _WATCH)
    actions.start_together(session=session, by=person(request), at=timezone.now())
    return redirect("sittings:wall", pk)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    phase = access.phase_for(person(request), pk, _WATCH)
    actions.start_phase(phase=phase, by=person(request), at=timezone.now())
    return _back(phase.sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    phase = access.phase_for(person(request), pk, _WATCH)
    actions.end_phase(
        phase=phase, by=person(request), at=timezone.now(), reason=EndReason.INVIGILATOR
    )
    return _back(phase.sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    phase = access.phase_for(person(request), pk, _WATCH)
    actions.take_break(phase=phase, by=person(request), at=timezone.now())
    return _back(phase.sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    phase = access.phase_for(person(request), pk, _WATCH)
    actions.end_break(phase=phase, by=person(request), at=timezone.now())
    return _back(phase.sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def give_time(request: HttpRequest, pk: int) -> HttpResponse:
    phase = access.phase_for(person(request), pk, _WATCH)
    form = TimeForm(request.POST)
    if not form.is_valid():
        raise TimeOutOfBounds
    actions.give_time(
        phase=phase,
        seconds=form.cleaned_data["minutes"] * 60,
        reason=form.cleaned_data["reason"],
        request_key=form.cleaned_data["request_key"] or None,
        by=person(request),
        at=timezone.now(),
    )
    return _back(phase.sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def give_time_to_all(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_access.session_for(person(request), pk, _WATCH)
    form = TimeForm(request.POST)
    if not form.is_valid():
        raise TimeOutOfBounds
    count = actions.give_time_to_all(
        session=session,
        seconds=form.cleaned_data["minutes"] * 60,
        reason=form.cleaned_data["reason"],
        request_key=form.cleaned_data["request_key"],
        by=person(request),
        at=timezone.now(),
    )
    text = ngettext(
        "Le temps est rendu à %(count)d candidat.",
        "Le temps est rendu à %(count)d candidats.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect("sittings:wall", pk)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def give_hearing(request: HttpRequest, pk: int) -> HttpResponse:
    phase = access.phase_for(person(request), pk, _WATCH)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.give_hearing(phase=phase, reason=reason, by=person(request), at=timezone.now())
    return _back(phase.sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def answer_call(request: HttpRequest, pk: int) -> HttpResponse:
    call = get_object_or_404(HelpCall, pk=pk)
    sitting = access.sitting_for(person(request), call.sitting_id, _WATCH)
    actions.answer_call(call=call, by=person(request), at=timezone.now())
    return _back(sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def authorise_device(request: HttpRequest, pk: int) -> HttpResponse:
    claim = get_object_or_404(DeviceClaim, pk=pk)
    sitting = access.sitting_for(person(request), claim.sitting_id, _WATCH)
    actions.authorise_device(claim=claim, by=person(request), at=timezone.now())
    return _back(sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    sitting = access.sitting_for(person(request), pk, _WATCH)
    actions.finish_sitting(sitting=sitting, by=person(request), at=timezone.now())
    return _back(sitting)


@page(Verb.SESSION_INVIGILATE)
@require_POST
def abort(request: HttpRequest, pk: int) -> HttpResponse:
    sitting = access.sitting_for(person(request), pk, _WATCH)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.abort_sitting(sitting=sitting, reason=reason, by=person(request), at=timezone.now())
    return _back(sitting)
