"""Mail of one workspace: by which mailbox, in which exchange, what went wrong."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.policy import hours_of
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory.models import ContactPoint, Customer
from acquis.desk.mail import policy
from acquis.desk.mail.models import DeadAddress, Mail, Mailbox, SetAside
from acquis.desk.queues import policy as queue_policy
from acquis.desk.shell import day_in_paris

WANTED = (
    ("received", _("Reçus")),
    ("sent", _("Envoyés")),
    ("waiting", _("En cours d’envoi ou retenus")),
    ("failed", _("Non envoyés")),
    ("bounced", _("Non remis")),
    ("automatic", _("Automatiques")),
    ("ignored", _("Ignorés")),
)
CHOSEN: dict[str, dict[str, Any]] = {
    "received": {
        "state": Mail.State.RECEIVED,
        "kind__in": [Mail.Kind.NORMAL, Mail.Kind.LIST],
    },
    "sent": {"state": Mail.State.SENT},
    "waiting": {"state": Mail.State.SENDING},
    "failed": {"state": Mail.State.FAILED},
    "bounced": {"state": Mail.State.BOUNCED},
    "automatic": {"kind": Mail.Kind.AUTOMATIC},
    "ignored": {"kind__in": [Mail.Kind.OWN, Mail.Kind.BOUNCE]},
}


def of_workspace(workspace: Workspace) -> QuerySet[Mail]:
    """What came and left, newest first; drafts are their author's alone."""
    private = [Mail.State.DRAFT, Mail.State.SCHEDULED]
    return (
        Mail.objects.filter(workspace=workspace)
        .exclude(state__in=private)
        .select_related("mailbox", "customer", "conversation")
        .order_by("-at", "-pk")
    )


def journal(workspace: Workspace, *, typed: str = "", wanted: str = "") -> QuerySet[Mail]:
    """The mail of a desk, by words of its subject or addresses, and by one of `WANTED`."""
    found = of_workspace(workspace)
    for word in typed.split()[:6]:
        found = found.filter(
            Q(subject__icontains=word)
            | Q(from_address__icontains=word)
            | Q(from_name__icontains=word)
            | Q(to__icontains=word)
        )
    return found.filter(**CHOSEN[wanted]) if wanted in CHOSEN else found


def being_written(workspace: Workspace, user: User) -> QuerySet[Mail]:
    """A person's drafts and what of theirs may still be called back, oldest first."""
    return (
        Mail.objects.filter(
            workspace=workspace, author=user, state__in=[Mail.State.DRAFT, Mail.State.SCHEDULED]
        )
        .select_related("mailbox", "customer", "conversation")
        .prefetch_related("files__file")
        .order_by("pk")
    )


def drafts(workspace: Workspace, user: User) -> QuerySet[Mail]:
    """What a person began and did not send, the last kept first."""
    return (
        being_written(workspace, user).filter(state=Mail.State.DRAFT).order_by("-saved_at", "-pk")
    )


def failed(conversation: Conversation) -> QuerySet[Mail]:
    return Mail.objects.filter(conversation=conversation, state=Mail.State.FAILED).order_by("pk")


def answerable(conversation: Conversation) -> Mail | None:
    """The last mail of the customer, or of anybody where they wrote none."""
    said = Mail.objects.filter(conversation=conversation, message__isnull=False).select_related(
        "mailbox"
    )
    theirs = said.filter(state=Mail.State.RECEIVED, kind__in=[Mail.Kind.NORMAL, Mail.Kind.LIST])
    return theirs.order_by("-at", "-pk").first() or said.order_by("-at", "-pk").first()


def mailboxes(workspace: Workspace) -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(workspace=workspace).order_by("-is_active", "address")


def default_mailbox(workspace: Workspace) -> Mailbox | None:
    """The mailbox in service made first; None where there is none: the outbox folder serves."""
    return Mailbox.objects.filter(workspace=workspace, is_active=True).order_by("pk").first()


