"""Mail through the HTTP API: what came and left, and writing one."""

from datetime import datetime

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
from acquis.desk.conversations.access import conversation_for
from acquis.desk.directory.access import customer_for
from acquis.desk.mail import queries
from acquis.desk.mail.access import draft_for, mail_for
from acquis.desk.mail.actions.schedule_mail import call_back_mail
from acquis.desk.mail.actions.send_mail import send_mail
from acquis.desk.mail.models import Mail

router = Router(tags=[_("courriels")])


class MailOut(Schema):
    id: int
    state: Mail.State
    kind: Mail.Kind
    conversation_id: int | None
    customer_id: int | None
    from_address: str
    to: str
    cc: str
    subject: str
    body: str
    at: datetime
    leaves_at: datetime | None
    sent_at: datetime | None
    last_error: str
    refused: list[dict[str, str]]


class MailIn(Schema):
    """`conversation_id` répond au dernier courriel de l’échange ; sans lui, un échange commence.

    Une partie absente garde ce avec quoi un courriel commence : destinataire, objet, signature.
    """

    conversation_id: int | None = Field(None, ge=1, le=LARGEST_KEY)
    customer_id: int | None = Field(None, ge=1, le=LARGEST_KEY)
    to: Text | None = None
    cc: Text | None = None
    bcc: Text | None = None
    subject: Text | None = None
    body: Text


@router.get(
    "/workspaces/{workspace_id}/mails",
    response=list[MailOut],
    summary=_("Les courriels reçus et envoyés d’un poste"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def mails(
    request: HttpRequest, workspace_id: Key, q: Text = "", wanted: Text = ""
) -> QuerySet[Mail]:
    return queries.journal(desk_for(request, workspace_id), typed=q, wanted=wanted)


@router.get(
    "/workspaces/{workspace_id}/mails/{mail_id}", response=MailOut, summary=_("Un courriel")
)
@scoped(Verb.DESK_USE)
def mail(request: HttpRequest, workspace_id: Key, mail_id: Key) -> Mail:
    desk_for(request, workspace_id)
    return mail_for(caller(request).user, workspace_id, mail_id)[1]


@router.post(
    "/workspaces/{workspace_id}/mails",
    response={201: MailOut},
    summary=_("Envoyer un courriel"),
)
@scoped(Verb.DESK_USE, note=_("Il part dix secondes plus tard et peut être rappelé jusque-là."))
def send(request: HttpRequest, workspace_id: Key, body: MailIn) -> Status[Mail]:
    workspace = desk_for(request, workspace_id, write=True)
    who = caller(request).user
    answered = known = None
    if body.conversation_id is not None:
        answered = conversation_for(who, workspace_id, body.conversation_id, write=True)[1]
    if body.customer_id is not None:
        known = customer_for(who, workspace_id, body.customer_id)[1]
    given = {name: getattr(body, name) for name in ("to", "cc", "bcc", "subject", "body")}
    sent = send_mail(
        workspace=workspace,
        conversation=answered,
        customer=known,
        parts={name: text for name, text in given.items() if text is not None},
        by=who,
        at=timezone.now(),
    )
    return Status(201, sent)


@router.post(
    "/workspaces/{workspace_id}/mails/{mail_id}/call-back",
    response=MailOut,
    summary=_("Rappeler un courriel qui n’est pas encore parti"),
)
@scoped(Verb.DESK_USE, note=_("Il redevient un brouillon, mot pour mot."))
def call_back(request: HttpRequest, workspace_id: Key, mail_id: Key) -> Mail:
    desk_for(request, workspace_id, write=True)
    who = caller(request).user
    _workspace, found = draft_for(who, workspace_id, mail_id)
    return call_back_mail(mail=found, by=who, at=timezone.now())
