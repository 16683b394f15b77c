"""A browser comes onto the line: the one act that speaks with the media worker before it answers."""

from datetime import datetime
from typing import Any

from acquis.desk.phone import queries
from acquis.desk.phone.models import Call, Leg
from acquis.kernel.media import client as media


def join(leg: Leg, offer: str, *, at: datetime) -> dict[str, Any]:
    """The answer to the offer of a browser. Raises MediaUnavailable or LegNotExpected.

    The worker is told how the room should be first: it may have been started anew since, or not have
    heard of the leg yet.
    """
    call = leg.call
    media.set_room(call.media_key, queries.wish(call))
    answer = media.join(call.media_key, leg.key, offer, at=at)
    Call.objects.filter(pk=call.pk).exclude(epoch=answer["epoch"]).update(epoch=answer["epoch"])
    return {"sdp": answer["sdp"]}
