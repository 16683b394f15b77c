"""The juror's cockpit: the role sheet, the customer's voice, quick notes bound to the moment."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.papers.actions.open_content import Purpose, read_content
from acquis.certification.papers.models import Subject
from acquis.certification.sittings import queries
from acquis.certification.sittings.models import Phase, Sitting
from acquis.certification.sittings.policy import phase_clock
from acquis.practice.rooms import access, guide, materials, phone
from acquis.practice.rooms.actions import play_customer, play_phone
from acquis.practice.rooms.actions.note_moment import note_moment
from acquis.practice.rooms.errors import NoSuchCall
from acquis.practice.rooms.subjects import (
    dated_content,
    draw_of,
    exchange_named,
    played_conversation,
)

LONGEST_KEY = 80


@page(Verb.SITTING_PLAY)
@require_safe
def cockpit(request: HttpRequest, candidate_id: int) -> HttpResponse:
    sitting = access.played_sitting(person(request), candidate_id)
    now = timezone.now()
    running = queries.running_phase(sitting)
    content = _role_content(request, sitting)
    exchanges = content.get("exchanges", []) if content else []
    key = request.GET.get("echange", "")
    current = exchange_named(content, key) if content else None
    if current is None and exchanges:  # none was named, or none has that name
        current = exchanges[0]
        key = current["key"]
    plays = sitting.phases.filter(kind=Phase.Kind.EXCHANGES).exists()
    drawn = draw_of(sitting, Subject.Kind.EXCHANGES)
    prompts, lines = guide.prompts(sitting, content), guide.lines_of(sitting)
    read, asked = guide.to_ask(sitting, lines, prompts)
    context: dict[str, Any] = {
        "sitting": sitting,
        "candidate": sitting.candidate,
        "phase": running,
        "clock": phase_clock(running, now) if running else None,
        "now": now,
        "plays": plays,
        "interview": not plays or _interviews(request, running),
        "lines": lines,
        "read": read,
        "asked": asked,
        "drawn": drawn,
        "mark": _mark(sitting, running, now, drawn=drawn is not None),
        "content": content,
        "exchanges": exchanges,
        "exchange": current,
        "playing": running is not None and running.kind == Phase.Kind.EXCHANGES,
        "notes": sitting.candidate.moment_notes.filter(author=person(request)),
        "calls": _ringing(sitting, content),
        "prompts": prompts,
        **materials.beside_the_role(sitting, person(request)),
        **_thread(sitting, key),
    }
    context |= phone.line_of(context["conversation"], now)
    request.needs_microphone = True  # type: ignore[attr-defined]
    return render(request, "rooms/cockpit.html", context)


def _mark(sitting: Sitting, running: Phase | None, now: datetime, *, drawn: bool) -> str:
    """Of the moment that the page shows: another mark means another page."""
    shown = f"{sitting.state}:{sitting.workspace_id or 0}:{drawn}"
    if running is None:
        return shown
    clock = phase_clock(running, now)
    ends_at = clock.ends_at.isoformat() if clock.ends_at else ""
    return f"{shown}:{running.pk}:{ends_at}:{clock.paused}"


def _interviews(request: HttpRequest, running: Phase | None) -> bool:
    """Whether the page is the guide of the interview: asked for, or the candidate is before the jury."""
    wished = request.GET.get("vue", "")
    if wished in {"entretien", "roles"}:
        return wished == "entretien"
    talking = (Phase.Kind.INTERVIEW, Phase.Kind.DEFENCE, Phase.Kind.REACTION)
    return running is not None and running.kind in talking and "echange" not in request.GET


def _ringing(sitting: Sitting, content: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The candidate's calls that ring here, each with the exchange that it plays."""
    found = []
    for call in phone.ringing(sitting):
        played = phone.exchange_called(sitting, call.conversation).rpartition(".")[2]
        exchange = exchange_named(content, played) if content else None
        found.append({"call": call, "exchange": exchange})
    return found


def _role_content(request: HttpRequest, sitting: Sitting) -> dict[str, Any] | None:
    """The whole subject, once this juror has opened it; None before."""
    draw = draw_of(sitting, Subject.Kind.EXCHANGES)
    if draw is None or not draw.openings.filter(opened_by=person(request)).exists():
        return None
    return dated_content(read_content(draw=draw, by=person(request), purpose=Purpose.PLAY), sitting)


