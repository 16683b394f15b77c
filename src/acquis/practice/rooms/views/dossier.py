"""All that a candidate produced, each moment with its own address, for the jury."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.sittings import queries
from acquis.certification.sittings.models import Sitting
from acquis.desk.conversations import queries as desk_queries
from acquis.desk.conversations.models import Conversation
from acquis.desk.documents.models import Letter
from acquis.kernel import trace
from acquis.practice.rooms import access
from acquis.practice.rooms.writing import EXCHANGES, PREPARATION, WRITTEN

LIVE = (
    Conversation.Channel.CHAT,
    Conversation.Channel.PHONE,
)  # the letter received counts once it was dealt with


@page(Verb.GRID_MARK, Verb.AWARD_ISSUE)
@require_safe
def dossier(request: HttpRequest, candidate_id: int) -> HttpResponse:
    sitting = access.file_of(person(request), candidate_id)
    written = queries.productions(sitting)
    return render(
        request,
        "rooms/dossier.html",
        {
            "sitting": sitting,
            "candidate": sitting.candidate,
            "phases": sitting.phases.all(),
            "pieces": [
                {"piece": piece, "production": written[piece.key]}
                for piece in (*WRITTEN, *PREPARATION, *EXCHANGES)
                if piece.key in written and written[piece.key].content.strip()
            ],
            "conversations": _conversations(sitting),
            "letters": _letters(sitting),
            "acts": trace.lines(f"workspace:{sitting.workspace_id}")
            if sitting.workspace_id
            else [],
            "notes": sitting.candidate.moment_notes.filter(author=person(request)),
        },
    )


def _conversations(sitting: Sitting) -> list[dict[str, Any]]:
    if sitting.workspace_id is None:
        return []
    found = (
        Conversation.objects.filter(workspace_id=sitting.workspace_id)
        .exclude(played_key="")
        .filter(Q(channel__in=LIVE) | Q(ended_at__isnull=False))
        .select_related("customer", "reason", "outcome")
        .prefetch_related("messages")
        .order_by("started_at")
    )
    asked = desk_queries.details(sitting.workspace) if sitting.workspace else []
    return [
        {
            "conversation": one,
            "thread": list(one.messages.all()),
            "details": [(detail.label, one.details.get(detail.code, "")) for detail in asked],
        }
        for one in found
    ]


def _letters(sitting: Sitting) -> list[Letter]:
    """Letters written on the candidate's own desk during the exam, not those of its history."""
    if sitting.workspace_id is None or sitting.started_at is None:
        return []
    return list(
        Letter.objects.filter(
            workspace_id=sitting.workspace_id, created_at__gte=sitting.started_at
        ).select_related("customer")
    )
