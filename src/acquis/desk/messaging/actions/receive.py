"""What gateways tell: messages of customers, receipts of ours, STOP."""

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from acquis.accounts.models import Workspace
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Attachment, Conversation, Message
from acquis.desk.conversations.news import announce
from acquis.desk.directory import queries as directory
from acquis.desk.directory.actions.record_consent import Statement, record_consent
from acquis.desk.directory.models import Consent, Customer
from acquis.desk.directory.policy import e164
from acquis.desk.messaging import policy, queries
from acquis.desk.messaging.actions.depart import depart
from acquis.desk.messaging.events import Incoming, Receipt
from acquis.desk.messaging.models import Channel, Delivery, Gateway, OptOut, ReceivedEvent
from acquis.desk.queues import queries as queues
from acquis.desk.queues.actions.place_contact import place_contact
from acquis.desk.shell import day_in_paris, refuse_if_sealed
from acquis.kernel import files, trace
from acquis.kernel.errors import DomainRefusal

# A receipt that comes late does not undo what a later one said.
RANKS = {"queued": 0, "sent": 1, "delivered": 2, "failed": 2}


@transaction.atomic
def receive_message(*, gateway: Gateway, incoming: Incoming, at: datetime) -> Message | None:
    """Put a customer's message in their exchange, begun when there is none under way.

    One that begins waits in the queue of the gateway, and has its automatic answer while the queue is
    closed. The same event twice changes nothing and gives None. STOP is kept at the instant it is said.
    Raises WorkspaceSealed; nothing is written then.
    """
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=gateway.workspace_id)
    refuse_if_sealed(workspace)
    if not _first_time(gateway, incoming.event_id, at):
        return None
    address = _address(gateway.channel, incoming.address)
    conversation = queries.under_way(workspace, gateway.channel, address)
    begins = conversation is None
    if conversation is None:
        customer = _customer(workspace, gateway.channel, address, at)
        conversation = start_conversation(
            workspace=workspace,
            channel=gateway.channel,
            direction=Conversation.Direction.IN,
            contact_label=incoming.name or (customer.display_name if customer else address),
            contact_address=address,
            subject="",
            customer=customer,
            by=None,
            at=at,
        )
        place_contact(conversation=conversation, queue=gateway.queue, label=gateway.name, at=at)
    message = send_message(
        conversation=conversation,
        author=Message.Author.CUSTOMER,
        body=incoming.text or str(_("[pièce jointe]")),
        author_label=conversation.contact_label,
        client_key=f"gateway:{gateway.pk}:{incoming.event_id}"[-80:],
        by=None,
        at=at,
    )
    refused = _attach(message, incoming, at)
    if refused:
        _say(conversation, f"media:{message.pk}", " ".join(refused), at)
    if policy.opts_out(incoming.text):
        _opt_out(conversation, address, incoming.text, at)
    elif policy.opts_in(incoming.text):
        _opt_in(conversation, address, at)
    elif begins and gateway.closed_answer and not queues.is_open(gateway.queue, at):
        depart(_say(conversation, f"closed:{message.pk}", gateway.closed_answer, at), at)
    return message


@transaction.atomic
def receive_receipt(*, gateway: Gateway, receipt: Receipt, at: datetime) -> Delivery | None:
    """Keep what became of a message; None for an event already known, or a message that is not ours.

    Raises WorkspaceSealed.
    """
    refuse_if_sealed(gateway.workspace)
    if not _first_time(gateway, receipt.event_id, at):
        return None
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .filter(gateway=gateway, remote_id=receipt.remote_id)
        .select_related("message__conversation")
        .first()
    )
    if delivery is None or RANKS[receipt.state] < RANKS[delivery.state]:
        return None
    return settle(delivery=delivery, state=receipt.state, reason=receipt.reason, at=at)


