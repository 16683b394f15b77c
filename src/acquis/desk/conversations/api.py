"""Conversations and their messages: how another channel's server speaks with the desk."""

from datetime import datetime
from typing import Literal
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema
from ninja.pagination import paginate
from ninja.responses import Status

from acquis.accounts.api_kit import LARGEST_KEY, Key, Text, Window, caller, scoped
from acquis.accounts.verbs import Verb
from acquis.desk.api_kit import desk_for
from acquis.desk.conversations import queries
from acquis.desk.conversations.access import conversation_for
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.actions.write_note import write_note
from acquis.desk.conversations.models import Conversation, ConversationNote, Message
from acquis.desk.directory.access import customer_for

router = Router(tags=[_("conversations")])


class ConversationOut(Schema):
    id: int
    channel: Conversation.Channel
    direction: Conversation.Direction
    state: Conversation.State
    subject: str
    contact_label: str
    customer_id: int | None
    adviser_label: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    qualified_at: datetime | None
    reason: str | None
    outcome: str | None
    details: dict[str, str]
    summary: str

    @staticmethod
    def resolve_reason(one: Conversation) -> str | None:
        return one.reason.code if one.reason else None

    @staticmethod
    def resolve_outcome(one: Conversation) -> str | None:
        return one.outcome.code if one.outcome else None


class MessageOut(Schema):
    id: int
    position: int
    author: Message.Author
    author_label: str
    body: str
    sent_at: datetime


class NoteOut(Schema):
    id: int
    after_position: int
    author_label: str
    body: str
    written_at: datetime
    withdrawn_at: datetime | None


class NoteIn(Schema):
    """`client_key` : la clé de l’expéditeur ; la même clé n’écrit qu’une fois."""

    body: Text
    client_key: Text = ""


class ConversationIn(Schema):
    channel: Conversation.Channel
    direction: Conversation.Direction = Conversation.Direction.IN
    contact_label: Text = ""
    subject: Text = ""
    customer_id: int | None = Field(None, ge=1, le=LARGEST_KEY)


class MessageIn(Schema):
    """`client_key` : la clé de l’expéditeur ; la même clé n’envoie qu’une fois."""

    author: Literal["customer", "adviser"] = "adviser"
    author_label: Text = ""
    body: Text
    client_key: Text = ""


@router.get(
    "/workspaces/{workspace_id}/conversations",
    response=list[ConversationOut],
    summary=_("Les conversations d’un poste"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def conversations(
    request: HttpRequest,
    workspace_id: Key,
    state: Conversation.State | None = None,
    channel: Conversation.Channel | None = None,
) -> QuerySet[Conversation]:
    found = queries.of_workspace(desk_for(request, workspace_id))
    if state:
        found = found.filter(state=state)
    if channel:
        found = found.filter(channel=channel)
    return found.select_related("reason", "outcome")


@router.get(
    "/workspaces/{workspace_id}/conversations/{conversation_id}",
    response=ConversationOut,
    summary=_("Une conversation"),
)
@scoped(Verb.DESK_USE)
def conversation(request: HttpRequest, workspace_id: Key, conversation_id: Key) -> Conversation:
    desk_for(request, workspace_id)
    return conversation_for(caller(request).user, workspace_id, conversation_id)[1]


@router.get(
    "/workspaces/{workspace_id}/conversations/{conversation_id}/messages",
    response=list[MessageOut],
    summary=_("Les messages d’une conversation"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def messages(request: HttpRequest, workspace_id: Key, conversation_id: Key) -> QuerySet[Message]:
    desk_for(request, workspace_id)
    _workspace, found = conversation_for(caller(request).user, workspace_id, conversation_id)
    return queries.messages(found)


@router.post(
    "/workspaces/{workspace_id}/conversations",
    response={201: ConversationOut},
    summary=_("Commencer une conversation"),
)
@scoped(
    Verb.DESK_USE,
    note=_(
        "Entrante, elle attend un conseiller ; sortante, elle est ouverte par la personne du jeton."
    ),
)
def start(request: HttpRequest, workspace_id: Key, body: ConversationIn) -> Status[Conversation]:
    workspace = desk_for(request, workspace_id, write=True)
    who = caller(request)
    known = None
    if body.customer_id is not None:
        known = customer_for(who.user, workspace_id, body.customer_id)[1]
    begun = start_conversation(
        workspace=workspace,
        channel=body.channel,
        direction=body.direction,
        contact_label=body.contact_label,
        subject=body.subject,
        customer=known,
        by=who.user,
        at=timezone.now(),
    )
    return Status(201, begun)


@router.post(
    "/workspaces/{workspace_id}/conversations/{conversation_id}/messages",
    response={201: MessageOut},
    summary=_("Envoyer un message"),
)
@scoped(
    Verb.DESK_USE,
    note=_(
        "Au nom du client (depuis un autre canal), ou du conseiller qui a pris la conversation."
    ),
)
def send(
    request: HttpRequest, workspace_id: Key, conversation_id: Key, body: MessageIn
) -> Status[Message]:
    desk_for(request, workspace_id, write=True)
    who = caller(request)
    _workspace, found = conversation_for(who.user, workspace_id, conversation_id, write=True)
    adviser = body.author == "adviser"
    label = body.author_label or (who.user.full_name if adviser else found.contact_label)
    sent = send_message(
        conversation=found,
        author=body.author,
        body=body.body,
        author_label=label,
        client_key=body.client_key or uuid4().hex,
        by=who.user,
        at=timezone.now(),
    )
    return Status(201, sent)


@router.get(
    "/workspaces/{workspace_id}/conversations/{conversation_id}/notes",
    response=list[NoteOut],
    summary=_("Les notes internes d’une conversation"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def notes(
    request: HttpRequest, workspace_id: Key, conversation_id: Key
) -> QuerySet[ConversationNote]:
    desk_for(request, workspace_id)
    _workspace, found = conversation_for(caller(request).user, workspace_id, conversation_id)
    return queries.notes(found)


@router.post(
    "/workspaces/{workspace_id}/conversations/{conversation_id}/notes",
    response={201: NoteOut},
    summary=_("Écrire une note interne"),
)
@scoped(Verb.DESK_USE, note=_("Le client ne la voit jamais."))
def write(
    request: HttpRequest, workspace_id: Key, conversation_id: Key, body: NoteIn
) -> Status[ConversationNote]:
    desk_for(request, workspace_id, write=True)
    who = caller(request)
    _workspace, found = conversation_for(who.user, workspace_id, conversation_id, write=True)
    written = write_note(
        conversation=found,
        body=body.body,
        client_key=body.client_key or uuid4().hex,
        by=who.user,
        at=timezone.now(),
    )
    return Status(201, written)
