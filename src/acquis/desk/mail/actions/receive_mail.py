from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from acquis.accounts.models import Workspace
from acquis.desk.conversations.actions.reopen_conversation import reopen_conversation
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Attachment, Conversation, Message
from acquis.desk.mail import policy, queries, reading
from acquis.desk.mail.actions.acknowledge_mail import acknowledge_mail
from acquis.desk.mail.actions.take_bounce import take_bounce
from acquis.desk.mail.errors import SenderFloods
from acquis.desk.mail.models import DeadAddress, Mail, Mailbox, MailFile
from acquis.desk.mail.shortening import shortened
from acquis.desk.queues.models import Placement
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import files, trace

SHOWN_INLINE = frozenset({"image/png", "image/jpeg"})


@dataclass(frozen=True, slots=True)
class _Place:
    """The exchange a mail belongs to; `begun` when it began it."""

    conversation: Conversation | None
    answers: Mail | None
    begun: bool = False


@transaction.atomic
def receive_mail(
    *, workspace: Workspace, mailbox: Mailbox | None, raw: bytes, at: datetime
) -> Mail:
    """Take a mail in, once for its identifier and mailbox: a repetition gives back the first.

    It joins the exchange that its headers name, or the reference in its subject, never one that
    only has the same subject. An exchange ended and not yet qualified opens again; after a
    qualified one another begins. Reports of delivery go to the mail they speak of; automatic
    answers are kept and begin nothing. Raises SenderFloods or WorkspaceSealed; nothing is
    written then.
    """
    refuse_if_sealed(workspace)
    parsed = reading.parse(raw)
    known = queries.received(mailbox, workspace, parsed.message_id)
    if known is not None:
        return known
    address = parsed.sender[1]
    own = address in queries.own_addresses(workspace) or _is_ours(workspace, parsed.message_id)
    kind = policy.kind_of(parsed.headers, report=parsed.is_report, own=own)
    if kind in {"normal", "list", "automatic"} and address:
        lately = queries.taken_in_lately(workspace, address, now=at)
        if lately >= policy.MOST_AN_HOUR:
            raise SenderFloods(sender=address, limit=policy.MOST_AN_HOUR)
    place = _place(workspace, parsed, kind, at)
    mail = _kept(workspace, mailbox, parsed, kind, place, raw, at)
    if kind == "bounce":
        take_bounce(mail=mail, deliveries=parsed.deliveries, original_id=parsed.original_id, at=at)
    elif place.conversation is not None:
        _said(mail, place.conversation, parsed, at)
        DeadAddress.objects.filter(workspace=workspace, address=address).delete()
        if place.begun and mailbox is not None:
            _wait_in_queue(place.conversation, mailbox, at)
            suppressed = "x-auto-response-suppress" in parsed.headers
            acknowledge_mail(mail=mail, suppressed=suppressed, at=at)
    return mail


def _wait_in_queue(conversation: Conversation, mailbox: Mailbox, at: datetime) -> None:
    """The mailbox says where its mail waits; without a queue its channel does."""
    if mailbox.queue_id is not None:
        Placement.objects.create(
            workspace_id=mailbox.workspace_id,
            conversation=conversation,
            queue_id=mailbox.queue_id,
            placed_by_label=str(mailbox)[:160],
            placed_at=at,
        )


def _is_ours(workspace: Workspace, identifier: str) -> bool:
    left = Mail.objects.filter(workspace=workspace, identifier=identifier)
    return left.exclude(state=Mail.State.RECEIVED).exists()


def _place(
    workspace: Workspace,
    parsed: reading.Parsed,
    kind: policy.Kind,
    at: datetime,
) -> _Place:
    if kind in {"bounce", "own"}:
        return _Place(None, None)
    answers = queries.thread_of(workspace, parsed.ancestors)
    before = answers.conversation if answers else None
    if before is None:
        before = queries.conversation_named(workspace, parsed.subject)
    if kind == "automatic":
        return _Place(before, answers)
    if before is not None and before.qualified_at is None:
        return _Place(reopen_conversation(conversation=before, by=None, at=at), answers)
    name, address = parsed.sender
    customer = queries.customer_at(workspace, address)
    if customer is None and before is not None:
        customer = before.customer
    begun = start_conversation(
        workspace=workspace,
        channel=Conversation.Channel.MAIL,
        direction=Conversation.Direction.IN,
        contact_label=name or address or _("Expéditeur inconnu"),
        contact_address=parsed.reply_to or address,
        subject=parsed.subject or _("(sans objet)"),
        customer=customer,
        by=None,
        at=at,
    )
    return _Place(begun, answers, begun=True)


def _kept(
    workspace: Workspace,
    mailbox: Mailbox | None,
    parsed: reading.Parsed,
    kind: policy.Kind,
    place: _Place,
    raw: bytes,
    at: datetime,
) -> Mail:
    source = files.store(raw, name="message.eml", media_type="message/rfc822", by=None, at=at)
    name, address = parsed.sender
    mail = Mail.objects.create(
        workspace=workspace,
        mailbox=mailbox,
        conversation=place.conversation,
        customer=place.conversation.customer if place.conversation else None,
        answers=place.answers,
        state=Mail.State.RECEIVED,
        kind=kind,
        identifier=parsed.message_id,
        references=parsed.references,
        from_name=name,
        from_address=address,
        reply_to=parsed.reply_to,
        to=parsed.to,
        cc=parsed.cc,
        subject=parsed.subject,
        body=parsed.body,
        quoted=parsed.quoted,
        html=parsed.html,
        raw=source,
        at=at,
    )
    trace.record(
        "mail.received",
        mail,
        by=None,
        at=at,
        mailbox_id=mailbox.pk if mailbox else None,
        conversation_id=place.conversation.pk if place.conversation else None,
        kind=kind,
        bytes=len(raw),
        files=len(parsed.files) + len(parsed.inline),
        left_out=parsed.left_out,
        personal={"from": address, "subject": parsed.subject},
    )
    return mail


def _said(mail: Mail, conversation: Conversation, parsed: reading.Parsed, at: datetime) -> None:
    """What the exchange shows of it."""
    automatic = mail.kind == Mail.Kind.AUTOMATIC
    body = mail.body or (_("(sans texte)") if not mail.quoted else mail.quoted)
    author = mail.from_name or mail.from_address or _("Expéditeur inconnu")
    label = _("Réponse automatique de %s") % author if automatic else author
    message = send_message(
        conversation=conversation,
        author=Message.Author.SYSTEM if automatic else Message.Author.CUSTOMER,
        body=shortened(body),
        author_label=label,
        client_key=f"mail:{mail.pk}",
        by=None,
        at=at,
    )
    mail.message = message
    mail.save(update_fields=["message"])
    for part in (*parsed.files, *parsed.inline):
        _keep_file(mail, message, part, at)


def _keep_file(mail: Mail, message: Message, part: reading.Part, at: datetime) -> None:
    media_type = files.media_type_of(part.content)
    kept = files.store(part.content, name=part.name, media_type=media_type, by=None, at=at)
    place = {"workspace_id": mail.workspace_id, "file": kept, "name": part.name}
    if f"cid:{part.content_id}" in mail.html and kept.media_type in SHOWN_INLINE:
        MailFile.objects.create(mail=mail, content_id=part.content_id, **place)
    else:
        Attachment.objects.create(message=message, **place)