@transaction.atomic
def settle(
    *, delivery: Delivery, state: str, at: datetime, reason: str = "", remote_id: str = ""
) -> Delivery:
    """Write what became of a message, and tell the pages that show it."""
    delivery.state = Delivery.State(state)
    delivery.reason = reason[:300]
    delivery.remote_id = remote_id or delivery.remote_id
    delivery.changed_at = at
    delivery.save(update_fields=["state", "reason", "remote_id", "changed_at", "attempts"])
    conversation = delivery.message.conversation
    trace.record(
        "messaging.delivery_changed",
        conversation,
        by=None,
        at=at,
        message_id=delivery.message_id,
        state=state,
        reason=delivery.reason,
    )
    announce(conversation, what="delivery", at=at)
    return delivery


def _first_time(gateway: Gateway, event_id: str, at: datetime) -> bool:
    _event, new = ReceivedEvent.objects.get_or_create(
        gateway=gateway,
        event_id=event_id,
        defaults={"workspace_id": gateway.workspace_id, "received_at": at},
    )
    return new


def _address(channel: str, given: str) -> str:
    """A number in international form; the identifier of a network as it is given."""
    if channel == Channel.SOCIAL:
        return given
    return e164(given) or given


def _customer(workspace: Workspace, channel: str, address: str, at: datetime) -> Customer | None:
    """Whom the number names, if it names one customer alone."""
    if channel == Channel.SOCIAL:
        return None
    named = directory.identify(workspace, address, on=day_in_paris(at))
    known = [caller.customer for caller in named if caller.certainty == "known"]
    return known[0] if len(known) == 1 else None


def _attach(message: Message, incoming: Incoming, at: datetime) -> list[str]:
    """Keep the files that are what they may be; what is said of the others."""
    refused = []
    for media in incoming.media:
        try:
            kind = files.check_upload(
                SimpleUploadedFile(media.name, media.content), allowed=policy.MEDIA
            )
        except DomainRefusal as refusal:
            refused.append(str(refusal))
            continue
        kept = files.store(media.content, name=media.name, media_type=kind, by=None, at=at)
        Attachment.objects.create(
            workspace_id=message.workspace_id, message=message, file=kept, name=media.name
        )
    return refused


def _opt_out(conversation: Conversation, address: str, words: str, at: datetime) -> None:
    OptOut.objects.update_or_create(
        workspace_id=conversation.workspace_id,
        channel=conversation.channel,
        address=address,
        defaults={"said_at": at, "words": words[:60]},
    )
    trace.record(
        "messaging.opted_out",
        conversation,
        by=None,
        at=at,
        channel=conversation.channel,
        customer_id=conversation.customer_id,
    )
    if conversation.customer is not None and conversation.channel == Channel.SMS:
        _withdraw_consent(conversation.customer, words, at)
    sentence = _("STOP reçu : plus rien ne partira vers cette adresse sur ce canal.")
    _say(conversation, f"stop:{at.isoformat()}", sentence, at)


def _withdraw_consent(known: Customer, words: str, at: datetime) -> None:
    """The agreement to be written to by SMS ends at the instant of the STOP (P-07)."""
    statement = Statement(
        channel=Consent.Channel.SMS,
        given=False,
        decided_at=at,
        medium=Consent.Medium.WRITTEN,
        act=words[:200],
    )
    record_consent(customer=known, statement=statement, by=None, at=at)


def _opt_in(conversation: Conversation, address: str, at: datetime) -> None:
    """The address may be written to again; an agreement to offers is another matter."""
    gone, _rows = OptOut.objects.filter(
        workspace_id=conversation.workspace_id, channel=conversation.channel, address=address
    ).delete()
    if gone:
        trace.record(
            "messaging.opted_in", conversation, by=None, at=at, channel=conversation.channel
        )


def _say(conversation: Conversation, key: str, sentence: str, at: datetime) -> Message:
    return send_message(
        conversation=conversation,
        author=Message.Author.SYSTEM,
        body=sentence,
        author_label="",
        client_key=key[:80],
        by=None,
        at=at,
    )
