"""The candidate's room: one task at a time, the server's clock, nothing lost."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.papers.actions.open_content import Purpose, read_content
from acquis.certification.papers.errors import SubjectStillSecret
from acquis.certification.papers.models import Subject
from acquis.certification.papers.presentation import attachments
from acquis.certification.sittings import access, deliverables, queries, rich_text
from acquis.certification.sittings.actions.call_invigilator import call_invigilator
from acquis.certification.sittings.actions.claim_device import enter_sitting
from acquis.certification.sittings.actions.deposit_file import deposit_file
from acquis.certification.sittings.actions.end_phase import end_phase
from acquis.certification.sittings.actions.finish_sitting import finish_sitting
from acquis.certification.sittings.actions.save_production import save_production
from acquis.certification.sittings.actions.take_break import end_break, take_break
from acquis.certification.sittings.errors import TooManyCodes, WrongAccessCode
from acquis.certification.sittings.models import Phase, Production, Sitting, SittingFile
from acquis.certification.sittings.policy import phase_clock
from acquis.kernel import files, speech
from acquis.practice.rooms import live
from acquis.practice.rooms.actions.begin_phase import begin_phase, prepared
from acquis.practice.rooms.errors import DocumentMissing
from acquis.practice.rooms.subjects import KIND_SHOWN, dated_content, draw_of
from acquis.practice.rooms.writing import SHEETS, pieces_for

BEFORE_JURY = {Phase.Kind.INTERVIEW, Phase.Kind.DEFENCE}
DEPOSITS = {"application/pdf", files.OPEN_TEXT, files.WORD_TEXT}


def device_key(request: HttpRequest) -> str:
    """A name for this browser, kept in its session; empty until it first asks to enter."""
    return live.device_of(request.session)


@page(Verb.SITTING_TAKE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    sittings = access.own_sittings(person(request))
    return render(request, "rooms/home.html", {"sittings": sittings})


@page(Verb.SITTING_TAKE)
@require_safe
def room(request: HttpRequest, pk: int) -> HttpResponse:
    sitting = access.own_sitting(person(request), pk)
    if not sitting.is_sealed and not access.device_holds(sitting, device_key(request)):
        sitting.refresh_from_db()  # its end lets go of the device: it may have come meanwhile
        if not sitting.is_sealed:
            return _door(request, sitting)
    request.needs_microphone = True  # type: ignore[attr-defined]  # of the desk that it frames
    return render(request, _template(sitting), _context(request, sitting))


def _door(
    request: HttpRequest, sitting: Sitting, *, refusal: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    """The way in. A device that asked waits there for the invigilator, and goes in by itself."""
    asked = sitting.devices.filter(device_key=device_key(request), accepted_at__isnull=True)
    waits = bool(device_key(request)) and asked.exists()
    told = live.state_of(person(request), sitting.pk, request.session) if waits else {}
    context = {
        "sitting": sitting,
        "waits": waits,
        "mark": told.get("mark"),
        "refusal": refusal,
        "typed": typed,
    }
    return render(request, "rooms/enter.html", context, status=status)


TEMPLATES = {
    Phase.Kind.WRITTEN: "rooms/written.html",
    Phase.Kind.DEPOSIT: "rooms/deposit.html",
    Phase.Kind.PREPARATION: "rooms/preparation.html",
    Phase.Kind.EXCHANGES: "rooms/exchanges.html",
    Phase.Kind.REACTION: "rooms/reaction.html",
}


def _template(sitting: Sitting) -> str:
    """One task at a time: which page this moment of the exam is."""
    if sitting.is_sealed:
        return "rooms/finished.html"
    running = queries.running_phase(sitting)
    if running is None:
        return "rooms/between.html"
    if not prepared(sitting, running):
        return "rooms/prepare.html"
    if phase_clock(running, timezone.now()).paused:
        return "rooms/paused.html"
    return TEMPLATES.get(Phase.Kind(running.kind), "rooms/oral.html")


def _context(request: HttpRequest, sitting: Sitting) -> dict[str, Any]:
    now = timezone.now()
    running = queries.running_phase(sitting)
    following = queries.next_phase(sitting)
    phases = list(sitting.phases.all())
    context: dict[str, Any] = {
        "sitting": sitting,
        "session": sitting.candidate.session,
        "phase": running,
        "following": following,
        "phases": phases,
        "steps": [(one.get_kind_display(), _step_state(one)) for one in phases],
        "now": now,
        "authorised": sitting.authorised_at is not None,
        "open_call": sitting.help_calls.filter(answered_at__isnull=True).first(),
        "last": phases[-1] if phases else None,
        "transcribed": speech.transcriber() is not None,
    }
    part = running or following
    if part is not None and part.kind in BEFORE_JURY:
        context["oral"] = _oral(sitting)
    if running is None:
        if following is not None and following.kind == Phase.Kind.DEPOSIT:
            context["wanted"] = [one for one in deliverables.of_phase(following) if one.text]
        return context
    if running.kind == Phase.Kind.DEPOSIT:
        context |= _deposits(running)
    if running.kind == Phase.Kind.REACTION:
        context |= _reaction(sitting, running)
    written = queries.productions(sitting)
    subject = _subject(request, sitting, running)
    context |= {
        "clock": phase_clock(running, now),
        "sheets": _sheets(running, subject, written),
        "saved_at": max((one.saved_at for one in written.values()), default=None),
        "subject": subject,
        "handed": attachments((subject or {}).get("attachments", [])),
        "prepared_notes": written["preparation_notes"].content
        if "preparation_notes" in written
        else "",
    }
    return context


def _deposits(phase: Phase) -> dict[str, Any]:
    """Each document that is asked for, with its versions, the last one first."""
    versions: dict[str, list[SittingFile]] = {}
    for one in phase.files.select_related("file").order_by("-version"):
        versions.setdefault(one.key, []).append(one)
    wanted = [
        {"asked": one, "versions": versions.get(one.key, [])}
        for one in deliverables.of_phase(phase)
    ]
    return {"wanted": wanted, "missing": sum(not one["versions"] for one in wanted)}


def _oral(sitting: Sitting) -> dict[str, Any]:
    """Who will be there, and what of this exam lies before them: the last version of each document."""
    deposits = sitting.files.filter(kind=SittingFile.Kind.DEPOSIT).order_by("key", "version")
    return {
        "members": sitting.candidate.session.jurors.count(),
        "deposits": list({one.key: one for one in deposits}.values()),
        "answered": sitting.files.filter(kind=SittingFile.Kind.ANSWER).exists(),
        "written": sitting.productions.exclude(content="").exists(),
        "talked": sitting.phases.filter(
            kind=Phase.Kind.EXCHANGES, started_at__isnull=False
        ).exists(),
    }


def _reaction(sitting: Sitting, phase: Phase) -> dict[str, Any]:
    """How often the recording was heard, and what was recorded of the answer."""
    heard = phase.heard.count()
    return {
        "recorded_call": draw_of(sitting, Subject.Kind.RECORDING),
        "heard": heard,
        "listens_left": max(0, phase.listens - heard),
        "takes": phase.takes.select_related("kept"),
    }


def _step_state(phase: Phase) -> str:
    states = {Phase.State.RUNNING: "current", Phase.State.ENDED: "done"}
    return states.get(Phase.State(phase.state), "todo")


def _sheets(
    phase: Phase, subject: dict[str, Any] | None, written: dict[str, Production]
) -> list[dict[str, Any]]:
    """The tabs of the editor, each with its fields and what they hold."""
    asked = (phase.title, phase.description, *(subject or {}).get("instructions", []))
    here = {key for key, one in written.items() if one.phase_id == phase.pk}
    sheets: dict[str, dict[str, Any]] = {}
    for piece in pieces_for(phase.kind, asked, dict.fromkeys(here)):
        sheet = sheets.setdefault(
            piece.sheet,
            {"key": piece.sheet, "label": SHEETS[piece.sheet], "pieces": [], "rich": False},
        )
        sheet["rich"] |= piece.rich
        one = written.get(piece.key)
        content = one.content if one else ""
        if one and piece.rich:
            content = rich_text.as_html(content, rich=one.rich)
        sheet["pieces"].append(
            {
                "piece": piece,
                "content": content,
                "html": mark_safe(content) if piece.rich else "",
                "seq": one.seq if one else 0,
            }
        )
    return list(sheets.values())


def _subject(request: HttpRequest, sitting: Sitting, phase: Phase) -> dict[str, Any] | None:
    """The candidate's side of the subject of this phase; None when it has none."""
    kind = KIND_SHOWN.get(Phase.Kind(phase.kind))
    draw = draw_of(sitting, kind) if kind else None
    if draw is None:
        return None
    try:
        content = read_content(draw=draw, by=person(request), purpose=Purpose.SIT)
    except SubjectStillSecret:
        return None
    return dated_content(content, sitting)


