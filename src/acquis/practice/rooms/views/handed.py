"""The files that go with a drawn subject: for the candidate in their part, for the jury from the file."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.papers.actions.open_content import OpenedFile, open_attachment
from acquis.certification.papers.errors import SubjectStillSecret
from acquis.certification.papers.presentation import shown_at_once
from acquis.certification.sittings import access as sittings
from acquis.certification.sittings import queries
from acquis.certification.sittings.models import Phase
from acquis.certification.sittings.policy import phase_clock
from acquis.kernel import files
from acquis.practice.rooms import access
from acquis.practice.rooms.errors import NoSubjectDrawn, OnABreak
from acquis.practice.rooms.subjects import KIND_SHOWN, draw_of
from acquis.practice.rooms.views.candidate import device_key


@page(Verb.SITTING_TAKE)
@require_POST
def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One file of the subject of the part under way, on the device that holds the exam.

    Asked for by POST: each opening is kept.
    """
    sitting = sittings.own_sitting(person(request), pk)
    sittings.require_device(sitting, device_key(request))
    now = timezone.now()
    phase = queries.running_phase(sitting)
    kind = KIND_SHOWN.get(Phase.Kind(phase.kind)) if phase else None
    draw = draw_of(sitting, kind) if kind else None
    if phase is None or draw is None:
        raise SubjectStillSecret
    if phase_clock(phase, now).paused:
        raise OnABreak
    opened = open_attachment(draw=draw, number=number, by=person(request), at=now)
    return _answer(request, opened)


@page(Verb.SITTING_PLAY)
@require_POST
def jury_attachment(
    request: HttpRequest, candidate_id: int, kind: str, number: int
) -> HttpResponse:
    """The same for a juror of the session, with what is the jury's alone."""
    sitting = access.seated_sitting(person(request), candidate_id)
    draw = draw_of(sitting, kind)
    if draw is None:
        raise NoSubjectDrawn
    opened = open_attachment(draw=draw, number=number, by=person(request), at=timezone.now())
    return _answer(request, opened)


def _answer(request: HttpRequest, opened: OpenedFile) -> HttpResponse:
    return files.content_response(
        opened.content,
        name=opened.name,
        media_type=opened.media_type,
        inline=shown_at_once(opened.media_type) and "whole" not in request.POST,
    )
