"""When an invitation opens its door, and what whoever holds it is told. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

EARLY = timedelta(minutes=10)  # before the slot: time to try one's camera and to be there
LASTS = timedelta(hours=2)  # an invitation for now
LATE = timedelta(hours=1)  # after the beginning of a slot
FARTHEST = timedelta(days=60)
MEETING = timedelta(minutes=30)  # of the planning, unless another length is chosen
AWAY = timedelta(seconds=30)  # without news of the page that waits: it was closed, or sleeps
SEEN_EVERY = timedelta(seconds=10)  # a page that waits is written down no more often


class Door(StrEnum):
    """What the link of an invitation opens at a given moment."""

    EARLY = "early"  # one may try one's camera
    OPEN = "open"
    INSIDE = "inside"  # the two speak
    OVER = "over"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def starts_at(slot: datetime | None, now: datetime) -> datetime:
    """Now, or the slot that was chosen. Raises ValueError outside now … FARTHEST."""
    if slot is None:
        return now
    if not now <= slot <= now + FARTHEST:
        raise ValueError(slot)
    return slot


def expires_at(slot: datetime | None, now: datetime) -> datetime:
    return now + LASTS if slot is None else slot + LATE


def door(state: str, *, starts: datetime, expires: datetime, now: datetime) -> Door:
    """Where an invitation in this state stands; who is inside is not put out by the hour."""
    match state:
        case "calling":
            return Door.INSIDE
        case "done":
            return Door.OVER
        case "withdrawn":
            return Door.WITHDRAWN
    if now > expires:
        return Door.EXPIRED
    return Door.EARLY if now < starts - EARLY else Door.OPEN


def is_there(state: str, seen: datetime | None, now: datetime) -> bool:
    """Whether the page of the customer waits at this moment."""
    return state == "arrived" and seen is not None and now - seen <= AWAY