@page(Verb.SITTING_TAKE)
@require_POST
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    sitting = access.own_sitting(person(request), pk)
    if not device_key(request):
        request.session[live.DEVICE] = secrets.token_urlsafe(24)
    code = request.POST.get("code", "")
    try:
        enter_sitting(
            sitting=sitting,
            code=code,
            device_key=device_key(request),
            label=request.headers.get("User-Agent", "")[:200],
            by=person(request),
            at=timezone.now(),
        )
    except (WrongAccessCode, TooManyCodes) as refusal:
        if "json" in request.headers.get("Accept", ""):
            raise
        return _door(request, sitting, refusal=str(refusal), typed=code[:12], status=refusal.status)
    return redirect("rooms:room", pk)


@page(Verb.SITTING_TAKE)
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    sitting = _held(request, pk)
    phase = _phase_named(request, sitting)
    begin_phase(phase=phase, by=person(request), at=timezone.now())
    return redirect("rooms:room", pk)


@page(Verb.SITTING_TAKE)
@require_POST
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand one part in; after the last one, the exam is sealed."""
    sitting = _held(request, pk)
    phase = _phase_named(request, sitting)
    now = timezone.now()
    end_phase(phase=phase, by=person(request), at=now)
    if not sitting.phases.exclude(state=Phase.State.ENDED).exists():
        finish_sitting(sitting=sitting, by=person(request), at=now)
    return redirect("rooms:room", pk)


@page(Verb.SITTING_TAKE)
@require_POST
def save(request: HttpRequest, pk: int, key: str) -> JsonResponse:
    """Keep one field; the answer means that it is on disk."""
    sitting = access.written_sitting(person(request), pk, device_key(request))
    said = {**request.POST.dict(), "text": request.POST.get(key, "")}
    typed = live.typed_in(sitting, person(request), key, said)
    now = timezone.now()
    saved = save_production(
        sitting=sitting,
        key=key,
        content=typed.content,
        client_id=typed.client_id,
        base_seq=typed.base_seq,
        by=typed.by,
        at=now,
        rich=typed.rich,
    )
    status = 200 if saved.conflict_content is None else 409
    return JsonResponse(live.told_of(saved, now), status=status)


@page(Verb.SITTING_TAKE)
@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet of the written work under way, as it goes on paper."""
    sitting = _held(request, pk)
    phase = queries.running_phase(sitting)
    if phase is None:
        return redirect("rooms:room", pk)
    written = queries.productions(sitting)
    sheets = _sheets(phase, _subject(request, sitting, phase), written)
    named = request.GET.get("feuille", "")
    sheet = next((one for one in sheets if one["key"] == named), sheets[0] if sheets else None)
    if sheet is None:
        return redirect("rooms:room", pk)
    kept = [written[one["piece"].key] for one in sheet["pieces"] if one["piece"].key in written]
    saved_at = max((one.saved_at for one in kept), default=None)
    context = {"sitting": sitting, "phase": phase, "sheet": sheet, "saved_at": saved_at}
    return render(request, "rooms/printed.html", context)