def _thread(sitting: Sitting, key: str) -> dict[str, Any]:
    conversation = played_conversation(sitting, key)
    return {
        "key": key,
        "conversation": conversation,
        "thread": list(conversation.messages.all()) if conversation else [],
        "client_key": get_random_string(24),
    }


@page(Verb.SITTING_PLAY)
@require_safe
def thread(request: HttpRequest, candidate_id: int, key: str) -> HttpResponse:
    sitting = access.played_sitting(person(request), candidate_id)
    return render(
        request,
        "rooms/_cockpit_thread.html",
        {"candidate": sitting.candidate, **_thread(sitting, key)},
    )


@page(Verb.SITTING_PLAY)
@require_POST
def open_role(request: HttpRequest, candidate_id: int) -> HttpResponse:
    sitting = access.played_sitting(person(request), candidate_id)
    play_customer.open_role_sheet(sitting=sitting, by=person(request), at=timezone.now())
    return redirect("rooms:cockpit", candidate_id)


@page(Verb.SITTING_PLAY)
@require_POST
def ring(request: HttpRequest, candidate_id: int, key: str) -> HttpResponse:
    sitting = access.played_sitting(person(request), candidate_id)
    play_customer.ring(sitting=sitting, key=key, by=person(request), at=timezone.now())
    return redirect(f"{request.path.rsplit('/sonner/', 1)[0]}/?echange={key}")


@page(Verb.SITTING_PLAY)
@require_POST
def say(request: HttpRequest, candidate_id: int, key: str) -> HttpResponse:
    sitting = access.played_sitting(person(request), candidate_id)
    play_customer.say(
        sitting=sitting,
        key=key,
        body=request.POST.get("body", ""),
        client_key=request.POST.get("client_key", "")[:80],
        by=person(request),
        at=timezone.now(),
    )
    if request.headers.get("HX-Request"):
        return render(
            request,
            "rooms/_cockpit_thread.html",
            {"candidate": sitting.candidate, **_thread(sitting, key)},
        )
    return redirect(f"{request.path.rsplit('/dire/', 1)[0]}/?echange={key}")


@page(Verb.SITTING_PLAY)
@require_safe
def calls(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """What rings for the jury, as a fragment that the cockpit asks for at each news."""
    sitting = access.played_sitting(person(request), candidate_id)
    context = {
        "candidate": sitting.candidate,
        "calls": _ringing(sitting, _role_content(request, sitting)),
    }
    return render(request, "rooms/_cockpit_calls.html", context)


@page(Verb.SITTING_PLAY)
@require_POST
def call_act(request: HttpRequest, candidate_id: int, call_id: int) -> HttpResponse:
    """One act of the customer on the telephone: answer, refuse, let it ring out, hang up."""
    sitting = access.played_sitting(person(request), candidate_id)
    perform = play_phone.ACTS.get(request.POST.get("act", ""))
    if perform is None:
        raise NoSuchCall
    call = perform(sitting=sitting, call_id=call_id, by=person(request), at=timezone.now())
    key = call.conversation.played_key.partition("~")[0].rpartition(".")[2]
    address = reverse("rooms:cockpit", args=[candidate_id])
    return redirect(f"{address}?echange={key}" if key else address)


@page(Verb.SITTING_PLAY)
@require_POST
def note(request: HttpRequest, candidate_id: int) -> HttpResponse:
    sitting = access.played_sitting(person(request), candidate_id)
    body = request.POST.get("body", "").replace("\x00", "").strip()
    if body:
        criterion = request.POST.get("criterion", "")
        known = {line["code"] for line in guide.lines_of(sitting)}
        note_moment(
            candidate=sitting.candidate,
            body=body,
            criterion=criterion if criterion in known else "",
            by=person(request),
            at=timezone.now(),
            ago=_milliseconds(request.POST.get("ago", "")),
            key=request.POST.get("key", "").replace("\x00", "")[:LONGEST_KEY],
        )
    if request.headers.get("HX-Request"):
        notes = sitting.candidate.moment_notes.filter(author=person(request))
        return render(
            request, "rooms/_notes.html", {"notes": notes, "candidate": sitting.candidate}
        )
    return redirect("rooms:cockpit", candidate_id)


def _milliseconds(typed: str) -> timedelta:
    """How long ago a page says that something was done; none at all for what is no number."""
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 12 else 0
    return timedelta(milliseconds=number)
