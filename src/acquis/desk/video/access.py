"""The only ways from outside to an invitation: a seat in its desk, or the link of the customer."""

import hashlib

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.crypto import constant_time_compare, salted_hmac

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.access import conversation_for
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone.access import may_supervise
from acquis.desk.video import queries
from acquis.desk.video.models import VideoInvitation

KEY_CHARS = 32


def invitation_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, VideoInvitation]:
    """An invitation of one's own, or any of a desk one supervises. Raises Http404."""
    workspace = workspace_for(user, workspace_id, write=write)
    rows = queries.visible_to(user, workspace, all_of_them=may_supervise(user, workspace))
    invitation = get_object_or_404(rows, pk=pk)
    invitation.workspace = workspace
    return workspace, invitation


def held_exchange(user: User, workspace_id: int, pk: int) -> tuple[Workspace, Conversation]:
    """An exchange from which one may invite: held, or of a desk one supervises. Raises Http404."""
    workspace, conversation = conversation_for(user, workspace_id, pk, write=True)
    if conversation.adviser_id != user.pk and not may_supervise(user, workspace):
        raise Http404
    return workspace, conversation


def key_of(invitation: VideoInvitation) -> str:
    """The link of an invitation: it names it and cannot be guessed.

    It is worked out, not kept: a private copy of a desk has another one, and a new generation
    voids the old one.
    """
    return f"{invitation.pk}-{_digest(invitation)}"


def _digest(invitation: VideoInvitation) -> str:
    value = f"{invitation.workspace_id}:{invitation.pk}:{invitation.generation}"
    made = salted_hmac("acquis.desk.video.invitation", value, algorithm="sha256")
    return made.hexdigest()[:KEY_CHARS]


def invitation_of_key(key: str) -> VideoInvitation:
    """The invitation that a link opens, whatever its state. Raises Http404."""
    place, _dash, digest = key.partition("-")
    if not place.isdecimal() or len(place) > 18:
        raise Http404
    rows = VideoInvitation.objects.select_related("workspace", "call")
    found = rows.filter(pk=int(place)).first()
    if found is None or not constant_time_compare(digest, _digest(found)):
        raise Http404
    return found


def device_digest(secret: str) -> str:
    """What is kept of what a browser holds to come back: nobody finds it back from the table."""
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def is_device_of(invitation: VideoInvitation, secret: str) -> bool:
    """Whether the link is free, or this browser is the one that came first."""
    return not invitation.device or constant_time_compare(invitation.device, device_digest(secret))
