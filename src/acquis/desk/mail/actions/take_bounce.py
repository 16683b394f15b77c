from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.mail import policy
from acquis.desk.mail.models import DeadAddress, Mail
from acquis.desk.mail.news import announce_mail
from acquis.kernel import trace
from acquis.kernel.delivery_reports import Delivery, failures


@transaction.atomic
def take_bounce(
    *, mail: Mail, deliveries: Sequence[Delivery], original_id: str, at: datetime
) -> Mail | None:
    """Write a report of delivery beside the mail it speaks of, which is given back.

    A failure for good marks that mail; an address that nobody serves is remembered. Whoever wrote
    is told in the exchange, in a new one when it was already qualified. A report on nothing of
    ours, or of a mere delay, changes no state.
    """
    original = (
        Mail.objects.select_for_update(of=("self",))
        .filter(workspace_id=mail.workspace_id, identifier=original_id)
        .exclude(state=Mail.State.RECEIVED)
        .first()
        if original_id
        else None
    )
    if original is None:
        return None
    mail.answers = original
    mail.conversation = original.conversation
    mail.customer = original.customer
    mail.save(update_fields=["answers", "conversation", "customer"])
    failed = failures(deliveries)
    for one in failed:
        mark_dead(original, one, at)
    if failed:
        refuse(original, failed, at)
    return original


def refuse(original: Mail, failed: Sequence[Delivery], at: datetime) -> None:
    """Say of a mail that it did not reach these recipients, and tell whoever wrote it."""
    known = {one["address"] for one in original.refused}
    fresh = [one for one in failed if one.recipient not in known]
    if not fresh:
        return
    original.refused = [
        *original.refused,
        *(
            {"address": one.recipient, "status": one.status, "reason": one.diagnostic}
            for one in fresh
        ),
    ]
    original.state = Mail.State.BOUNCED
    original.save(update_fields=["refused", "state"])
    trace.record(
        "mail.bounced",
        original,
        by=None,
        at=at,
        statuses=[one.status for one in fresh],
        personal={"recipients": [one.recipient for one in fresh]},
    )
    _tell(original, fresh, at)
    announce_mail(original, what="bounced", at=at)


def _tell(original: Mail, failed: Sequence[Delivery], at: datetime) -> None:
    conversation = original.conversation
    if conversation is None:
        return
    if conversation.qualified_at is not None and original.kind == Mail.Kind.NORMAL:
        conversation = start_conversation(
            workspace=original.workspace,
            channel=Conversation.Channel.MAIL,
            direction=Conversation.Direction.IN,
            contact_label=conversation.contact_label,
            contact_address=conversation.contact_address,
            subject=_("Non remis : %s") % original.subject,
            customer=conversation.customer,
            by=None,
            at=at,
        )
    for one in failed:
        text = _("Le courriel « %(subject)s » n’a pas été remis à %(address)s : %(reason)s") % {
            "subject": original.subject,
            "address": one.recipient,
            "reason": one.diagnostic or one.status or _("sans raison donnée"),
        }
        send_message(
            conversation=conversation,
            author=Message.Author.SYSTEM,
            body=text,
            author_label=_("Avis de non-remise"),
            client_key=f"bounce:{original.pk}:{one.recipient}"[:80],
            by=None,
            at=at,
        )


def mark_dead(original: Mail, one: Delivery, at: datetime) -> None:
    if one.address_is_dead and policy.is_address(one.recipient):
        DeadAddress.objects.get_or_create(
            workspace_id=original.workspace_id,
            address=one.recipient.lower(),
            defaults={"status": one.status, "reason": one.diagnostic, "since": at},
        )
