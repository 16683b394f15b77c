"""The smallest valid rows of queues."""

from datetime import timedelta
from typing import Any

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues.models import (
    AdviserSkill,
    Offer,
    Placement,
    Presence,
    Queue,
    WrapUpExtension,
)
from tests.factories.desk import NOW


def queue(workspace: Workspace, **fields: Any) -> Queue:
    """A queue for the chat, always open."""
    values = {"key": "chat", "name": "Chat du site", "channels": ["chat"]}
    return Queue.objects.create(workspace=workspace, **(values | fields))


def placement(of: Conversation, **fields: Any) -> Placement:
    values = {"placed_at": NOW, "placed_by_label": "Camille"}
    return Placement.objects.create(
        workspace_id=of.workspace_id, conversation=of, **(values | fields)
    )


def presence(workspace: Workspace, adviser: User, **fields: Any) -> Presence:
    """A spell of availability that goes on."""
    values = {
        "adviser_label": adviser.full_name,
        "state": Presence.State.AVAILABLE,
        "started_at": NOW,
        "seen_at": NOW,
    }
    return Presence.objects.create(workspace=workspace, adviser=adviser, **(values | fields))


def skill(workspace: Workspace, adviser: User, **fields: Any) -> AdviserSkill:
    values = {"skill": "Facturation"}
    return AdviserSkill.objects.create(workspace=workspace, adviser=adviser, **(values | fields))


def offer(of: Conversation, adviser: User, **fields: Any) -> Offer:
    """A contact asked of an adviser, who has twenty seconds."""
    values = {
        "adviser_label": adviser.full_name,
        "offered_at": NOW,
        "expires_at": NOW + timedelta(seconds=20),
    }
    return Offer.objects.create(
        workspace_id=of.workspace_id, conversation=of, adviser=adviser, **(values | fields)
    )


def extension(of: Conversation, **fields: Any) -> WrapUpExtension:
    values = {"seconds": 60, "reason": "Dossier long", "by_label": "Camille", "extended_at": NOW}
    return WrapUpExtension.objects.create(
        workspace_id=of.workspace_id, conversation=of, **(values | fields)
    )
