"""What is heard and said in the candidate's browser: the drawn recording, the answer to it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.papers.actions import open_recording
from acquis.certification.papers.models import Subject
from acquis.certification.sittings import access
from acquis.certification.sittings.actions.hear_recording import hear_recording, note_hearing
from acquis.certification.sittings.actions.keep_sound import LONGEST_PIECE, end_take, keep_piece
from acquis.certification.sittings.errors import SoundTooLong, SoundUnreadable
from acquis.certification.sittings.models import Phase, Sitting
from acquis.practice.rooms.errors import NoSubjectDrawn
from acquis.practice.rooms.subjects import draw_of
from acquis.practice.rooms.views.candidate import device_key

KEY_CHARS = 64


def _spoken(request: HttpRequest, pk: int, phase_id: int) -> tuple[Sitting, Phase]:
    """One's own exam on the device that holds it, and the part that is heard or said."""
    sitting = access.own_sitting(person(request), pk)
    access.require_device(sitting, device_key(request))
    return sitting, get_object_or_404(sitting.phases, pk=phase_id)


def _name(request: HttpRequest, field: str) -> str:
    found = request.POST.get(field, "").strip()[:KEY_CHARS]
    if not found:
        raise SoundUnreadable
    return found


def _count(request: HttpRequest, field: str) -> int:
    found = request.POST.get(field, "")
    return int(found) if found.isdecimal() and len(found) < 6 else 0


@page(Verb.SITTING_TAKE)
@require_POST
def listen(request: HttpRequest, pk: int, phase_id: int) -> HttpResponse:
    """The drawn recording: each hearing is counted before its sound leaves."""
    sitting, phase = _spoken(request, pk, phase_id)
    draw = draw_of(sitting, Subject.Kind.RECORDING)
    if draw is None:
        raise NoSubjectDrawn
    now = timezone.now()
    hear_recording(phase=phase, key=_name(request, "key"), by=person(request), at=now)
    sound = open_recording(draw=draw, by=person(request), at=now)
    answer = HttpResponse(sound.content, content_type=sound.media_type)
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@page(Verb.SITTING_TAKE)
@require_POST
def listening(request: HttpRequest, pk: int, phase_id: int) -> JsonResponse:
    """The sound begins: this hearing is spent."""
    _sitting, phase = _spoken(request, pk, phase_id)
    note_hearing(phase=phase, key=_name(request, "key"), by=person(request), at=timezone.now())
    return JsonResponse({"left": max(0, phase.listens - phase.heard.count())})


@page(Verb.SITTING_TAKE)
@require_POST
def piece(request: HttpRequest, pk: int, phase_id: int) -> JsonResponse:
    """A few seconds of the answer; the answer of the server means that they are on disk."""
    _sitting, phase = _spoken(request, pk, phase_id)
    file = request.FILES.get("piece")
    if file is None or not file.size:
        raise SoundUnreadable
    if file.size > LONGEST_PIECE:
        raise SoundTooLong
    kept = keep_piece(
        phase=phase,
        take=_name(request, "take"),
        number=_count(request, "number"),
        content=file.read(),
        media_type=request.POST.get("media_type", ""),
        by=person(request),
        at=timezone.now(),
    )
    answer = {"number": kept.number, "received_at": kept.received_at, "late": kept.late}
    return JsonResponse(answer)


@page(Verb.SITTING_TAKE)
@require_POST
def stopped(request: HttpRequest, pk: int, phase_id: int) -> JsonResponse:
    """The recorder stopped: which pieces are still missing."""
    _sitting, phase = _spoken(request, pk, phase_id)
    missing = end_take(
        phase=phase,
        take=_name(request, "take"),
        pieces=_count(request, "pieces"),
        by=person(request),
        at=timezone.now(),
    )
    return JsonResponse({"missing": missing})