@page(Verb.SITTING_TAKE)
@require_POST
def deposit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in a document: what it is is read from its content, not from its name."""
    sitting = _held(request, pk)
    phase = _phase_named(request, sitting)
    file = request.FILES.get("document")
    if file is None:
        raise DocumentMissing
    media_type = files.check_upload(file, allowed=DEPOSITS)
    number = request.POST.get("number", "1")
    kept = deposit_file(
        phase=phase,
        file=file,
        media_type=media_type,
        number=int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else 0,
        by=person(request),
        at=timezone.now(),
    )
    text = _("« %(name)s » est remis, version %(version)s.")
    messages.success(request, text % {"name": kept.title, "version": kept.version})
    return redirect("rooms:room", pk)


@page(Verb.SITTING_TAKE)
@require_POST
def call(request: HttpRequest, pk: int) -> HttpResponse:
    sitting = access.own_sitting(person(request), pk)
    call_invigilator(
        sitting=sitting,
        by=person(request),
        at=timezone.now(),
        message=request.POST.get("message", "").replace("\x00", "")[:300],
    )
    return redirect("rooms:room", pk)


@page(Verb.SITTING_TAKE)
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a break that was decided for oneself; the clock stops."""
    sitting = _held(request, pk)
    take_break(phase=_phase_named(request, sitting), by=person(request), at=timezone.now())
    return redirect("rooms:room", pk)


@page(Verb.SITTING_TAKE)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    sitting = _held(request, pk)
    end_break(phase=_phase_named(request, sitting), by=person(request), at=timezone.now())
    return redirect("rooms:room", pk)


@page(Verb.SITTING_TAKE)
@require_safe
def state(request: HttpRequest, pk: int) -> JsonResponse:
    """What the page compares with what it shows: another state means another page."""
    return JsonResponse(live.state_of(person(request), pk, request.session))


def _held(request: HttpRequest, pk: int) -> Sitting:
    sitting = access.own_sitting(person(request), pk)
    access.require_device(sitting, device_key(request))
    return sitting


def _phase_named(request: HttpRequest, sitting: Sitting) -> Phase:
    """The part that the form names; what names none does not exist."""
    named = request.POST.get("phase", "")
    number = int(named) if named.isdecimal() and len(named) < 12 else 0
    return get_object_or_404(sitting.phases, pk=number)
