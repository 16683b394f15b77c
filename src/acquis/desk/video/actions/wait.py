"""The customer behind the door: they come, stay, or go again."""

from datetime import datetime

from django.db import transaction

from acquis.desk.video import policy
from acquis.desk.video.access import device_digest, is_device_of
from acquis.desk.video.actions._invitation import locked
from acquis.desk.video.errors import InvitationOver, NotOpenYet, OtherDevice
from acquis.desk.video.models import VideoInvitation
from acquis.desk.video.news import announce
from acquis.kernel import trace


@transaction.atomic
def arrive(*, invitation: VideoInvitation, device: str, at: datetime) -> VideoInvitation:
    """Come to the door; from then on the link opens to this browser alone.

    `device` is the secret that the browser holds. Arriving again changes nothing but when it was
    last seen. Raises OtherDevice, NotOpenYet, InvitationOver or WorkspaceSealed.
    """
    row = locked(invitation)
    if not is_device_of(row, device):
        raise OtherDevice
    door = row.door(at)
    if door is policy.Door.INSIDE:
        return row
    if door is policy.Door.EARLY:
        raise NotOpenYet
    if door is not policy.Door.OPEN:
        raise InvitationOver
    came = row.state != VideoInvitation.State.ARRIVED
    was_away = not policy.is_there(row.state, row.seen_at, at)
    row.state = VideoInvitation.State.ARRIVED
    row.device = device_digest(device)
    row.arrived_at = row.arrived_at or at
    row.seen_at = at
    row.save(update_fields=["state", "device", "arrived_at", "seen_at"])
    if came:
        trace.record("video.arrived", row, by=None, at=at)
    if was_away:
        announce(row, at=at)
    return row


@transaction.atomic
def stay(*, invitation: VideoInvitation, device: str, at: datetime) -> VideoInvitation:
    """The page of the customer still waits; written down now and then.

    Raises OtherDevice or WorkspaceSealed.
    """
    row = locked(invitation)
    if not is_device_of(row, device):
        raise OtherDevice
    if row.state != VideoInvitation.State.ARRIVED or row.seen_at is None:
        return row
    if at - row.seen_at < policy.SEEN_EVERY:
        return row
    was_away = not policy.is_there(row.state, row.seen_at, at)
    row.seen_at = at
    row.save(update_fields=["seen_at"])
    if was_away:
        announce(row, at=at)
    return row


@transaction.atomic
def go_away(*, invitation: VideoInvitation, device: str, at: datetime) -> VideoInvitation:
    """The customer does not wait any longer; they may come again while the link lasts.

    Raises OtherDevice or WorkspaceSealed.
    """
    row = locked(invitation)
    if not is_device_of(row, device):
        raise OtherDevice
    if row.state != VideoInvitation.State.ARRIVED:
        return row
    row.state = VideoInvitation.State.SENT
    row.seen_at = None
    row.save(update_fields=["state", "seen_at"])
    trace.record("video.went_away", row, by=None, at=at)
    announce(row, at=at)
    return row
