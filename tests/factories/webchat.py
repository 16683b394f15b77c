"""The smallest valid rows of the chat of sites and of call-backs; traits name situations."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.webchat.access import digest
from acquis.desk.webchat.actions.open_chat import Opening
from acquis.desk.webchat.models import CallBack, Chat, ChatLine, Site, Visitor
from tests.factories import desk as make

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday, 10 o'clock in Paris
NIGHT = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)  # 22 o'clock: nobody is there
WEEK = {str(day): "09:00-12:30, 13:30-18:00" for day in range(5)}
ALWAYS = {str(day): "00:00-23:59" for day in range(7)}
_rank = itertools.count(1)


def token() -> str:
    """A token as a browser draws it."""
    return f"{next(_rank):043d}"


def site(workspace: Workspace, **fields: Any) -> Site:
    """An open site, without automatic answer."""
    values = {
        "name": "Boutique",
        "key": f"cle-{next(_rank)}",
        "key_issued_for": workspace.pk,
        "origins": ["https://www.boutique.example"],
        "automatic": False,
        "hours": WEEK,
        "created_at": NOW,
    }
    return Site.objects.create(workspace=workspace, **(values | fields))


def visitor(of: Site, **fields: Any) -> Visitor:
    values = {
        "name": "Odile",
        "token_digest": digest(token()),
        "address_digest": digest("203.0.113.7"),
        "first_seen_at": NOW,
    }
    return Visitor.objects.create(workspace_id=of.workspace_id, site=of, **(values | fields))


def chat(of: Visitor, **fields: Any) -> Chat:
    """An exchange with the automatic answer."""
    values = {"client_key": f"k{next(_rank)}", "subject": "Mon colis", "begun_at": NOW}
    row = Chat.objects.create(workspace_id=of.workspace_id, visitor=of, **(values | fields))
    ChatLine.objects.create(
        workspace_id=of.workspace_id,
        chat=row,
        position=1,
        author=ChatLine.Author.VISITOR,
        body=row.subject,
        sent_at=NOW,
        client_key=row.client_key,
    )
    return row


def open_chat(of: Site, by: User, **fields: Any) -> Chat:
    """A chat that an adviser has taken."""
    conversation = make.open_conversation(of.workspace, by, contact_label="Odile")
    return chat(visitor(of), conversation=conversation, **fields)


def ended_chat(of: Site, by: User, **fields: Any) -> Chat:
    row = open_chat(of, by, **fields)
    Conversation.objects.filter(pk=row.conversation_id).update(
        state=Conversation.State.ENDED, ended_at=NOW
    )
    row.refresh_from_db()
    return row


def opening(**fields: Any) -> Opening:
    values = {
        "name": "Odile",
        "email": "odile@client.example",
        "question": "Où est mon colis ?",
        "client_key": f"q{next(_rank)}",
    }
    return Opening(**(values | fields))


def call_back(of: Site, **fields: Any) -> CallBack:
    """A call promised for the same day, from 11 o'clock to half past in Paris."""
    start = NOW + timedelta(hours=1)
    values = {
        "reference": f"RAP-{next(_rank)}",
        "client_key": f"r{next(_rank)}",
        "name": "Odile",
        "phone": "+33639980001",
        "subject": "Mon colis",
        "slot_start": start,
        "slot_end": start + timedelta(minutes=30),
        "due_at": start,
        "requested_at": NOW,
    }
    return CallBack.objects.create(workspace=of.workspace, site=of, **(values | fields))
