"""The smallest invitations; traits name situations."""

from datetime import timedelta
from typing import Any

from acquis.accounts.models import User, Workspace
from acquis.desk.video.access import device_digest
from acquis.desk.video.models import VideoInvitation
from tests.factories.desk import NOW


def invitation(workspace: Workspace, by: User, **fields: Any) -> VideoInvitation:
    """Somebody is invited now; the link is copied."""
    at = fields.get("created_at", NOW)
    values: dict[str, Any] = {
        "label": "Odile",
        "way": VideoInvitation.Way.COPY,
        "inviter": by,
        "inviter_label": by.full_name,
        "created_at": at,
        "starts_at": at,
        "expires_at": at + timedelta(hours=2),
    }
    return VideoInvitation.objects.create(workspace=workspace, **(values | fields))


def arrived(
    workspace: Workspace, by: User, device: str = "first", **fields: Any
) -> VideoInvitation:
    """The customer waits, seen a moment ago, in the browser that holds `device`."""
    at = fields.get("created_at", NOW)
    values = {
        "state": VideoInvitation.State.ARRIVED,
        "device": device_digest(device),
        "arrived_at": at,
        "seen_at": at,
    }
    return invitation(workspace, by, **(values | fields))