def is_open(mailbox: Mailbox, at: datetime) -> bool:
    """Whether the queue of the mailbox is open; a mailbox without a queue always is."""
    queue = mailbox.queue
    return queue is None or queue_policy.is_open(
        hours_of(queue.hours), queue.closures, at, day_in_paris(at)
    )


def own_addresses(workspace: Workspace) -> set[str]:
    rows = Mailbox.objects.filter(workspace=workspace).values_list("address", flat=True)
    return {address.lower() for address in rows} | {desk_address(workspace)}


def desk_address(workspace: Workspace) -> str:
    """In whose name a desk without a mailbox writes."""
    known = str(workspace.identity.get("email", "")).lower()
    return known if policy.is_address(known) else f"poste-{workspace.pk}@acquis.example"


def received(mailbox: Mailbox | None, workspace: Workspace, identifier: str) -> Mail | None:
    return Mail.objects.filter(
        workspace=workspace, mailbox=mailbox, identifier=identifier, state=Mail.State.RECEIVED
    ).first()


def thread_of(workspace: Workspace, ancestors: Sequence[str]) -> Mail | None:
    """The nearest known mail among those a message answers; `ancestors` nearest first."""
    known = {
        mail.identifier: mail
        for mail in Mail.objects.filter(
            workspace=workspace, identifier__in=ancestors, conversation__isnull=False
        ).select_related("conversation")
    }
    return next((known[one] for one in ancestors if one in known), None)


def token_of(conversation: Conversation) -> str:
    return f"[réf. {conversation.pk}-{_seal(conversation.workspace_id, conversation.pk)}]"


def _seal(workspace_id: int, conversation_pk: int) -> str:
    named = f"mail-token:{workspace_id}:{conversation_pk}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), named, hashlib.sha256).hexdigest()[:8]


def conversation_named(workspace: Workspace, subject: str) -> Conversation | None:
    """The exchange whose reference stands in a subject, its seal checked."""
    token = policy.token_in(subject)
    if token is None or not hmac.compare_digest(_seal(workspace.pk, token[0]), token[1]):
        return None
    return Conversation.objects.filter(workspace=workspace, pk=token[0]).first()


def customer_at(workspace: Workspace, address: str) -> Customer | None:
    """The customer of an address; None when nobody or several people have it."""
    if not address:
        return None
    points = ContactPoint.objects.filter(
        workspace=workspace, kind=ContactPoint.Kind.EMAIL, value=address.lower()
    )
    found = Customer.objects.filter(workspace=workspace).filter(
        Q(email__iexact=address) | Q(pk__in=points.values("customer_id"))
    )[:2]
    return found[0] if len(found) == 1 else None


def taken_in_lately(
    workspace: Workspace, sender: str, *, now: datetime, within: timedelta = timedelta(hours=1)
) -> int:
    return Mail.objects.filter(
        workspace=workspace,
        from_address=sender,
        state=Mail.State.RECEIVED,
        at__gt=now - within,
    ).count()


def last_acknowledged(workspace: Workspace, sender: str) -> datetime | None:
    found = (
        Mail.objects.filter(workspace=workspace, to=sender, kind=Mail.Kind.AUTOMATIC)
        .exclude(state=Mail.State.RECEIVED)
        .order_by("-at")
        .first()
    )
    return found.at if found else None


def dead(workspace: Workspace, lines: Iterable[str]) -> list[DeadAddress]:
    """The addresses of these lines that are known to be served by nobody."""
    asked = {address.lower() for line in lines for _label, address in policy.addresses(line)}
    return list(DeadAddress.objects.filter(workspace=workspace, address__in=asked)) if asked else []


def set_aside(workspace: Workspace) -> QuerySet[SetAside]:
    return SetAside.objects.filter(workspace=workspace, settled_at__isnull=True).select_related(
        "mailbox", "raw"
    )


def mails_of(messages: Sequence[Message]) -> dict[int, Mail]:
    """The mail behind each message of an exchange, in one query."""
    rows = (
        Mail.objects.filter(message__in=[message.pk for message in messages]).select_related(
            "message"
        )
        if messages
        else ()
    )
    return {mail.message_id: mail for mail in rows if mail.message_id is not None}
