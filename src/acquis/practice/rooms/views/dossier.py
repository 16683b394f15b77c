"""All that a candidate produced, each moment with its own address, for the jury."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.sittings.models import Listen, Sitting, SittingFile
from acquis.desk.conversations import queries as desk_queries
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone.actions.keep_recording import listen_to_recording
from acquis.desk.phone.models import Recording
from acquis.kernel import files, trace
from acquis.practice.evidence import queries as evidence
from acquis.practice.evidence.access import marks_in
from acquis.practice.evidence.models import AttachedMoment, MomentNote
from acquis.practice.evidence.presentation import served
from acquis.practice.evidence.recordings import recordings_by_conversation
from acquis.practice.rooms import access, materials
from acquis.practice.rooms.actions.gather_file import gather_file

LIVE = (
    Conversation.Channel.CHAT,
    Conversation.Channel.PHONE,
)  # the letter received counts once it was dealt with


@page(Verb.GRID_MARK, Verb.AWARD_ISSUE)
@require_safe
def dossier(request: HttpRequest, candidate_id: int) -> HttpResponse:
    sitting = access.file_of(person(request), candidate_id)
    reader = person(request)
    notes = list(evidence.notes_for(reader, candidate_id))
    attached = list(evidence.attached_for(reader, candidate_id))
    return render(
        request,
        "rooms/dossier.html",
        {
            "sitting": sitting,
            "candidate": sitting.candidate,
            "phases": sitting.phases.all(),
            "pieces": materials.pieces(sitting),
            "conversations": _conversations(sitting, notes, attached),
            **materials.from_the_desk(sitting),
            "papers": materials.papers(sitting),
            "subject_asked": materials.asked(sitting, person(request)),
            "subject_files": materials.subject_files(sitting, person(request)),
            "answers": sitting.files.filter(kind=SittingFile.Kind.ANSWER).select_related(
                "file", "phase"
            ),
            "deposits": materials.deposits(sitting),
            "heard": Listen.objects.filter(phase__sitting=sitting).select_related("phase"),
            "acts": trace.lines(f"workspace:{sitting.workspace_id}")
            if sitting.workspace_id
            else [],
            "notes": notes,
            "served": served(sitting, reader),
            "attaches": marks_in(sitting, reader),
        },
    )


def _conversations(
    sitting: Sitting, notes: Sequence[MomentNote], attached: Sequence[AttachedMoment]
) -> list[dict[str, Any]]:
    if sitting.workspace_id is None:
        return []
    found = (
        Conversation.objects.filter(workspace_id=sitting.workspace_id)
        .filter(_played(sitting))
        .filter(Q(channel__in=LIVE) | Q(ended_at__isnull=False))
        .select_related("customer", "reason", "outcome")
        .prefetch_related("messages")
        .order_by("started_at")
    )
    asked = desk_queries.details(sitting.workspace) if sitting.workspace else []
    heard = recordings_by_conversation(sitting, notes, attached)
    return [
        {
            "conversation": one,
            "thread": list(one.messages.all()),
            "recordings": heard.get(one.pk, []),
            "details": [(detail.label, one.details.get(detail.code, "")) for detail in asked],
        }
        for one in found
    ]


def _played(sitting: Sitting) -> Q:
    """The contacts of the scenario, and every call of the exam, whomever the candidate rang."""
    played = ~Q(played_key="")
    if sitting.started_at is None:
        return played
    return played | Q(channel=Conversation.Channel.PHONE, started_at__gte=sitting.started_at)


@page(Verb.GRID_MARK, Verb.AWARD_ISSUE)
@require_POST
def sound(request: HttpRequest, candidate_id: int, recording_id: int) -> FileResponse:
    """The sound of a call of the exam. Asked for by POST: each listening is written down (G-08)."""
    sitting = access.file_of(person(request), candidate_id)
    recording = get_object_or_404(
        Recording, pk=recording_id, workspace_id=sitting.workspace_id or 0
    )
    file = listen_to_recording(recording=recording, by=person(request), at=timezone.now())
    return files.file_response(file, inline=True)


@page(Verb.GRID_MARK, Verb.AWARD_ISSUE)
@require_POST
@transaction.atomic
def kept_file(request: HttpRequest, candidate_id: int, file_id: int) -> FileResponse:
    """A file of the exam: an answer to hear, a document to read. Each opening is written down."""
    sitting = access.file_of(person(request), candidate_id)
    kept = get_object_or_404(sitting.files.select_related("file"), pk=file_id)
    trace.record(
        "file.opened", sitting, by=person(request), at=timezone.now(), file=kept.pk, kind=kept.kind
    )
    sound = kept.kind == SittingFile.Kind.ANSWER
    return files.file_response(kept.file, inline=sound, name=kept.file.name)


@page(Verb.GRID_MARK, Verb.AWARD_ISSUE)
@require_POST
@transaction.atomic
def package(request: HttpRequest, candidate_id: int) -> FileResponse:
    """The whole sealed file as one package with its manifest; who fetched it is written down."""
    sitting = access.file_of(person(request), candidate_id)
    now = timezone.now()
    kept = gather_file(sitting=sitting, by=person(request), at=now)
    trace.record("file.opened", sitting, by=person(request), at=now, file=kept.pk, kind=kept.kind)
    return files.file_response(kept.file, name=kept.file.name)
