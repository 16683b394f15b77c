"""The telephone of an exam: what rings for the jury, which exchange a call plays, what was recorded."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from acquis.certification.papers import sealing
from acquis.certification.papers.models import Subject
from acquis.certification.sittings.models import Sitting
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone.models import Call, Leg, Recording
from acquis.kernel.media import client as media
from acquis.practice.evidence.models import MomentNote
from acquis.practice.rooms.subjects import draw_of
from acquis.practice.scenarios.actions.begin_exchange import played_key

BEFORE = timedelta(seconds=3)  # a note is taken just after what it speaks of


def customer_leg(call: Call) -> Leg:
    """The leg by which the customer of a call is on the line."""
    return call.legs.filter(side=Leg.Side.CUSTOMER).order_by("pk")[0]


def ringing(sitting: Sitting) -> list[Call]:
    """The candidate's calls that ring for the jury, the oldest first."""
    return list(
        Call.objects.filter(
            workspace_id=sitting.workspace_id or 0,
            state=Call.State.RINGING,
            conversation__direction=Conversation.Direction.OUT,
        )
        .select_related("conversation__customer")
        .order_by("pk")
    )


def exchange_called(sitting: Sitting, conversation: Conversation) -> str:
    """The played key of the drawn exchange in which this customer is to be called; "" for none."""
    if conversation.played_key:
        return conversation.played_key
    draw = draw_of(sitting, Subject.Kind.EXCHANGES)
    if draw is None or conversation.customer is None:
        return ""
    content = sealing.unseal(draw.subject)
    return next(
        (
            played_key(content, one["key"])
            for one in content["exchanges"]
            if one["channel"] == Conversation.Channel.PHONE
            and one["direction"] == Conversation.Direction.OUT
            and one["customer"] == conversation.customer.reference
        ),
        "",
    )


def line_of(conversation: Conversation | None, now: datetime) -> dict[str, Any]:
    """What the cockpit needs of a call under way or over; empty for a chat."""
    call = (
        Call.objects.filter(conversation=conversation).first() if conversation is not None else None
    )
    if call is None:
        return {}
    return {
        "call": call,
        "leg": customer_leg(call),
        "ice_servers": json.dumps(media.ice_servers(now)),
        "may_ring_again": call.state == Call.State.ENDED and call.answered_at is None,
    }


@dataclass(frozen=True, slots=True)
class Mark:
    """A note of the jury, where it lies in the sound."""

    note: MomentNote
    seconds: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording with the shape of its voices and the moments noted in it."""

    recording: Recording
    lanes: Sequence[tuple[str, Sequence[int]]]
    marks: Sequence[Mark]

    @property
    def ready(self) -> bool:
        return self.recording.state == Recording.State.READY


def recordings_by_conversation(
    sitting: Sitting, notes: Sequence[MomentNote]
) -> Mapping[int, list[Heard]]:
    """The recordings of a candidate's calls, two queries, each with this reader's own notes."""
    found: dict[int, list[Heard]] = {}
    rows = (
        Recording.objects.filter(workspace_id=sitting.workspace_id or 0)
        .exclude(state=Recording.State.DELETED)
        .select_related("call", "file")
        .prefetch_related("parts")
        .order_by("pk")
    )
    for row in rows:
        labels = [part.label for part in row.parts.all()]
        heard = Heard(row, list(zip(labels, row.peaks, strict=False)), _marks(row, notes))
        found.setdefault(row.call.conversation_id, []).append(heard)
    return found


def _marks(recording: Recording, notes: Sequence[MomentNote]) -> list[Mark]:
    if recording.started_at is None:
        return []
    began, end = recording.started_at, recording.ended_at
    return [
        Mark(note, max(0, int((note.noted_at - BEFORE - began).total_seconds())))
        for note in notes
        if began <= note.noted_at and (end is None or note.noted_at <= end + BEFORE)
    ]
