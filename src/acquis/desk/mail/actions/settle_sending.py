from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.models import Message
from acquis.desk.mail import policy
from acquis.desk.mail.actions.take_bounce import mark_dead, refuse
from acquis.desk.mail.models import Mail
from acquis.desk.mail.news import announce_mail
from acquis.kernel import files, trace
from acquis.kernel.delivery_reports import Delivery


@transaction.atomic
def settle_sent(*, mail: Mail, raw: bytes, refused: Mapping[str, str], at: datetime) -> Mail:
    """Write that a server took the mail, and which addresses it refused for good."""
    row = Mail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    row.state, row.sent_at, row.last_error = Mail.State.SENT, at, ""
    row.raw = files.store(raw, name="message.eml", media_type="message/rfc822", by=None, at=at)
    row.save(update_fields=["state", "sent_at", "last_error", "raw"])
    trace.record("mail.sent", row, by=None, at=at, bytes=len(raw), refused=len(refused))
    announce_mail(row, what="sent", at=at)
    failed = deliveries_of(refused)
    for one in failed:
        mark_dead(row, one, at)
    if failed:
        refuse(row, failed, at)
    return row


def deliveries_of(refused: Mapping[str, str]) -> list[Delivery]:
    """What a server said at once, as a report would say it later."""
    found = []
    for address, said in refused.items():
        words = said.split()
        status = next((word for word in words[1:2] if word.count(".") == 2), "")
        if said.startswith("5"):
            found.append(Delivery(address.lower(), "failed", status or "5.0.0", said))
    return found


@transaction.atomic
def settle_attempt(*, mail: Mail, reason: str, at: datetime) -> bool:
    """Write that an attempt failed and why; False when it was the last one."""
    row = Mail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    row.attempts += 1
    row.last_error = reason[:300]
    row.save(update_fields=["attempts", "last_error"])
    if row.attempts >= policy.LAST_SENDING:
        settle_failed(mail=row, reason=reason, refused={}, at=at)
        return False
    if row.attempts == 1:
        announce_mail(row, what="delayed", at=at)
    return True


@transaction.atomic
def settle_failed(*, mail: Mail, reason: str, refused: Mapping[str, str], at: datetime) -> Mail:
    """Write that the mail will not leave by itself, and tell whoever wrote it."""
    row = (
        Mail.objects.select_for_update(of=("self",)).select_related("conversation").get(pk=mail.pk)
    )
    row.state, row.last_error = Mail.State.FAILED, reason[:300]
    row.save(update_fields=["state", "last_error"])
    for one in deliveries_of(refused):
        mark_dead(row, one, at)
    trace.record("mail.failed", row, by=None, at=at, reason=reason[:300], attempts=row.attempts)
    if row.conversation is not None:
        details = "; ".join(f"{address} : {said}" for address, said in refused.items())
        text = _("Le courriel « %(subject)s » n’est pas parti : %(reason)s") % {
            "subject": row.subject,
            "reason": f"{reason} {details}".strip(),
        }
        send_message(
            conversation=row.conversation,
            author=Message.Author.SYSTEM,
            body=text[:2000],
            author_label=_("Envoi impossible"),
            # Sent again by hand and refused again, it is told again.
            client_key=f"mail-failed:{row.pk}:{at.isoformat()}",
            by=None,
            at=at,
        )
    announce_mail(row, what="failed", at=at)
    return row
