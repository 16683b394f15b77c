"""The telephone of an exam: what rings for the jury, and which exchange a call plays."""

import json
from datetime import datetime
from typing import Any

from acquis.certification.papers import sealing
from acquis.certification.papers.models import Subject
from acquis.certification.sittings.models import Sitting
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone.models import Call, Leg
from acquis.kernel.media import client as media
from acquis.practice.rooms.subjects import draw_of
from acquis.practice.scenarios.actions.begin_exchange import played_key


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
